// `--ablate`: plays a scenario once more without each of its commands. A command that no check misses is dead, and a
// check that fails in none of these runs is vacuous; either makes the exit code 1.
import type { Message } from '../../../language/message.ts'
import { pMapIterable } from 'p-map'
import { NetdojoError } from '../../../errors.ts'
import { onAbandoned } from '../../../exec/abandoned.ts'
import type { LocalBackend } from '../../../sandbox/backend.ts'
import type {
  CheckEnded,
  CheckStarted,
  CommandStarted,
  Dialect,
  ScenarioEvent,
} from '../../../scenario/events.ts'
import { usualPatience } from '../../../scenario/play.ts'
import { exitCodes } from '../../shared/errors.ts'
import { type ManyRuns, atOnce, ofType, runQuietly, whole } from './play-all.ts'

// Many checks of these runs fail, and one that fails takes all its patience.
const leastPatience = usualPatience / 10

type Speech = Pick<ManyRuns, 'chalk' | 'translate'>

/** One line of `--ablate --json`. */
type Row = {
  readonly type: 'command-ablated'
  readonly scenario: string
  readonly dialect: Dialect
  readonly command: number
  readonly node: string
  readonly line: string
  /** The first check that notices, or null. */
  readonly check: number | null
  readonly statement: string | null
  readonly observed: Message | null
}

type Vacuous = {
  readonly type: 'check-vacuous'
  readonly scenario: string
  readonly dialect: Dialect
  readonly check: number
  readonly statement: string
}

/** @returns the exit code. */
export async function ablate({
  names,
  place,
  dialect,
  json,
  chalk,
  translate,
}: ManyRuns): Promise<number> {
  onAbandoned(() => process.exit(exitCodes.interrupted))
  let clean = true
  for (const scenario of names) {
    const events = await runQuietly(whole(scenario, dialect), place)
    requireHeld(scenario, events)
    const commands = workCommands(events)
    if (!json) console.log(heading(scenario, dialect, commands.length, { chalk, translate }))
    for await (const line of rows({ scenario, dialect, place, events })) {
      if (line.type === 'check-vacuous' || line.check === null) clean = false
      console.log(json ? JSON.stringify(line) : written(line, { chalk, translate }))
    }
  }
  if (!json) console.log(summary(clean, { chalk, translate }))
  return clean ? exitCodes.held : exitCodes.checkFailed
}

async function* rows({
  scenario,
  dialect,
  place,
  events,
}: {
  readonly scenario: string
  readonly dialect: Dialect
  readonly place: LocalBackend
  readonly events: readonly ScenarioEvent[]
}): AsyncGenerator<Row | Vacuous> {
  const commands = workCommands(events)
  const unfailed = new Set(ofType(events, 'scenario-ended')[0]?.oneSided)
  const patience = patienceFor(events)
  const plays = (stopAtFailure: boolean) =>
    pMapIterable(
      commands,
      ({ command: without }) =>
        runQuietly({ scenario, dialect, without, patience, stopAtFailure }, place),
      { concurrency: atOnce(place) },
    )
  let index = 0
  for await (const run of plays(true)) {
    for (const { check } of failures(run)) unfailed.delete(check)
    const command = commands[index++]
    if (command) yield rowOf(scenario, dialect, command, run)
  }
  // A check may fail only after another has, where those runs had ended: let runs go on until each has failed once.
  if (unfailed.size === 0) return
  for await (const run of plays(false)) {
    for (const { check } of failures(run)) unfailed.delete(check)
    if (unfailed.size === 0) return
  }
  for (const { check, statement } of ofType(events, 'check-started')) {
    if (unfailed.has(check)) yield { type: 'check-vacuous', scenario, dialect, check, statement }
  }
}

/** As much as the slowest check of the whole run needed, twice: a slow machine is not mistaken for a missing command. */
function patienceFor(events: readonly ScenarioEvent[]): number {
  const asked = ofType(events, 'check-ended').filter(({ attempts }) => attempts > 1)
  return Math.max(leastPatience, ...asked.map(({ milliseconds }) => 2 * milliseconds))
}

function workCommands(events: readonly ScenarioEvent[]): (CommandStarted & { command: number })[] {
  return ofType(events, 'command-started').filter(
    (event): event is CommandStarted & { command: number } => event.command !== null,
  )
}

/** The checks that failed once the command was left out: what failed before has another reason. */
function failures(events: readonly ScenarioEvent[]): CheckEnded[] {
  const leftOut = events.findIndex((event) => event.type === 'command-started' && event.skipped)
  return ofType(events.slice(leftOut), 'check-ended').filter(({ holds }) => !holds)
}

function rowOf(
  scenario: string,
  dialect: Dialect,
  { command, node, line }: CommandStarted & { command: number },
  events: readonly ScenarioEvent[],
): Row {
  const noticed = failures(events)[0]
  const asked: CheckStarted | undefined = ofType(events, 'check-started').find(
    ({ check }) => check === noticed?.check,
  )
  return {
    type: 'command-ablated',
    scenario,
    dialect,
    command,
    node,
    line,
    check: noticed?.check ?? null,
    statement: asked?.statement ?? null,
    observed: noticed?.observed ?? null,
  }
}

function requireHeld(scenario: string, events: readonly ScenarioEvent[]): void {
  const end = ofType(events, 'scenario-ended')[0]
  if (end?.outcome === 'held') return
  const failed = ofType(events, 'check-ended')
    .filter(({ holds }) => !holds)
    .map(({ check, observed }) => `check ${check}: ${observed.text}`)
    .join('; ')
  throw new NetdojoError({
    code: 'program-failed',
    operation: 'ablate',
    object: `the scenario '${scenario}'`,
    reason: `it does not hold with all of its commands: ${end?.error ?? failed}`,
    advice: [`npm run scenario ${scenario} shows what fails`],
  })
}

function heading(
  scenario: string,
  dialect: Dialect,
  commands: number,
  { chalk: { bold, cyan, dim }, translate }: Speech,
): string {
  const what = translate('{commands} commands, dialect {dialect}: left out, one at a time', {
    commands,
    dialect,
  })
  return `\n${bold(cyan(scenario))}  ${dim(what)}`
}

function written(line: Row | Vacuous, { chalk, translate }: Speech): string {
  const { bold, dim, green, red } = chalk
  if (line.type === 'check-vacuous') {
    const { check, statement } = line
    const what = translate('check {check} never fails, whatever is left out', { check })
    return red(`  ✗ ${what}: ${translate(statement)}`)
  }
  const command = `${dim(String(line.command).padStart(3))}  ${green(`${line.node}$`)} ${bold(line.line.split('\n')[0])}`
  if (line.check === null) return `${command}\n     ${red(`✗ ${translate('no check notices')}`)}`
  return `${command}\n     ✓ ${translate(line.statement ?? '')}\n       ${dim(line.observed ? translate(line.observed) : '')}`
}

function summary(clean: boolean, { chalk: { green, red }, translate }: Speech): string {
  return clean
    ? green(`\n✓ ${translate('every command is missed by a check, and every check can fail')}`)
    : red(`\n✗ ${translate('a command is missed by no check, or a check cannot fail')}`)
}
