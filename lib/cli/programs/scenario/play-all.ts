// Plays scenarios without a reader, each in a sandbox of its own, and prints one table for `--all`.
import { availableParallelism } from 'node:os'
import type { ChalkInstance } from 'chalk'
import { pMapIterable } from 'p-map'
import { displayWidth } from '../../../language/wrap.ts'
import { onAbandoned } from '../../../exec/abandoned.ts'
import type { Translate } from '../../../language/translate.ts'
import type { LocalBackend } from '../../../sandbox/backend.ts'
import { enterQuietly } from '../../../sandbox/enter.ts'
import type { Dialect, ScenarioEnded, ScenarioEvent } from '../../../scenario/events.ts'
import { usualPatience } from '../../../scenario/play.ts'
import { exitCodes } from '../../shared/errors.ts'
import type { Terminal } from '../../shared/terminal.ts'
import { type PlayRequest, insideCommand, patienceIn } from '../request.ts'

export type ManyRuns = {
  readonly names: readonly string[]
  readonly backend: LocalBackend
  readonly dialect: Dialect
  readonly json: boolean
  readonly chalk: ChalkInstance
  readonly translate: Translate
  readonly terminal: Terminal
}

/** @returns the worst exit code. */
export async function playAll({
  names,
  backend,
  dialect,
  json,
  chalk,
  translate,
  terminal,
}: ManyRuns): Promise<number> {
  onAbandoned(() => process.exit(exitCodes.interrupted))
  const { bold, dim } = chalk
  const runs = pMapIterable(
    names,
    (scenario) =>
      runQuietly(
        { ...whole(scenario, dialect), patience: patienceIn(backend), difference: json },
        backend,
      ),
    { concurrency: atOnce(backend) },
  )
  let code: number = exitCodes.held
  let scenario = 0
  for await (const events of runs) {
    // The headings wait for the first run: if no sandbox starts, another backend may be chosen.
    if (scenario === 0 && !json)
      terminal.write(
        `${bold(
          columns(
            translate('scenario'),
            translate('checks'),
            translate('commands'),
            translate('time'),
          ),
        )}\n`,
      )
    const name = names[scenario++] ?? ''
    const end = ofType(events, 'scenario-ended')[0]
    code = Math.max(code, codeOf(end))
    if (json) for (const event of events) terminal.write(`${JSON.stringify(event)}\n`)
    else terminal.write(`${row(name, end, chalk, translate)}\n`)
    for (const failure of json ? [] : ofType(events, 'check-ended').filter(({ holds }) => !holds)) {
      terminal.write(
        `${dim(`    ${translate('check {check}: {observed}', { check: failure.check, observed: failure.observed })}`)}\n`,
      )
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
  translate: Translate,
): string {
  if (!end) return red(`✗ ${translate('{name}: ended without a result', { name })}`)
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
  const pad = (text: string, width: number) => ' '.repeat(Math.max(0, width - displayWidth(text)))
  const [first, second, third] = [pad(name, 22), pad(checks, 8), pad(commands, 11)]
  return `  ${name}${first}${second}${checks}${third}${commands}${pad(time, 9)}${time}`
}

function codeOf(end: ScenarioEnded | undefined): number {
  if (!end || end.outcome === 'broken') return exitCodes.labBroken
  return end.outcome === 'held' ? exitCodes.held : exitCodes.checkFailed
}

/** The most bytes of memory that a sandbox with its programs takes. */
const memoryOfOne = 300 * 2 ** 20

/**
 * The number of sandboxes at once. A scenario waits for the network about as long as it computes; a small virtual machine
 * lacks the memory for more. `here` has room for one: names of devices are taken only once.
 */
export function atOnce(backend: LocalBackend): number {
  if (backend === 'here') return 1
  const fitting = Math.floor(process.availableMemory() / memoryOfOne)
  return (
    Number(process.env.NETDOJO_AT_ONCE) ||
    Math.max(1, Math.min(availableParallelism() * 3, fitting))
  )
}

/** @throws NetdojoError when the sandbox cannot be started. */
export async function runQuietly(
  request: Pick<PlayRequest, 'scenario' | 'dialect' | 'without' | 'patience' | 'stopAtFailure'> & {
    /** Whether the events contain the changes of each step. */
    readonly difference?: boolean
    readonly record?: string
  },
  backend: LocalBackend = 'namespaces',
): Promise<ScenarioEvent[]> {
  const events: ScenarioEvent[] = []
  const reading = {
    json: true,
    color: false,
    verbose: false,
    keep: false,
    step: false,
    capture: false,
    pcap: null,
    record: null,
  }
  const looking = { difference: false, topology: false, columns: 80, language: 'en' as const }
  const read = (line: string) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by inside.ts
    events.push(JSON.parse(line) as ScenarioEvent)
  }
  const command = insideCommand({ kind: 'play', ...reading, ...looking, ...request })
  await enterQuietly(command, read, backend)
  return events
}

/** The events of one kind. */
export function ofType<Type extends ScenarioEvent['type']>(
  events: readonly ScenarioEvent[],
  type: Type,
): Extract<ScenarioEvent, { readonly type: Type }>[] {
  return events.filter(
    (event): event is Extract<ScenarioEvent, { readonly type: Type }> => event.type === type,
  )
}
