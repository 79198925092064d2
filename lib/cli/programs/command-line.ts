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

/** The options of each program that npm takes as its own if the two dashes are missing, and an example argument. */
const programs = {
  scenario: {
    example: 'NAME',
    options: [
      'ablate',
      'dialect',
      'without',
      'step',
      'keep',
      'all',
      'json',
      'diff',
      'topology',
      'lang',
      'in',
    ],
  },
  fix: { example: '1', options: ['random', 'seed', 'script', 'lang', 'plain', 'in'] },
  workshop: {
    example: '',
    options: ['from', 'by-hand', 'plain', 'lang', 'dialect', 'script', 'report', 'reset', 'in'],
  },
} as const

/** @throws NetdojoError `usage` when npm has taken an option of the program. */
export function refuseOptionsOfNpm(
  program: keyof typeof programs,
  [typed]: readonly string[],
): void {
  const { example, options } = programs[program]
  const taken = options.find(
    (option) => process.env[`npm_config_${option.replaceAll('-', '_')}`] !== undefined,
  )
  if (taken === undefined) return
  const line = ['npm run', program, typed ?? example, '--', `--${taken}`].filter(Boolean).join(' ')
  throw usageError(
    `npm has taken --${taken} for itself: our options must come after two dashes`,
    line,
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
