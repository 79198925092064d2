// What the learners' programs share on their command line: `--help` in the reader's language, and options that npm took away.
import type { Command } from 'commander'
import { NetdojoError } from '../../errors.ts'
import { chooseLanguage } from '../../language/choose.ts'
import { type Language, type Translate, languages, translator } from '../../language/translate.ts'

/** What an error calls each program, and its options that npm could take for its own. */
const programs = {
  scenario: {
    operation: 'play',
    object: 'the scenario',
    example: 'NAME',
    ours: [
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
  fix: {
    operation: 'open',
    object: 'a broken network',
    example: '1',
    ours: ['random', 'seed', 'script', 'lang', 'plain', 'in'],
  },
  workshop: {
    operation: 'begin',
    object: 'the workshop',
    example: '',
    ours: ['from', 'by-hand', 'plain', 'lang', 'dialect', 'script', 'report', 'reset', 'in'],
  },
} as const

/** @throws NetdojoError `usage` when npm took an option of the program for its own. */
export function refuseOptionsOfNpm(
  program: keyof typeof programs,
  [typed]: readonly string[],
): void {
  const { operation, object, example, ours } = programs[program]
  const taken = ours.find(
    (option) => process.env[`npm_config_${option.replaceAll('-', '_')}`] !== undefined,
  )
  if (taken === undefined) return
  const line = ['npm run', program, typed ?? example, '--', `--${taken}`].filter(Boolean).join(' ')
  throw new NetdojoError({
    code: 'usage',
    operation,
    object,
    reason: `npm took --${taken} for itself`,
    advice: [`put two dashes in front of the options: ${line}`],
  })
}

/**
 * `--help` in the reader's language, also the words of commander's own; what that takes is loaded only where somebody asks for it.
 * @param after what stands below the options.
 */
export async function prepareHelp(
  program: Command,
  args: readonly string[],
  after?: (translate: Translate) => string,
): Promise<void> {
  if (!args.some((word) => word === '--help' || word === '-h')) return
  const [translate, { displayWidth, wrapped }] = await Promise.all([
    translator(languageIn(args)),
    import('../../language/wrap.ts'),
  ])
  const usual = program.createHelp()
  // Behind a description stand the choices and what holds without the option.
  const described = (text: string, description: string) =>
    translate(description) +
    text
      .slice(description.length)
      .replace(/(?<=\(|, )(choices|default)(?=: )/g, (word) => translate(word))
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

const columns = 80

/** Before the options are known. */
export function languageIn(args: readonly string[]): Language {
  const index = args.findIndex((word) => word === '--lang' || word.startsWith('--lang='))
  const named = args[index]?.split('=')[1] ?? args[index + 1]
  return chooseLanguage(languages.find((language) => index >= 0 && language === named))
}
