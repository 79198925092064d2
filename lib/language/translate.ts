// Translates texts into the reader's language: the code holds English, and each other language has catalogues keyed by the English text.
import type { Catalogue } from './catalogue.ts'
import { filledIn, type Message, type Values } from './message.ts'

export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

/**
 * @param text English, or a message, which has its values.
 * @returns the English text where a catalogue has no other.
 */
export type Translate = (text: string | Message, values?: Values) => string

/** Loads only the catalogues of the language that is asked for. */
export async function translator(language: Language): Promise<Translate> {
  if (language === 'en') return speakEnglish
  return translatorOf((await import('./zh/index.ts')).default)
}

export const speakEnglish: Translate = translatorOf({})

export function translatorOf(catalogue: Catalogue): Translate {
  const translate: Translate = (text, given = {}) => {
    const { key, values } = typeof text === 'string' ? { key: oneLine(text), values: given } : text
    const found = Object.hasOwn(catalogue, key) ? catalogue[key] : undefined
    return filledIn(found ?? key, values, (value) =>
      typeof value === 'object' ? translate(value) : String(value),
    )
  }
  return translate
}

/** As the keys of a catalogue are written: paragraphs stay apart, lines within one are joined. */
export function oneLine(text: string): string {
  return text
    .trim()
    .split(/\n[ \t]*\n\s*/)
    .map((paragraph) => paragraph.replaceAll(/\s*\n\s*/g, ' ').trim())
    .join('\n\n')
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The language that was asked for, else that of the environment: locale(7) takes LC_ALL, LC_MESSAGES and LANG in this order.
 * @param asked by `--lang`, already known to be one of ours.
 */
export function chooseLanguage(asked?: Language, environment: Environment = process.env): Language {
  if (asked) return asked
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || ''
  return languages.find((language) => locale.split(/[_.@]/)[0]?.toLowerCase() === language) ?? 'en'
}
