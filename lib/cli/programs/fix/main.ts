// `npm run fix`: lists the broken networks, or opens one of them, chosen by its number or by chance.
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { Chalk, type ChalkInstance } from 'chalk'
import { Command, InvalidArgumentError, Option } from 'commander'
import { NetdojoError } from '../../../errors.ts'
import { chosen, seedFor } from '../../../fix/choose.ts'
import { type Results, readResults, resultsFile } from '../../../fix/results.ts'
import { nothingDone, solved } from '../../../fix/score.ts'
import { chooseLanguage } from '../../../language/choose.ts'
import {
  type Language,
  type Translate,
  languages,
  translator,
} from '../../../language/translate.ts'
import { enter } from '../../../sandbox/enter.ts'
import { type PlaceOptions, inPlace, placeOptions } from '../../shared/backend.ts'
import { exitCodes } from '../../shared/errors.ts'
import { wantsColor } from '../../shared/terminal.ts'
import { brokenNames, loadBroken } from '../catalogue.ts'
import { languageIn, prepareHelp, refuseOptionsOfNpm } from '../command-line.ts'
import { insideCommand } from '../request.ts'

type Options = PlaceOptions & {
  readonly random?: true
  readonly seed?: number
  readonly script?: string
  readonly lang?: Language
  readonly plain?: true
  readonly color: boolean
}

export async function main(args: readonly string[]): Promise<number> {
  refuseOptionsOfNpm('fix', args)
  let code: number = exitCodes.held
  const translate = await translator(languageIn(args))
  const program = command(async (name, options) => {
    code = await act(name, options, args, translate)
  })
  await prepareHelp(program, args, (translate) =>
    translate('Exit codes: 0 solved, 1 not solved, 2 usage, 3 the lab could not run.'),
  )
  await program.parseAsync(args, { from: 'user' })
  return code
}

function command(action: (name: string | undefined, options: Options) => Promise<void>): Command {
  const program = new Command('npm run fix --')
    .description('Broken networks: find the fault, name its cause, repair it.')
    .argument('[number]', 'the number of a network in the list; without it, the list is printed')
    .addOption(new Option('--random', 'open a random network that you have not solved'))
    .addOption(
      new Option(
        '--seed <n>',
        'open the network that this number chooses: the same one for everybody',
      ).argParser(toSeed),
    )
    .addOption(
      new Option(
        '--script <file>',
        'read answers and commands from a file, one a line, instead of asking',
      ),
    )
    .addOption(
      new Option('--lang <language>', 'the language; without it, that of LANG').choices(languages),
    )
    .addOption(new Option('--plain', 'for screen readers: no pictures, signs or colours'))
    .addOption(new Option('--no-color', 'no colour; so does NO_COLOR'))
  for (const option of placeOptions()) program.addOption(option)
  return program
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'netdojo: ')) })
    .showHelpAfterError('(npm run fix -- --help lists the options)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.held : exitCodes.usage))
    .action(action)
}

async function act(
  wanted: string | undefined,
  options: Options,
  args: readonly string[],
  translate: Translate,
): Promise<number> {
  const { random = false, seed: askedSeed, plain = false } = options
  if (wanted !== undefined && random) throw contradiction()
  const results = resultsFile()
  const soFar = readResults(results)
  const color = !plain && wantsColor(options.color)
  const chalk = new Chalk({ level: color ? 1 : 0 })
  if (wanted === undefined && !random && askedSeed === undefined)
    return list({ results: soFar, translate, chalk, plain })
  const seed = askedSeed ?? (random ? freshSeed(soFar) : 0)
  const { name } = await loadBroken(wanted ?? chosen(brokenNames, seed))
  const script = await scriptOf(options)
  // In a container or virtual machine, the same one must be opened.
  const words = [
    'fix',
    ...args,
    ...(random && askedSeed === undefined ? ['--seed', String(seed)] : []),
  ] as const
  return inPlace(options, words, (place) => {
    if (wanted === undefined)
      console.log(
        translate(
          'Seed {seed} chose this network. To open it again: npm run fix -- --seed {seed}',
          { seed },
        ),
      )
    const request = insideCommand({
      kind: 'fix',
      name,
      seed,
      script,
      results,
      language: chooseLanguage(options.lang),
      color,
      plain,
      columns: process.stdout.columns || 80,
    })
    return enter(request, place, { hasShells: script === null })
  })
}

/** Of one that is not solved yet, where there is one. */
function freshSeed(results: Results): number {
  return seedFor(brokenNames, (name) => !solved(results[name] ?? nothingDone))
}

/** Null for a person at a terminal. */
async function scriptOf({ script }: Options): Promise<readonly string[] | null> {
  if (script === undefined && process.stdin.isTTY) return null
  return (script === undefined ? await text(process.stdin) : readScript(script)).split('\n')
}

function readScript(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new NetdojoError({
      code: 'usage',
      operation: 'read',
      object: `the script '${file}'`,
      reason: error instanceof Error ? error.message : String(error),
      cause: error,
    })
  }
}

function toSeed(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It is a whole number from 0 to 999999999.')
}

function contradiction(): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'open',
    object: 'a broken network',
    reason: '--random chooses one, and a number names one',
  })
}

const difficulties = ['easy', 'medium', 'hard'] as const

type Listing = {
  readonly results: Results
  readonly translate: Translate
  readonly chalk: ChalkInstance
  readonly plain: boolean
}

/** @returns the exit code. */
export async function list({ results, translate, chalk, plain }: Listing): Promise<number> {
  const networks = await Promise.all(brokenNames.map(loadBroken))
  const done = networks.filter(({ name }) => solved(results[name] ?? nothingDone))
  console.log(
    `${chalk.bold(translate('Each of these networks has one fault. Find it, name its cause, and repair it.'))}\n`,
  )
  for (const [index, broken] of networks.entries()) {
    const isDone = done.includes(broken)
    const title = translate(broken.title)
    const word = translate(difficulties[broken.difficulty - 1] ?? 'easy')
    const number = String(index + 1).padStart(2)
    const signs = '*'.repeat(broken.difficulty).padEnd(3)
    if (plain)
      console.log(`${number}. ${title} (${word}, ${translate(isDone ? 'solved' : 'not solved')})`)
    else
      console.log(
        `${isDone ? chalk.green('✓') : ' '} ${chalk.cyan(number)}  ${chalk.dim(signs)}  ${title}`,
      )
  }
  const counted = translate('{done} of {all} solved', { done: done.length, all: networks.length })
  console.log(
    `\n${counted}${plain ? '' : `     ${chalk.dim(translate('* easy   ** medium   *** hard'))}`}`,
  )
  console.log(
    chalk.dim(
      `${translate('Open one: npm run fix 1     Open a random one: npm run fix -- --random')}\n${translate('All options: npm run fix -- --help')}`,
    ),
  )
  return exitCodes.held
}
