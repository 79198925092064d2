// Reads a picture made of characters, its lines and labels, and translates labels without moving what stands beside them.
import { labelInWords } from '../../observe/topology/marks.ts'
import { displayWidth } from '../../language/wrap.ts'
import type { Translate } from '../../language/translate.ts'

/** The labels of a picture: words with single spaces between them. */
export const pictureLabels = /[\p{L}\p{N}./:_@-]+(?: [\p{L}\p{N}./:_@-]+)*/gu

/** Translates the labels of a line, and keeps the columns of what follows them. */
export function inLanguage(line: string, translate: Translate): string {
  const labels = new RegExp(`(${pictureLabels.source})( *)`, 'gu')
  return line.replace(labels, (all: string, label: string, after: string) => {
    const text = labelInWords(label, translate)
    if (text === label) return all
    const spaces = displayWidth(all) - displayWidth(text)
    return text + ' '.repeat(Math.max(spaces, Math.min(after.length, 1)))
  })
}

/** Puts words into a list with the commas of the language. */
export function listed(words: readonly string[], translate: Translate): string {
  const [first = '', ...others] = words
  return others.reduce((one, other) => translate('{one}, {other}', { one, other }), first)
}

export function linesOf(picture: string): readonly string[] {
  return picture.replace(/^\n/, '').trimEnd().split('\n')
}

export function widthOf(picture: string): number {
  return Math.max(...linesOf(picture).map(displayWidth)) + 2
}
