// Which language to speak: what was asked for, else what the environment says (locale(7): LC_ALL, LC_MESSAGES, LANG in this order).
import { languages, type Language } from './translate.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** @param asked by `--lang`, already known to be one of ours. */
export function chooseLanguage(asked?: Language, environment: Environment = process.env): Language {
  if (asked) return asked
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || ''
  return languages.find((language) => locale.split(/[_.@]/)[0]?.toLowerCase() === language) ?? 'en'
}
