// Names the scenarios that can be played on this machine, and prints one line for each that cannot be.
import * as assert from 'uvu/assert'
import { playableScenarios, scenarioNames } from '../../lib/cli/programs/catalogue.ts'

const { names, leftOut } = await playableScenarios()
for (const { text } of leftOut) console.log(`not run: ${text}`)

export const playedHere: readonly string[] = names

/** @param output of `--all`: all scenarios hold; where a program is missing, a line says which one is left out. */
export function allHeld(output: string): void {
  for (const name of scenarioNames)
    assert.match(
      output,
      new RegExp(
        `✓ ${name} +(\\d+)/\\1 |^netdojo: ${name} is left out: it needs the program `,
        'm',
      ),
    )
}
