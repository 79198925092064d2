// Breaks text into lines of limited width. A Chinese character takes two columns, and a line may end between any two of them, but
// not before a full stop.
import { stripVTControlCharacters } from 'node:util'

/** The widest line of our own text, also on wider terminals. */
export const columns = 80

/**
 * `text` may have colours. A word that is longer than a line stays whole.
 * @param indent how far the lines after the first are indented.
 */
export function wrapped(text: string, width: number, indent = 0): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .map((line) =>
      displayWidth(line) > width ? inColumns(unitsOf(line), width, ' '.repeat(indent)) : line,
    )
    .join('\n')
}

/**
 * The columns that a terminal gives to `text`: two for each wide character. The rules for emoji and for combined characters, which
 * no text of ours has, are in Intl.Segmenter (and the package string-width): loading that takes 20 ms of each short run.
 */
export function displayWidth(text: string): number {
  const shown = stripVTControlCharacters(text)
  return Array.from(shown).length + (shown.match(wideCharacter)?.length ?? 0)
}

/** Breaks one paragraph; the lines after the first may be indented further. The last column stays free for the cursor. */
export function hanging(
  text: string,
  first: number,
  others = first,
  width = columns,
): readonly string[] {
  // Spaces within a line stay, because they may belong to a command.
  const flowing = text.replaceAll(/\s*\n\s*/g, ' ').trim()
  return wrapped(flowing, width - 1 - Math.max(first, others))
    .split('\n')
    .map((line, index) => ' '.repeat(index === 0 ? first : others) + line)
}

/** Puts short texts one after the other, three columns apart, on as few lines as they need. */
export function flow(texts: readonly string[], indent: number, width = columns): readonly string[] {
  const lines: string[] = []
  for (const text of texts) {
    const longer = `${lines.at(-1) ?? ''}   ${text}`
    if (lines.length > 0 && displayWidth(longer) < width) lines[lines.length - 1] = longer
    else lines.push(' '.repeat(indent) + text)
  }
  return lines
}

function inColumns(units: readonly string[], width: number, indent: string): string {
  const lines: string[] = []
  let line = ''
  for (const unit of units) {
    if (line.trim() !== '' && displayWidth((line + unit).trimEnd()) > width) {
      lines.push(line.trimEnd())
      line = indent + unit.trimStart()
    } else line += unit
  }
  return [...lines, line.trimEnd()].join('\n')
}

const wide = String.raw`[\p{Script=Han}\u3000-\u303F\uFF00-\uFFEF]`
const wideCharacter =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303F\uFF01-\uFF60\uFFE0-\uFFE6]/gu
const pieces = new RegExp(`${wide}|\\s|(?:(?!${wide})\\S)+`, 'gu')
const opening = /[（【《“‘]$/u
const closing = /^[，。、；：！？）】》”’…—]/u

/** The pieces that must not be broken: a word, a space, or a Chinese character with its punctuation. */
function unitsOf(text: string): readonly string[] {
  const units: string[] = []
  for (const [piece] of text.matchAll(pieces)) {
    const last = units.at(-1) ?? ''
    if (closing.test(piece) || opening.test(last))
      units[Math.max(0, units.length - 1)] = last + piece
    else units.push(piece)
  }
  return units
}
