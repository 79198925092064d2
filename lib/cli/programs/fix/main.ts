// Lists the broken networks for `npm run fix`, or opens one of them, selected by its number or at random.
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { Chalk, type ChalkInstance } from 'chalk'
import { Command, InvalidArgumentError } from 'commander'
import { chosen, seedFor } from '../../../fix/choose.ts'
import { type Results, readResults, resultsFile } from '../../../fix/results.ts'
import { nothingDone, solved } from '../../../fix/score.ts'
import {
  chooseLanguage,
  languages,
  translator,
  type Language,
  type Translate,
} from '../../../language/translate.ts'
import { columns, wrapped } from '../../../language/wrap.ts'
import { enter } from '../../../sandbox/enter.ts'
import { addBackendOptions, inBackend, type BackendOptions } from '../../shared/backend.ts'
import { exitCodes, quoted, usageError } from '../../shared/errors.ts'
import type { Terminal } from '../../shared/terminal.ts'
import { brokenNames, loadBroken } from '../catalogue.ts'
import { languageIn, readAnswers, refuseOptionsOfNpm, runCommandLine } from '../command-line.ts'
import { insideCommand } from '../request.ts'

type Options = BackendOptions & {
  readonly random?: true
  readonly seed?: number
  readonly script?: string
  readonly record?: string
  readonly lang?: Language
  readonly plain?: true
  readonly color: boolean
}

export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  refuseOptionsOfNpm('fix', args)
  const translate = await translator(languageIn(args))
  return runCommandLine<Options>({
    program: command(),
    args,
    terminal,
    act: (name, options) => act(name, options, { args, translate, terminal }),
    after: (translate) =>
      translate('Exit codes: 0 solved, 1 not solved, 2 wrong usage, 3 the lab could not run.'),
  })
}

function command(): Command {
  const program = new Command('npm run fix --')
    .description('Broken networks: find the fault, name its cause, repair it.')
    .argument('[number]', 'the number of a network in the list; without it, the list is printed')
  program
    .option('--random', 'open a random network that you have not solved')
    .option(
      '--seed <n>',
      'open the network that this number chooses: the same one for everybody',
      seedOf,
    )
    .option(
      '--script <file>',
      'read answers and commands from a file, one per line, instead of asking',
    )
    .option('--record <file>', 'write a recording of the symptom and the repair for the page')
    .addOption(
      program
        .createOption('--lang <language>', 'the language; without it, the language of LANG')
        .choices(languages),
    )
    .option('--plain', 'for screen readers: no pictures, signs or colours')
    .option('--no-color', 'print without colour, as with NO_COLOR')
  return addBackendOptions(program)
}

async function act(
  wanted: string | undefined,
  options: Options,
  {
    args,
    translate,
    terminal,
  }: {
    readonly args: readonly string[]
    readonly translate: Translate
    readonly terminal: Terminal
  },
): Promise<number> {
  const { random = false, seed: askedSeed, plain = false } = options
  if (wanted !== undefined && random)
    throw usageError(
      `--random chooses a network and takes no number, but ${quoted(wanted)} is given`,
    )
  const results = resultsFile()
  const soFar = readResults(results)
  const color = !plain && options.color && terminal.hasColor
  const chalk = new Chalk({ level: color ? 1 : 0 })
  const isListed = wanted === undefined && !random && askedSeed === undefined
  if (isListed && options.record !== undefined)
    throw usageError('--record needs the number of a network')
  if (isListed) return list({ results: soFar, translate, chalk, plain, terminal })
  const seed = askedSeed ?? (random ? freshSeed(soFar) : 0)
  const { name } = await loadBroken(wanted ?? chosen(brokenNames, seed))
  const script = options.record === undefined ? await scriptOf(options, terminal) : []
  // A remote backend must open the same network.
  const words = [
    'fix',
    ...args,
    ...(random && askedSeed === undefined ? ['--seed', String(seed)] : []),
  ] as const
  return inBackend(options, words, terminal, (backend) => {
    if (wanted === undefined) {
      const chosenBy = translate(
        'Seed {seed} chose this network. To open it again: npm run fix -- --seed {seed}',
        { seed },
      )
      terminal.write(`${chosenBy}\n`)
    }
    const request = insideCommand({
      kind: 'fix',
      name,
      seed,
      script,
      record: options.record === undefined ? null : resolve(options.record),
      results,
      language: chooseLanguage(options.lang),
      color,
      plain,
      columns: terminal.columns,
    })
    return enter(request, backend, { hasShells: script === null })
  })
}

/** The seed of a network that is not solved yet, if there is one. */
function freshSeed(results: Results): number {
  return seedFor(brokenNames, (name) => !solved(results[name] ?? nothingDone))
}

/** Null for a person at a terminal. */
async function scriptOf(
  { script }: Options,
  { inputIsTerminal }: Terminal,
): Promise<readonly string[] | null> {
  if (script === undefined && inputIsTerminal) return null
  const answers = script === undefined ? await text(process.stdin) : await readAnswers(script)
  return answers.split('\n')
}

function seedOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('must be a whole number from 0 to 999999999')
}

const difficulties = ['easy', 'medium', 'hard'] as const

type Listing = {
  readonly results: Results
  readonly translate: Translate
  readonly chalk: ChalkInstance
  readonly plain: boolean
  readonly terminal: Terminal
}

/** Lists the broken networks with their symptoms and results, and says nothing about the faults. @returns the exit code. */
async function list({ results, translate, chalk, plain, terminal }: Listing): Promise<number> {
  const print = (text: string) => terminal.write(`${text}\n`)
  const networks = await Promise.all(brokenNames.map(loadBroken))
  const done = networks.filter(({ name }) => solved(results[name] ?? nothingDone))
  print(
    `${chalk.bold(translate('Each of these networks has one fault. Find it, name its cause, and repair it.'))}\n`,
  )
  for (const [index, broken] of networks.entries()) {
    const isDone = done.includes(broken)
    // After the sign, the number and the stars.
    const before = plain ? 4 : 11
    const title = wrapped(
      translate(broken.title),
      Math.max(20, Math.min(terminal.columns, columns) - before - 1),
    ).replaceAll('\n', `\n${' '.repeat(before)}`)
    const word = translate(difficulties[broken.difficulty - 1] ?? 'easy')
    const number = String(index + 1).padStart(2)
    const signs = '*'.repeat(broken.difficulty).padEnd(3)
    if (plain)
      print(`${number}. ${title} (${word}, ${translate(isDone ? 'solved' : 'not solved')})`)
    else
      print(
        `${isDone ? chalk.green('✓') : ' '} ${chalk.cyan(number)}  ${chalk.dim(signs)}  ${title}`,
      )
  }
  const counted = translate('{done} of {all} solved', { done: done.length, all: networks.length })
  print(
    `\n${counted}${plain ? '' : `     ${chalk.dim(translate('* easy   ** medium   *** hard'))}`}`,
  )
  print(
    chalk.dim(
      `${translate('Open one: npm run fix 1     Open a random one: npm run fix -- --random')}\n${translate('All options: npm run fix -- --help')}`,
    ),
  )
  return exitCodes.held
}
