// Plays scenarios for `npm run scenario`: it lists them, plays one, plays all, or plays one again without each of its commands.
import { resolve } from 'node:path'
import { Chalk } from 'chalk'
import { Command, InvalidArgumentError } from 'commander'
import {
  chooseLanguage,
  languages,
  translator,
  type Language,
  type Translate,
} from '../../../language/translate.ts'
import type { LocalBackend } from '../../../sandbox/backend.ts'
import { enter } from '../../../sandbox/enter.ts'
import { addBackendOptions, inBackend, type BackendOptions } from '../../shared/backend.ts'
import { exitCodes, quoted, usageError } from '../../shared/errors.ts'
import type { Terminal } from '../../shared/terminal.ts'
import { loadScenario, playableScenarios, scenarioNames } from '../catalogue.ts'
import { refuseOptionsOfNpm, runCommandLine } from '../command-line.ts'
import { hasColor, insideCommand, toPlayRequest, type PlayOptions } from '../request.ts'

type Options = BackendOptions &
  PlayOptions & {
    readonly all?: true
    readonly ablate?: true
    readonly lang?: Language
  }

export function main(args: readonly string[], terminal: Terminal): Promise<number> {
  refuseOptionsOfNpm('scenario', args)
  return runCommandLine<Options>({
    program: command(),
    args,
    terminal,
    act: (name, options) => act(name, options, args, terminal),
    after: (translate) =>
      translate(
        'Exit codes: 0 all checks hold, 1 a check failed, 2 wrong usage, 3 the lab could not run.',
      ),
  })
}

function command(): Command {
  const program = new Command('npm run scenario --')
    .description('Plays a scenario on the real kernel, in a sandbox that leaves nothing behind.')
    .argument('[name]', 'the name of a scenario; without a name, list all scenarios')
  program
    .option('--all', 'play all scenarios and print one table')
    .option('--ablate', 'play it again without each command, and show which check fails')
    .addOption(
      program
        .createOption('--dialect <dialect>', "today's commands or those of the older tutorials")
        .choices(['ip', 'classic'])
        .default('ip'),
    )
    .option('--without <n>', 'leave out the command with this number', commandNumber)
    .option('--step', 'wait for Enter before each step')
    .option('--keep', 'open a root shell in the sandbox at the first failure or at the end')
    .option('--verbose', 'show the output of every command and check')
    .option('--capture', 'show every packet on every interface of all nodes')
    .option('--pcap <file>', 'write every packet to a file for Wireshark')
    .option('--record <file>', 'write a recording of the run for the page (npm run web)')
    .option('--diff', 'after each step, show what it changed in the kernel')
    .option('--topology', 'after each step that changes the network, draw the network')
    .option('--json', 'print one JSON event per line (docs/events.md)')
    .addOption(
      program
        .createOption('--lang <language>', 'the language; without it, the language of LANG')
        .choices(languages),
    )
    .option('--no-color', 'print without colour, as with NO_COLOR')
  return addBackendOptions(program)
}

async function act(
  name: string | undefined,
  options: Options,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  refuseContradictions(name, options, terminal)
  const chalk = new Chalk({ level: hasColor(options, terminal) ? 1 : 0 })
  const language = chooseLanguage(options.lang)
  const translate = await translator(language)
  const one = name === undefined ? undefined : await playable(name)
  if (name === undefined && !options.ablate && !options.all) return list(terminal, chalk, translate)
  // A remote backend does not get our environment.
  const words = language === 'en' ? args : [...args, '--lang', language]
  return inBackend(options, ['scenario', ...words], terminal, async (backend) => {
    const { ablate, all, dialect, json = false } = options
    if (!ablate && !all) return playOne(one ?? '', options, { language, backend, terminal })
    const { names, leftOut } =
      one === undefined ? await playableScenarios() : { names: [one], leftOut: [] }
    for (const each of leftOut) terminal.writeError(`netdojo: ${translate(each)}\n`)
    const runs = { names, backend, dialect, json, chalk, translate, terminal }
    if (ablate) return (await import('./ablate.ts')).ablate(runs)
    return (await import('./play-all.ts')).playAll(runs)
  })
}

/** @returns the name, or the absolute path of a file: the sandbox may have another working directory. */
async function playable(name: string): Promise<string> {
  await loadScenario(name)
  return name.includes('/') ? resolve(name) : name
}

function playOne(
  name: string,
  options: Options,
  where: {
    readonly language: Language
    readonly backend: LocalBackend
    readonly terminal: Terminal
  },
): Promise<number> {
  return enter(insideCommand(toPlayRequest(name, options, where)), where.backend)
}

async function list(
  terminal: Terminal,
  chalk: InstanceType<typeof Chalk>,
  translate: Translate,
): Promise<number> {
  const widest = Math.max(...scenarioNames.map((name) => name.length))
  const scenarios = await Promise.all(scenarioNames.map(loadScenario))
  for (const { name, title } of scenarios)
    terminal.write(`  ${chalk.cyan(name.padEnd(widest))}  ${translate(title)}\n`)
  const play = translate('Play one: npm run scenario veth-pair')
  const help = translate('All options: npm run scenario -- --help')
  terminal.write(`${chalk.dim(`\n${play}\n${help}`)}\n`)
  return exitCodes.held
}

function refuseContradictions(
  name: string | undefined,
  options: Options,
  { inputIsTerminal }: Terminal,
): void {
  const { all = false, ablate = false, step = false, keep = false, json = false } = options
  const { capture = false, diff = false, topology = false, pcap, record, without } = options
  if (all && name !== undefined)
    throw usageError(`--all plays every scenario and takes no name, but ${quoted(name)} is given`)
  if (ablate && !all && name === undefined)
    throw usageError('--ablate needs the name of a scenario, or --all')
  const forOne = Object.entries({
    '--step': step,
    '--keep': keep,
    '--without': without !== undefined,
    '--capture': capture,
    '--pcap': pcap !== undefined,
    '--record': record !== undefined,
    '--diff': diff,
    '--topology': topology,
  }).find(([, given]) => given)?.[0]
  if ((all || ablate) && forOne !== undefined)
    throw usageError(
      `${forOne} is for the run of one scenario; ${all ? '--all' : '--ablate'} plays many runs`,
    )
  if (json && diff) throw usageError('--json always contains what --diff shows: leave --diff away')
  if (json && (step || keep))
    throw usageError(`--json cannot be used with ${step ? '--step' : '--keep'}`)
  if ((step || keep) && !inputIsTerminal)
    throw usageError(`${step ? '--step' : '--keep'} needs a terminal on standard input`)
}

function commandNumber(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('must be the number of a command, from 1 to 9999')
}
