// Lines of at most so many columns, also for Chinese: between its characters a line may end anywhere, but not before a full stop.
import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'

/**
 * `text` may have colours. Words of Latin letters stay whole, also those that are longer than a line.
 * @param hanging how far the lines after the first are indented.
 */
export function wrapped(text: string, columns: number, hanging = 0): string {
  // What wrap-ansi knows are spaces, and Chinese has none; nor does it indent.
  return hanging > 0 || /\p{Script=Han}/u.test(text)
    ? inColumns(unitsOf(text), columns, ' '.repeat(hanging))
    : wrapAnsi(text, columns, { trim: true })
}

function inColumns(units: readonly string[], columns: number, indent: string): string {
  const lines: string[] = []
  let line = ''
  for (const unit of units) {
    if (line.trim() !== '' && stringWidth((line + unit).trimEnd()) > columns) {
      lines.push(line.trimEnd())
      line = indent + unit.trimStart()
    } else line += unit
  }
  return [...lines, line].join('\n')
}

const wide = String.raw`[\p{Script=Han}\u3000-\u303F\uFF00-\uFFEF]`
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
