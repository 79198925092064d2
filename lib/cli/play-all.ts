// `--all`: every scenario in a sandbox of its own, and one table.
import type { ChalkInstance } from 'chalk'
import { pMapIterable } from 'p-map'
import { onAbandoned } from '../exec/abandoned.ts'
import type { Translate } from '../language/translate.ts'
import type { NearPlace } from '../sandbox/place.ts'
import type { Dialect, ScenarioEnded } from '../scenario/events.ts'
import { usualPatience } from '../scenario/play.ts'
import { exitCodes } from './exit-codes.ts'
import { atOnce, ofType, runQuietly } from './run-quietly.ts'

export type ManyRuns = {
  readonly names: readonly string[]
  readonly place: NearPlace
  readonly dialect: Dialect
  readonly json: boolean
  readonly chalk: ChalkInstance
  readonly say: Translate
}

/** @returns the exit code: the worst of all. */
export async function playAll({ names, place, dialect, json, chalk }: ManyRuns): Promise<number> {
  onAbandoned(() => process.exit(exitCodes.interrupted))
  const { bold, dim } = chalk
  const runs = pMapIterable(
    names,
    // Only a reader of the events has a use for what each step changes.
    (scenario) => runQuietly({ ...whole(scenario, dialect), difference: json }, place),
    { concurrency: atOnce(place) },
  )
  let code: number = exitCodes.held
  let scenario = 0
  for await (const events of runs) {
    // Not before the first has ended: where no sandbox can be started, another place may be chosen.
    if (scenario === 0 && !json)
      console.log(bold(columns('scenario', 'checks', 'commands', 'time')))
    const name = names[scenario++] ?? ''
    const end = ofType(events, 'scenario-ended')[0]
    code = Math.max(code, codeOf(end))
    if (json) for (const event of events) console.log(JSON.stringify(event))
    else console.log(row(name, end, chalk))
    for (const failure of json ? [] : ofType(events, 'check-ended').filter(({ holds }) => !holds)) {
      console.log(dim(`    check ${failure.check}: ${failure.observed}`))
    }
  }
  return code
}

/** The request for a scenario with all of its commands. */
export function whole(scenario: string, dialect: Dialect) {
  return { scenario, dialect, without: null, patience: usualPatience, stopAtFailure: false }
}

function row(
  name: string,
  end: ScenarioEnded | undefined,
  { dim, green, red }: ChalkInstance,
): string {
  if (!end) return red(`✗ ${name}: ended without a result`)
  const { checks, failed, commands, at, outcome, error } = end
  const numbers = columns(
    name,
    `${checks - failed}/${checks}`,
    String(commands),
    `${(at / 1000).toFixed(1)} s`,
  )
  if (outcome === 'held') return green('✓') + numbers.slice(1)
  return [red('✗') + red(numbers.slice(1)), ...(error ? [dim(error)] : [])].join('\n')
}

function columns(name: string, checks: string, commands: string, time: string): string {
  return `  ${name.padEnd(16)}${checks.padStart(8)}${commands.padStart(11)}${time.padStart(9)}`
}

function codeOf(end: ScenarioEnded | undefined): number {
  if (!end || end.outcome === 'broken') return exitCodes.labBroken
  return end.outcome === 'held' ? exitCodes.held : exitCodes.checkFailed
}
