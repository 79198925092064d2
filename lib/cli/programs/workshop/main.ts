// `npm run workshop`: the course list with the learner's progress, and from it into one scenario after the other.
import { Chalk } from 'chalk'
import { Command, Option } from 'commander'
import { NetdojoError } from '../../../errors.ts'
import { chooseLanguage } from '../../../language/choose.ts'
import { type Language, languages, translator } from '../../../language/translate.ts'
import type { Dialect } from '../../../scenario/events.ts'
import type { Script } from '../../../workshop/ask/scripted.ts'
import type { Left } from '../../../workshop/dialogue.ts'
import { progressPath, readProgress, updateProgress } from '../../../workshop/progress-file.ts'
import { advance, reset } from '../../../workshop/progress.ts'
import { type PlaceOptions, inPlaceBy, placeOptions } from '../../shared/backend.ts'
import { exitCodes } from '../../shared/errors.ts'
import { wantsColor } from '../../shared/terminal.ts'
import { loadScenario } from '../catalogue.ts'
import { prepareHelp, refuseOptionsOfNpm } from '../command-line.ts'
import { type Request, insideCommand } from '../request.ts'
import { type Message, type Sandbox, sandboxIn } from './sandbox.ts'

export type Options = PlaceOptions & {
  readonly from?: WorkshopPosition
  readonly byHand?: true
  readonly dialect: Dialect
  readonly plain?: true
  readonly lang?: Language
  readonly script?: string
  readonly report?: string | true
  readonly reset?: true
  readonly color: boolean
}

/** Where to begin: a scenario, and one of its steps. */
export type WorkshopPosition = { readonly scenario: string; readonly step: number | null }

/** What is next, and what of the script is said: another sandbox goes on from there, where the first one is refused. */
type Way = { next: WorkshopPosition | null; readonly said: { at: number } }

export async function main(args: readonly string[]): Promise<number> {
  refuseOptionsOfNpm('workshop', args)
  let code: number = exitCodes.held
  const program = command(async (name, options) => {
    code = await act(name, options)
  })
  await prepareHelp(program, args, (translate) =>
    translate('Your progress is kept in {file}.', { file: progressPath() }),
  )
  await program.parseAsync(args, { from: 'user' })
  return code
}

function command(action: (name: string | undefined, options: Options) => Promise<void>): Command {
  const program = new Command('npm run workshop --')
    .description('A course in your terminal: the scenarios, one step at a time, with questions.')
    .argument('[name]', 'the scenario to go through; without one, the list of all')
    .addOption(
      new Option('--from <name:step>', 'begin there; the steps before are rebuilt').argParser(
        position,
      ),
    )
    .addOption(new Option('--by-hand', 'type all commands yourself, in a shell'))
    .addOption(new Option('--plain', 'for screen readers: lines to read and to type, no drawings'))
    .addOption(
      new Option('--lang <language>', 'the language; without it, that of LANG').choices(languages),
    )
    .addOption(
      new Option('--dialect <dialect>', "today's commands or those of the older tutorials")
        .choices(['ip', 'classic'])
        .default('ip'),
    )
    .addOption(new Option('--script <file>', 'take the answers from a file, one a line'))
    .addOption(
      new Option('--report [file]', 'write your results: JSON, and a page to read (Markdown)'),
    )
    .addOption(new Option('--reset', 'forget the progress: of one scenario, or of all'))
    .addOption(new Option('--no-color', 'no colour; so does NO_COLOR'))
  for (const option of placeOptions()) program.addOption(option)
  return program
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'netdojo: ')) })
    .showHelpAfterError('(npm run workshop -- --help lists the options)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.held : exitCodes.usage))
    .action(action)
}

async function act(name: string | undefined, options: Options): Promise<number> {
  if (options.report !== undefined) {
    const { writeReport } = await import('./report.ts')
    return writeReport(options.report === true ? null : options.report, await translated(options))
  }
  if (options.reset) return forget(name)
  const begin = await beginning(name, options)
  // Before a sandbox is started: a file that cannot be understood is the learner's first to know of.
  readProgress()
  const script = options.script === undefined ? null : await readScript(options.script)
  requireTerminal(options)
  const way: Way = { next: begin, said: { at: 0 } }
  return inPlaceBy(
    options,
    (place) => course(way, options, script, sandboxIn(place, options.plain ?? false)),
    async (place) => {
      const { sandboxAt } = await import('./sandbox.ts')
      return course(way, options, script, await sandboxAt(place))
    },
  )
}

