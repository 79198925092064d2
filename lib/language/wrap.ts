// Breaks texts into lines of at most so many columns, also Chinese: its lines may end between any two characters, but not before a full stop.
import { stripVTControlCharacters } from 'node:util'

/**
 * `text` may have colours. Words of Latin letters stay whole, also those that are longer than a line.
 * @param hanging how far the lines after the first are indented.
 */
export function wrapped(text: string, columns: number, hanging = 0): string {
  const lines = text.split('\n').map((line) => line.trim())
  return lines.map((line) => inColumns(unitsOf(line), columns, ' '.repeat(hanging))).join('\n')
}

/**
 * The columns that a terminal gives to `text`: two for each wide character. The rules for emoji and for combined characters, which
 * no text of ours has, are in Intl.Segmenter (and the package string-width): loading that takes 20 ms of each short run.
 */
export function displayWidth(text: string): number {
  const shown = stripVTControlCharacters(text)
  return Array.from(shown).length + (shown.match(wideCharacter)?.length ?? 0)
}

function inColumns(units: readonly string[], columns: number, indent: string): string {
  const lines: string[] = []
  let line = ''
  for (const unit of units) {
    if (line.trim() !== '' && displayWidth((line + unit).trimEnd()) > columns) {
      lines.push(line.trimEnd())
      line = indent + unit.trimStart()
    } else line += unit
  }
  return [...lines, line].join('\n')
}

const wide = String.raw`[\p{Script=Han}\u3000-\u303F\uFF00-\uFFEF]`
const wideCharacter =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303F\uFF01-\uFF60\uFFE0-\uFFE6]/gu
const opening = /[（【《“‘]$/u
const closing = /^[，。、；：！？）】》”’…—]/u

/** What must stay on one line: a word, a space, or a character with the punctuation that belongs to it. */
function unitsOf(text: string): readonly string[] {
  const units: string[] = []
  for (const [piece] of text.matchAll(new RegExp(`${wide}|\\s|(?:(?!${wide})\\S)+`, 'gu'))) {
    const last = units.at(-1) ?? ''
    if (closing.test(piece) || opening.test(last))
      units[Math.max(0, units.length - 1)] = last + piece
    else units.push(piece)
  }
  return units
}
