// Translates texts into the reader's language: the code holds English, and each other language has catalogues keyed by the English text.
import type { Catalogue } from './catalogue.ts'
import { filledIn, type Message, type Values } from './message.ts'

export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

/**
 * @param text an English text, or a message, which already has its values.
 * @returns the translation, or the English text if the catalogue has none.
 */
export type Translate = (text: string | Message, values?: Values) => string

/** Loads only the catalogues of this language. */
export async function translator(language: Language): Promise<Translate> {
  if (language === 'en') return speakEnglish
  // The package for others leaves out index.ts, and with it the texts of the lab's own programs.
  const { default: catalogue } = await import('./zh/index.ts').catch(
    () => import('./zh/package.ts'),
  )
  return translatorOf(catalogue)
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

/** Writes a text as the keys of a catalogue are written: the lines of a paragraph are joined. */
export function oneLine(text: string): string {
  return text
    .trim()
    .split(/\n[ \t]*\n\s*/)
    .map((paragraph) => paragraph.replaceAll(/\s*\n\s*/g, ' ').trim())
    .join('\n\n')
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Chooses the language: that of `--lang`, or else that of the environment. locale(7): LC_ALL comes before LC_MESSAGES and LANG.
 * @param asked the value of `--lang`.
 */
export function chooseLanguage(asked?: Language, environment: Environment = process.env): Language {
  if (asked) return asked
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || ''
  return languages.find((language) => locale.split(/[_.@]/)[0]?.toLowerCase() === language) ?? 'en'
}