async function beginning(
  name: string | undefined,
  { from }: Options,
): Promise<WorkshopPosition | null> {
  if (name !== undefined && from && name !== from.scenario)
    throw usage(`--from ${from.scenario} begins another scenario than ${name}`)
  const begin = from ?? (name === undefined ? null : { scenario: name, step: null })
  // A name that is none is answered now.
  if (begin) await loadScenario(begin.scenario)
  return begin
}

async function forget(name: string | undefined): Promise<number> {
  if (name !== undefined) await loadScenario(name)
  updateProgress((progress) => reset(progress, name))
  console.log(`netdojo: forgot the progress of ${name ?? 'all scenarios'}.`)
  return exitCodes.held
}

/** @returns the exit code when the learner leaves. */
async function course(
  way: Way,
  options: Options,
  script: Script | null,
  enter: Sandbox,
): Promise<number> {
  const translate = await translated(options)
  const chalk = new Chalk({ level: wantsColor(options.color) ? 1 : 0 })
  if (!wantsColor(options.color)) process.env.NO_COLOR = '1'
  const { said } = way
  const asking = { translate, chalk, plain: options.plain ?? false, script, said }
  const going = { options, script, said, enter }
  for (;;) {
    way.next ??= await (await import('./course-list.ts')).askWhere(asking)
    if (way.next === null) return exitCodes.held
    const { code, left } = await goThrough(way.next, going)
    way.next = null
    if (code !== exitCodes.held) return code
    if (left?.to === 'leave') {
      console.log(`\n${translate('Your progress is kept: npm run workshop continues from here.')}`)
      return exitCodes.held
    }
    // A script that has said all that it has to say.
    if (script && said.at >= script.lines.length) return exitCodes.held
  }
}

async function readScript(file: string): Promise<Script> {
  const { readFileSync } = await import('node:fs')
  try {
    return { file, lines: readFileSync(file, 'utf8').trimEnd().split('\n') }
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error))
  }
}

function translated({ lang }: Options) {
  return translator(chooseLanguage(lang))
}

function requireTerminal({ script, plain }: Options): void {
  if (script !== undefined || plain || (process.stdin.isTTY && process.stdout.isTTY)) return
  throw usage('it asks questions, and there is no terminal: --plain reads lines, --script a file')
}

function position(text: string): WorkshopPosition {
  const [, scenario, step] = /^([\w-]+)(?::(\d+))?$/.exec(text) ?? []
  if (scenario === undefined || step === '0')
    throw usage(`--from takes a scenario and a step, as masquerade:4; not '${text}'`)
  return { scenario, step: step === undefined ? 1 : Number(step) }
}

/** Without the two dashes npm takes our options for its own, and we would not know of them. */
function usage(reason: string): NetdojoError {
  return new NetdojoError({ code: 'usage', operation: 'begin', object: 'the workshop', reason })
}

export type Going = {
  readonly options: Options
  readonly script: Script | null
  /** How many lines of the script are said. */
  readonly said: { at: number }
  readonly enter: Sandbox
}

export type Gone = { readonly code: number; readonly left: Left | null }

/** @returns when the learner leaves it, or has come to its end; from a step to be done again it goes on by itself. */
export async function goThrough({ scenario, step }: WorkshopPosition, going: Going): Promise<Gone> {
  let from = step ?? resumeAt(scenario)
  for (;;) {
    const { code, left } = await once(scenario, from, going)
    if (code !== exitCodes.held || left?.to !== 'step') return { code, left }
    from = left.step
  }
}

/** Where it was left; a scenario that was finished begins anew. */
function resumeAt(scenario: string): number {
  return readProgress().scenarios[scenario]?.next ?? 1
}

async function once(scenario: string, from: number, going: Going): Promise<Gone> {
  const told: { left: Left | null } = { left: null }
  const inside = insideCommand(requestFor(scenario, from, going))
  const code = await going.enter(inside, (line) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by our own other half, see outside.ts
    const message = JSON.parse(line) as Message
    if (message.kind === 'progress') updateProgress((progress) => advance(progress, message.update))
    if (message.kind === 'script') going.said.at = message.at
    if (message.kind === 'left') told.left = message.left
  })
  return { code, left: told.left }
}

function requestFor(scenario: string, from: number, { options, script, said }: Going): Request {
  return {
    kind: 'workshop',
    scenario,
    from,
    byHand: options.byHand ?? false,
    dialect: options.dialect,
    plain: options.plain ?? false,
    color: wantsColor(options.color),
    language: chooseLanguage(options.lang),
    script: script && { ...script, at: said.at },
  }
}
