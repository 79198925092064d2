// `npm run scenario`: lists the scenarios, or plays one, all of them, or one again without each of its commands.
import { Chalk, type ChalkInstance } from 'chalk'
import { Command, InvalidArgumentError, Option } from 'commander'
import { NetdojoError } from '../../../errors.ts'
import { chooseLanguage } from '../../../language/choose.ts'
import {
  type Language,
  type Translate,
  languages,
  translator,
} from '../../../language/translate.ts'
import type { LocalBackend } from '../../../sandbox/backend.ts'
import { enter } from '../../../sandbox/enter.ts'
import { type PlaceOptions, inPlace, placeOptions } from '../../shared/backend.ts'
import { exitCodes } from '../../shared/errors.ts'
import { loadScenario, scenarioNames } from '../catalogue.ts'
import { prepareHelp, refuseOptionsOfNpm } from '../command-line.ts'
import { type PlayOptions, hasColor, insideCommand, toPlayRequest } from '../request.ts'

type Options = PlaceOptions &
  PlayOptions & {
    readonly all?: true
    readonly ablate?: true
    readonly lang?: Language
  }

type Speech = {
  readonly chalk: ChalkInstance
  readonly translate: Translate
  readonly language: Language
}

export async function main(args: readonly string[]): Promise<number> {
  refuseOptionsOfNpm('scenario', args)
  let code: number = exitCodes.held
  const program = command(async (name, options) => {
    code = await act(name, options, args)
  })
  await prepareHelp(program, args, (translate) =>
    translate('Exit codes: 0 all checks hold, 1 a check failed, 2 usage, 3 the lab could not run.'),
  )
  await program.parseAsync(args, { from: 'user' })
  return code
}

function command(action: (name: string | undefined, options: Options) => Promise<void>): Command {
  const program = new Command('npm run scenario --')
    .description('Plays a scenario on the real kernel, in a sandbox that leaves nothing behind.')
    .argument('[name]', 'the scenario; without one, lists them all')
    .addOption(new Option('--all', 'play all of them and print one table'))
    .addOption(
      new Option('--ablate', 'play it once more without each command: which check notices?'),
    )
    .addOption(
      new Option('--dialect <dialect>', "today's commands or those of the older tutorials")
        .choices(['ip', 'classic'])
        .default('ip'),
    )
    .addOption(
      new Option('--without <n>', 'leave out the command with this number').argParser(toNumber),
    )
    .addOption(new Option('--step', 'wait for Enter before each step'))
    .addOption(
      new Option('--keep', 'open a root shell in the sandbox at the first failure or at the end'),
    )
    .addOption(new Option('--verbose', 'show the output of every command and check'))
    .addOption(new Option('--capture', 'show every packet on every interface of all nodes'))
    .addOption(new Option('--pcap <file>', 'write them to a file that Wireshark opens'))
    .addOption(new Option('--diff', 'after each step, show what it changed in the kernel'))
    .addOption(new Option('--topology', 'after each step that changes it, draw the network'))
    .addOption(new Option('--json', 'print one event a line as JSON instead (docs/events.md)'))
    .addOption(
      new Option('--lang <language>', 'the language; without it, that of LANG').choices(languages),
    )
    .addOption(new Option('--no-color', 'no colour; so does NO_COLOR'))
  for (const option of placeOptions()) program.addOption(option)
  return program
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'netdojo: ')) })
    .showHelpAfterError('(npm run scenario -- --help lists the options)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.held : exitCodes.usage))
    .action(action)
}

async function act(
  name: string | undefined,
  options: Options,
  args: readonly string[],
): Promise<number> {
  refuseContradictions(name, options)
  const chalk = new Chalk({ level: hasColor(options) ? 1 : 0 })
  const language = chooseLanguage(options.lang)
  const translate = await translator(language)
  const names = name === undefined ? scenarioNames : [(await loadScenario(name)).name]
  if (name === undefined && !options.ablate && !options.all) return list(chalk, translate)
  // The environment does not go to another place.
  const words = language === 'en' ? args : [...args, '--lang', language]
  return inPlace(options, ['scenario', ...words], (place) =>
    playIn(place, names, options, { chalk, translate, language }),
  )
}

async function playIn(
  place: LocalBackend,
  names: readonly string[],
  options: Options,
  { chalk, translate, language }: Speech,
): Promise<number> {
  const { ablate, all, dialect, json = false } = options
  const runs = { names, place, dialect, json, chalk, translate }
  if (ablate) return (await import('./ablate.ts')).ablate(runs)
  if (all) return (await import('./play-all.ts')).playAll(runs)
  const [name = ''] = names
  return enter(insideCommand(toPlayRequest(name, options, { language, backend: place })), place)
}

async function list(chalk: ChalkInstance, translate: Translate): Promise<number> {
  const widest = Math.max(...scenarioNames.map((name) => name.length))
  for (const name of scenarioNames) {
    const { title } = await loadScenario(name)
    console.log(`  ${chalk.cyan(name.padEnd(widest))}  ${translate(title)}`)
  }
  console.log(
    chalk.dim(
      `\n${translate('Play one: npm run scenario veth-pair')}\n${translate('All options: npm run scenario -- --help')}`,
    ),
  )
  return exitCodes.held
}

function refuseContradictions(name: string | undefined, options: Options): void {
  const { all = false, ablate = false, step = false, keep = false } = options
  if (all && name !== undefined) throw refusal(`--all plays every scenario, not only '${name}'`)
  if (ablate && !all && name === undefined) throw refusal('--ablate needs a name, or --all')
  const { capture = false, pcap, without } = options
  if ((all || ablate) && (step || keep || without !== undefined)) {
    throw refusal('--step, --keep and --without play one scenario; --all and --ablate play many')
  }
  if ((all || ablate) && (capture || pcap !== undefined)) {
    throw refusal('--capture and --pcap are for one scenario; --all and --ablate play many')
  }
  if ((all || ablate) && (options.diff || options.topology)) {
    throw refusal(
      '--diff and --topology show the steps of one scenario; --all and --ablate play many',
    )
  }
  if (options.json && options.diff) throw refusal('--json always has what --diff shows')
  if (options.json && (step || keep)) throw refusal('--json has no use for --step and --keep')
  if ((step || keep) && !process.stdin.isTTY) throw refusal('--step and --keep need a terminal')
}

function refusal(reason: string): NetdojoError {
  return new NetdojoError({ code: 'usage', operation: 'play', object: 'the scenario', reason })
}

function toNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new InvalidArgumentError('It is the number in front of a command, from 1.')
  return Number(text)
}
