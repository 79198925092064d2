// Texts in the reader's language: the code speaks English, and each other language has catalogues keyed by the English text.
import type { Catalogue } from './catalogue.ts'
import { recogniser } from './recognise.ts'

export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

/**
 * @param english a text; one that has its values in already, as the events' answers, is recognised by its words.
 * @param values what stands in the text as `{name}`.
 * @returns the English text itself where a catalogue has none.
 */
export type Translate = (
  english: string,
  values?: Readonly<Record<string, string | number>>,
) => string

/** Only the catalogues of the language that is asked for are loaded. */
export async function translator(language: Language): Promise<Translate> {
  if (language === 'en') return speakEnglish
  return translatorOf((await import('./zh/index.ts')).default)
}

export const speakEnglish: Translate = (english, values = {}) => filledIn(oneLine(english), values)

export function translatorOf(catalogue: Catalogue): Translate {
  const recognise = recogniser(catalogue)
  return (english, values = {}) => {
    const key = oneLine(english)
    const text = Object.hasOwn(catalogue, key) ? catalogue[key] : undefined
    return filledIn(text ?? recognise(key) ?? key, values)
  }
}

/** As the keys of a catalogue are written: paragraphs stay apart, lines within one are joined. */
export function oneLine(text: string): string {
  return text
    .trim()
    .split(/\n[ \t]*\n\s*/)
    .map((paragraph) => paragraph.replaceAll(/\s*\n\s*/g, ' ').trim())
    .join('\n\n')
}

function filledIn(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all))
}
