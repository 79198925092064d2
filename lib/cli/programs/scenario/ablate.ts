// Plays a scenario once more without each of its commands (`--ablate`). A command without which no check fails is not needed, and a
// check that holds in all of these runs proves nothing; either makes the exit code 1.
import type { Message } from '../../../language/message.ts'
import { hanging } from '../../../language/wrap.ts'
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
import { leastPatience } from '../../../web/inside/without.ts'
import { exitCodes } from '../../shared/errors.ts'
import { type ManyRuns, atOnce, ofType, runQuietly, whole } from './play-all.ts'

type Style = Pick<ManyRuns, 'chalk' | 'translate'>

/** One line of `--ablate --json`. */
type Row = {
  readonly type: 'command-ablated'
  readonly scenario: string
  readonly dialect: Dialect
  readonly command: number
  readonly node: string
  readonly line: string
  /** The first check that fails without the command, or null. */
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
  backend,
  dialect,
  json,
  chalk,
  translate,
  terminal,
}: ManyRuns): Promise<number> {
  onAbandoned(() => process.exit(exitCodes.interrupted))
  let clean = true
  for (const scenario of names) {
    const events = await runQuietly(whole(scenario, dialect), backend)
    requireHeld(scenario, events)
    const commands = workCommands(events)
    if (!json)
      terminal.write(`${heading(scenario, dialect, commands.length, { chalk, translate })}\n`)
    for await (const line of rows({ scenario, dialect, backend, events })) {
      if (line.type === 'check-vacuous' || line.check === null) clean = false
      terminal.write(`${json ? JSON.stringify(line) : written(line, { chalk, translate })}\n`)
    }
  }
  if (!json) terminal.write(`${summary(clean, { chalk, translate })}\n`)
  return clean ? exitCodes.held : exitCodes.checkFailed
}

async function* rows({
  scenario,
  dialect,
  backend,
  events,
}: {
  readonly scenario: string
  readonly dialect: Dialect
  readonly backend: LocalBackend
  readonly events: readonly ScenarioEvent[]
}): AsyncGenerator<Row | Vacuous> {
  const commands = workCommands(events)
  const unfailed = new Set(ofType(events, 'scenario-ended')[0]?.oneSided)
  const patience = patienceFor(events)
  const plays = (stopAtFailure: boolean) =>
    pMapIterable(
      commands,
      ({ command: without }) =>
        runQuietly({ scenario, dialect, without, patience, stopAtFailure }, backend),
      { concurrency: atOnce(backend) },
    )
  let index = 0
  for await (const run of plays(true)) {
    for (const { check } of failures(run)) unfailed.delete(check)
    const command = commands[index++]
    if (command) yield rowOf(scenario, dialect, command, run)
  }
  // These runs stop at the first failure, and a check after it was not tried: play on until each check has failed once.
  if (unfailed.size === 0) return
  for await (const run of plays(false)) {
    for (const { check } of failures(run)) unfailed.delete(check)
    if (unfailed.size === 0) return
  }
  for (const { check, statement } of ofType(events, 'check-started')) {
    if (unfailed.has(check)) yield { type: 'check-vacuous', scenario, dialect, check, statement }
  }
}

/** Twice the time of the slowest check in the whole run, so that a slow machine does not look like a missing command. */
export function patienceFor(events: readonly ScenarioEvent[]): number {
  const asked = ofType(events, 'check-ended').filter(({ attempts }) => attempts > 1)
  return Math.max(leastPatience, ...asked.map(({ milliseconds }) => 2 * milliseconds))
}

export function workCommands(
  events: readonly ScenarioEvent[],
): (CommandStarted & { command: number })[] {
  return ofType(events, 'command-started').filter(
    (event): event is CommandStarted & { command: number } => event.command !== null,
  )
}

/** The checks that failed after the command was left out; earlier failures have another reason. */
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
    reason: `with all of its commands it must hold, but it fails: ${end?.error ?? failed}`,
    advice: [`npm run scenario ${scenario} shows what fails`],
  })
}

function heading(
  scenario: string,
  dialect: Dialect,
  commands: number,
  { chalk: { bold, cyan, dim }, translate }: Style,
): string {
  const what = translate('{commands} commands ({dialect}), each left out in turn', {
    commands,
    dialect,
  })
  return `\n${bold(cyan(scenario))}  ${dim(what)}`
}

function written(line: Row | Vacuous, { chalk, translate }: Style): string {
  const { bold, dim, green, red } = chalk
  if (line.type === 'check-vacuous') {
    const text = translate(
      "Check {check} holds whichever command is left out: '{statement}'. It proves nothing.",
      { check: line.check, statement: translate(line.statement) },
    )
    return hanging(red(`✗ ${text}`), 2, 4).join('\n')
  }
  const number = dim(String(line.command).padStart(3))
  const command = `${number}  ${green(`${line.node}$`)} ${bold(line.line.split('\n')[0])}`
  return [command, ...hanging(firstFailure(line, { chalk, translate }), 5, 7)].join('\n')
}

function firstFailure({ statement, observed }: Row, { chalk, translate }: Style): string {
  if (statement === null || observed === null)
    return chalk.red(`✗ ${translate('Without this command, no check fails: nothing needs it.')}`)
  const text = translate("Without this command, '{statement}' fails: {observed}", {
    statement: translate(statement),
    observed,
  })
  return `✓ ${text}`
}

function summary(clean: boolean, { chalk: { green, red }, translate }: Style): string {
  return clean
    ? green(`\n✓ ${translate('Every command is needed: without it, at least one check fails.')}`)
    : red(`\n✗ ${translate('A command is not needed, or a check proves nothing: see above.')}`)
}
