// `--help` of the learners' programs in their language; what that takes is loaded only where somebody asks for it.
import type { Command } from 'commander'
import { chooseLanguage } from '../language/choose.ts'
import { languages, translator, type Language, type Translate } from '../language/translate.ts'

/** @param after what stands below the options. */
export async function prepareHelp(
  program: Command,
  args: readonly string[],
  after?: (translate: Translate) => string,
): Promise<void> {
  if (!args.some((word) => word === '--help' || word === '-h')) return
  const { speakHelp } = await import('./speak-help.ts')
  const translate = await translator(languageIn(args))
  speakHelp(program, translate, after?.(translate))
}

/** Before the options are known. */
export function languageIn(args: readonly string[]): Language {
  const index = args.findIndex((word) => word === '--lang' || word.startsWith('--lang='))
  const named = args[index]?.split('=')[1] ?? args[index + 1]
  return chooseLanguage(languages.find((language) => index >= 0 && language === named))
}
