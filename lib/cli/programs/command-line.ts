// Parses the command lines of the learners' programs, with help in the reader's language and errors for options that npm has taken.
import type { Command } from 'commander'
import { NetdojoError } from '../../errors.ts'
import {
  chooseLanguage,
  languages,
  translator,
  type Language,
  type Translate,
} from '../../language/translate.ts'
import { throwUsageErrors } from '../shared/command.ts'
import { Ending, exitCodes, messageOf, quoted, usageError } from '../shared/errors.ts'
import type { Terminal } from '../shared/terminal.ts'

type Taken = {
  /** What npm sets when it takes the option; without it, a variable with the option's name. */
  readonly sets?: readonly string[]
  /** Finds the option's value among the words that npm passes on. */
  readonly value?: RegExp
}

const none: Taken = {}
const flags = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, none]))
const number = { value: /^\d+$/ }
const shared: Readonly<Record<string, Taken>> = {
  // npm reads an option that it does not know, and whose letters are all options, as these letters: -l -a -n -g.
  lang: { sets: ['long', 'all', 'global'], value: /^\w+$/ },
  in: { value: /^(namespaces|container|vm|here)$/ },
}
const dialect = { value: /^(ip|classic)$/ }

/** The options of each program that npm takes for its own when the two dashes are missing. */
const programs: Readonly<Record<string, Readonly<Record<string, Taken>>>> = {
  scenario: {
    ...flags('ablate', 'step', 'keep', 'json', 'capture', 'diff', 'topology'),
    ...shared,
    dialect,
    without: number,
    pcap: { sets: ['parseable', 'all'], value: /./ },
    record: { value: /./ },
    all: none,
  },
  fix: {
    ...flags('random', 'plain'),
    ...shared,
    seed: number,
    script: { value: /./ },
    record: { value: /./ },
  },
  web: {
    'no-browser': { sets: ['browser'] },
    ...shared,
    dialect,
    port: number,
    grace: number,
  },
  workshop: {
    ...flags('by-hand', 'plain', 'reset'),
    ...shared,
    dialect,
    from: { value: /:\d/ },
    script: { value: /./ },
    report: { value: /./ },
  },
}

/** @throws NetdojoError `usage` when npm has taken options of the program; the advice is the whole line as it must be. */
export function refuseOptionsOfNpm(program: string, typed: readonly string[]): void {
  const variable = (name: string) => process.env[`npm_config_${name.replaceAll('-', '_')}`]
  const words = [...typed]
  const options: string[] = []
  const seen = new Set<string>()
  for (const [name, { sets = [name], value }] of Object.entries(programs[program] ?? {})) {
    if (!sets.every((each) => variable(each) !== undefined && !seen.has(each))) continue
    // With --lang, npm sets the variable of --all, too.
    if (sets.length > 1) for (const each of sets) seen.add(each)
    const own = variable(name)
    const index = value === undefined ? -1 : words.findLastIndex((word) => value.test(word))
    const found =
      own !== undefined && own !== 'true' && own !== ''
        ? [own]
        : index < 0
          ? []
          : words.splice(index, 1)
    options.push([`--${name}`, ...(value === undefined ? [] : found)].join(' '))
  }
  if (options.length === 0) return
  throw usageError(
    `npm has taken ${options.map((option) => option.split(' ')[0]).join(' and ')} for itself: our options must come after two dashes`,
    ['npm run', program, ...words, '--', ...options].join(' '),
  )
}

export type CommandLine<Options> = {
  readonly program: Command
  readonly args: readonly string[]
  readonly terminal: Terminal
  /** @returns the exit code. */
  readonly act: (name: string | undefined, options: Options) => Promise<number>
  /** The text after the options. */
  readonly after?: (translate: Translate) => string
}

/** Parses the arguments and acts. @returns the exit code. @throws NetdojoError `usage` */
export async function runCommandLine<Options>({
  program,
  args,
  terminal,
  act,
  after,
}: CommandLine<Options>): Promise<number> {
  let code: number = exitCodes.held
  program
    .configureOutput({ writeOut: (text) => terminal.write(text) })
    .action(async (name: string | undefined, options: Options) => {
      code = await act(name, options)
    })
  throwUsageErrors(program)
  if (args.some((word) => word === '--help' || word === '-h'))
    await translateHelp(program, await translator(languageIn(args)), after)
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof Ending)) throw error
    return error.exitCode
  }
  return code
}

const columns = 80

/** Translates the help, with the texts of commander itself. The catalogue is loaded only for `--help`. */
async function translateHelp(
  program: Command,
  translate: Translate,
  after: CommandLine<unknown>['after'],
): Promise<void> {
  const { displayWidth, wrapped } = await import('../../language/wrap.ts')
  const usual = program.createHelp()
  // Commander adds the choices and the default after a description.
  const described = (text: string, description: string) =>
    translate(description) +
    fullWidth(
      text
        .slice(description.length)
        .replace(/(?<=\(|, )(choices|default)(?=: )/g, (word) => translate(word)),
    )
  program.helpOption('-h, --help', 'show this help').configureHelp({
    styleTitle: (title) => translate(title),
    commandDescription: (command) => translate(command.description()),
    argumentDescription: (argument) =>
      described(usual.argumentDescription(argument), argument.description),
    optionDescription: (option) => described(usual.optionDescription(option), option.description),
    displayWidth,
    boxWrap: (text, width) => wrapped(text, width),
  })
  if (after) program.addHelpText('after', `\n${wrapped(after(translate), columns)}`)
}

/** Chinese has its own punctuation. */
function fullWidth(text: string): string {
  if (!/\p{Script=Han}/u.test(text)) return text
  return text
    .replace(/^ \(/, '（')
    .replace(/\)$/, '）')
    .replaceAll(': ', '：')
    .replaceAll('", "', '"、"')
    .replaceAll('", ', '"；')
}

/** The language of `--lang`, before the options are parsed. */
export function languageIn(args: readonly string[]): Language {
  const index = args.findIndex((word) => word === '--lang' || word.startsWith('--lang='))
  const named = args[index]?.split('=')[1] ?? args[index + 1]
  return chooseLanguage(languages.find((language) => index >= 0 && language === named))
}

/** The text of a file of answers. @throws NetdojoError `usage` */
export async function readAnswers(file: string): Promise<string> {
  const { readFileSync } = await import('node:fs')
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new NetdojoError({
      code: 'usage',
      operation: 'read',
      object: `the file ${quoted(file)} of --script`,
      reason: messageOf(error),
      cause: error,
    })
  }
}
