// Runs the course of `npm run workshop`: it shows the list with the learner's progress, and goes through one scenario after the other.
import type { WorkshopPosition } from './course-list.ts'
import { Chalk } from 'chalk'
import { Command } from 'commander'
import {
  chooseLanguage,
  languages,
  translator,
  type Language,
} from '../../../language/translate.ts'
import type { Dialect } from '../../../scenario/events.ts'
import type { Script } from '../../../workshop/ask/scripted.ts'
import type { Left } from '../../../workshop/dialogue.ts'
import { progressPath, readProgress, updateProgress } from '../../../workshop/progress-file.ts'
import { advance, nextStep, reset } from '../../../workshop/progress.ts'
import { addBackendOptions, inBackendBy, type BackendOptions } from '../../shared/backend.ts'
import { exitCodes, quoted, usageError } from '../../shared/errors.ts'
import type { Terminal } from '../../shared/terminal.ts'
import { loadScenario } from '../catalogue.ts'
import { readAnswers, refuseOptionsOfNpm, runCommandLine } from '../command-line.ts'
import { insideCommand, type Request } from '../request.ts'
import { sandboxAt, sandboxIn, type Message, type Sandbox } from './sandbox.ts'

type Options = BackendOptions & {
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

/** How far the course and the script have come: when the first sandbox does not start, another backend goes on from there. */
type State = { next: WorkshopPosition | null; readonly used: { at: number } }

export function main(args: readonly string[], terminal: Terminal): Promise<number> {
  refuseOptionsOfNpm('workshop', args)
  return runCommandLine<Options>({
    program: command(),
    args,
    terminal,
    act: (name, options) => act(name, options, terminal),
    after: (translate) => translate('Your progress is kept in {file}.', { file: progressPath() }),
  })
}

function command(): Command {
  const program = new Command('npm run workshop --')
    .description('A course in your terminal: the scenarios, one step at a time, with questions.')
    .argument('[name]', 'the name of a scenario; without a name, choose from a list')
  program
    .option(
      '--from <name:step>',
      'begin at this step; the steps before it are applied for you',
      position,
    )
    .option('--by-hand', 'type all commands yourself, in a shell')
    .option('--plain', 'for screen readers: plain lines, no drawings')
    .addOption(
      program
        .createOption('--lang <language>', 'the language; without it, the language of LANG')
        .choices(languages),
    )
    .addOption(
      program
        .createOption('--dialect <dialect>', "today's commands or those of the older tutorials")
        .choices(['ip', 'classic'])
        .default('ip'),
    )
    .option('--script <file>', 'read the answers from a file, one per line')
    .option('--report [file]', 'write your results as JSON and as a page (Markdown)')
    .option('--reset', 'forget the progress of one scenario, or of all')
    .option('--no-color', 'print without colour, as with NO_COLOR')
  return addBackendOptions(program)
}

async function act(
  name: string | undefined,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const { report, plain = false } = options
  if (report !== undefined) {
    const { writeReport } = await import('./report.ts')
    return writeReport(report === true ? null : report, await translated(options), terminal)
  }
  if (options.reset) return forget(name, terminal)
  const begin = await beginning(name, options)
  // A damaged progress file is reported before a sandbox is started.
  readProgress()
  const script = options.script === undefined ? null : await readScript(options.script)
  requireTerminal(options, terminal)
  const state: State = { next: begin, used: { at: 0 } }
  return inBackendBy(
    options,
    terminal,
    (backend) =>
      course(state, {
        options,
        script,
        terminal,
        enter: sandboxIn(backend, plain, terminal.columns),
      }),
    async (backend) =>
      course(state, { options, script, terminal, enter: await sandboxAt(backend, terminal) }),
  )
}

async function beginning(
  name: string | undefined,
  { from }: Options,
): Promise<WorkshopPosition | null> {
  if (name !== undefined && from && name !== from.scenario)
    throw usageError(
      `--from must name the same scenario as the argument, but ${quoted(from.scenario)} and ${quoted(name)} are given`,
    )
  const begin = from ?? (name === undefined ? null : { scenario: name, step: null })
  // An unknown name is reported now.
  if (begin) await loadScenario(begin.scenario)
  return begin
}

async function forget(name: string | undefined, terminal: Terminal): Promise<number> {
  if (name !== undefined) await loadScenario(name)
  updateProgress((progress) => reset(progress, name))
  terminal.write(`netdojo: the progress of ${name ?? 'all scenarios'} is forgotten.\n`)
  return exitCodes.held
}

type Course = {
  readonly options: Options
  readonly script: Script | null
  readonly terminal: Terminal
  readonly enter: Sandbox
}

/** @returns the exit code when the learner leaves. */
async function course(state: State, going: Course): Promise<number> {
  const { options, script, terminal } = going
  const { used } = state
  const translate = await translated(options)
  const color = options.color && terminal.hasColor
  const chalk = new Chalk({ level: color ? 1 : 0 })
  // The menu of @inquirer has no option for colours.
  if (!color) process.env.NO_COLOR = '1'
  const asking = { translate, chalk, plain: options.plain ?? false, script, used, terminal }
  let finished: string | null = null
  for (;;) {
    state.next ??= await (await import('./course-list.ts')).askWhere(asking, finished)
    if (state.next === null) return exitCodes.held
    const { code, left } = await goThrough(state.next, going, used)
    const { scenario } = state.next
    state.next = null
    finished = left === null ? scenario : null
    if (code !== exitCodes.held) return code
    if (left?.to === 'leave') {
      terminal.write(
        `\n${translate('Your progress is kept: npm run workshop continues from here.')}\n`,
      )
      return exitCodes.held
    }
    // The script is at its end.
    if (script && used.at >= script.lines.length) return exitCodes.held
  }
}

async function readScript(file: string): Promise<Script> {
  return { file, lines: (await readAnswers(file)).trimEnd().split('\n') }
}

function translated({ lang }: Options) {
  return translator(chooseLanguage(lang))
}

function requireTerminal({ script, plain }: Options, terminal: Terminal): void {
  if (script !== undefined || plain || (terminal.inputIsTerminal && terminal.outputIsTerminal))
    return
  throw usageError(
    'the workshop needs a terminal on both standard input and output',
    '--plain reads the answers from lines of standard input, --script from a file',
  )
}

function position(text: string): WorkshopPosition {
  const [, scenario, step] = /^([\w-]+)(?::(\d+))?$/.exec(text) ?? []
  if (scenario === undefined || step === '0')
    throw usageError(`--from must be NAME:STEP, such as masquerade:4, not ${quoted(text)}`)
  return { scenario, step: step === undefined ? 1 : Number(step) }
}

type Gone = { readonly code: number; readonly left: Left | null }

/** @returns when the learner leaves the scenario or has finished it; it goes back to earlier steps by itself. */
async function goThrough(
  { scenario, step }: WorkshopPosition,
  going: Course,
  used: State['used'],
): Promise<Gone> {
  let from = step ?? resumeAt(scenario)
  for (;;) {
    const { code, left } = await once(scenario, from, going, used)
    if (code !== exitCodes.held || left?.to !== 'step') return { code, left }
    from = left.step
  }
}

/** The step at which the learner left; a finished scenario begins again. */
function resumeAt(scenario: string): number {
  const { [scenario]: own } = readProgress().scenarios
  return own ? nextStep(own) : 1
}

async function once(
  scenario: string,
  from: number,
  { options, script, terminal, enter }: Course,
  used: State['used'],
): Promise<Gone> {
  const request: Request = {
    kind: 'workshop',
    scenario,
    from,
    byHand: options.byHand ?? false,
    dialect: options.dialect,
    plain: options.plain ?? false,
    color: options.color && terminal.hasColor,
    columns: terminal.columns,
    language: chooseLanguage(options.lang),
    script: script && { ...script, at: used.at },
  }
  const result: { left: Left | null } = { left: null }
  const code = await enter(insideCommand(request), (line) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by learner.ts
    const message = JSON.parse(line) as Message
    if (message.kind === 'progress') updateProgress((progress) => advance(progress, message.update))
    if (message.kind === 'script') used.at = message.at
    if (message.kind === 'left') result.left = message.left
  })
  return { code, left: result.left }
}
