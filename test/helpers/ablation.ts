// Defines one test per scenario: `--ablate` finds no command that every check misses, and no check that cannot fail.
import * as assert from 'uvu/assert'
import type { Dialect } from '../../lib/scenario/events.ts'
import { long } from './long.ts'
import { netdojo } from './netdojo.ts'
import { playedHere } from './playable.ts'
import { suite } from './suite.ts'

/** The commands of these scenarios have no older spelling, so both dialects are the same. */
export const withoutClassic: readonly string[] = ['bitmap-ipam', 'overlay-network']

// Each scenario is played some twenty times: all of them take minutes.
const slowOnes: Readonly<Record<Dialect, readonly string[]>> = {
  ip: ['veth-pair', 'bridge-nat'],
  classic: ['veth-pair'],
}

export function ablationHolds(dialect: Dialect): void {
  suite(`ablate ${dialect}`, (_, slow) => {
    for (const name of long ? playedHere : slowOnes[dialect]) {
      if (dialect === 'classic' && withoutClassic.includes(name)) continue
      slow(
        name,
        async () => {
          const args = [name, '--ablate', '--dialect', dialect, '--no-color']
          const { exitCode, stdout, stderr } = await netdojo('scenario', args)
          assert.is(exitCode, 0, `${stdout}${stderr}`)
          assert.match(stdout, /Every command is needed: without it, at least one check fails\./)
        },
        { seconds: 600 },
      )
    }
  })
}
