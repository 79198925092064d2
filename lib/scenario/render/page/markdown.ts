// The few pieces of Markdown that the pages are made of.
import type { Language } from '../../../language/translate.ts'

export const notice =
  '<!-- Written by `npm run docs` from a real run. Do not edit it: the next run writes it anew. -->'

/** A block of code that nothing in it can close. */
export function fenced(text: string, kind: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([marks]) => marks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${kind}\n${text.replace(/\n+$/, '')}\n${fence}`
}

/** To the same page in the other language: the Chinese ones are in a folder below the English ones. */
export function languageLink(file: string, language: Language): string {
  return language === 'en' ? `[中文](zh/${file})` : `[English](../${file})`
}
