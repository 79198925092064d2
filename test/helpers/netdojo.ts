// Runs netdojo's programs as npm does, and returns what they wrote.
import { join } from 'node:path'
import { run, type ProgramResult } from '../../lib/exec/run.ts'
import type { ScenarioEvent } from '../../lib/scenario/events.ts'

const root = join(import.meta.dirname, '../..')
const start = join(root, 'lib/cli/start.js')

export type RunOptions = {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
}

/** `npm run PROGRAM -- ARGS`, without npm. */
export function netdojo(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ProgramResult> {
  return run(process.execPath, [start, program, ...args], { ...options, allowFailure: true })
}

/** The events of `npm run scenario -- ARGS --json`. */
export async function eventsOf(args: readonly string[]): Promise<ScenarioEvent[]> {
  const { stdout, stderr } = await netdojo('scenario', [...args, '--json'])
  if (stdout === '') throw new Error(`no events: ${stderr}`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the test checks the fields that it uses
  return stdout.split('\n').map((line) => JSON.parse(line) as ScenarioEvent)
}

/** The command line of `npm run PROGRAM -- ARGS`, for a shell. */
export function commandLine(program: string, args: string): string {
  return `${process.execPath} ${start} ${program} ${args}`
}
