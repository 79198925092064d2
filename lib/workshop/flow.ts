// Text in 80 columns, also in scripts whose characters take two: paragraphs, hanging lines, and short things in as few lines as they need.
import wrapAnsi from 'wrap-ansi'
import { displayWidth, wrapped } from '../language/wrap.ts'

export const columns = 80
// A cursor stands behind the last character.
const usable = columns - 1

/** The lines of one paragraph, those after the first further in. */
export function hanging(text: string, first: number, others = first): readonly string[] {
  const flowing = text.replaceAll(/\s+/g, ' ').trim()
  const room = usable - Math.max(first, others)
  // Whatever has no space to break at is broken all the same.
  const lines = /\p{Script=Han}/u.test(flowing)
    ? wrapped(flowing, room)
    : wrapAnsi(flowing, room, { hard: true, trim: true })
  return lines.split('\n').map((line, index) => ' '.repeat(index === 0 ? first : others) + line)
}

/** Paragraphs are separated by an empty line. */
export function paragraphs(text: string, indent: number): readonly string[] {
  const lines: string[] = []
  for (const paragraph of text.split(/\n\s*\n/)) {
    if (paragraph.trim() === '') continue
    if (lines.length > 0) lines.push('')
    lines.push(...hanging(paragraph, indent))
  }
  return lines
}

/** Things one after the other, three columns apart. */
export function flow(things: readonly string[], indent: number): readonly string[] {
  const lines: string[] = []
  for (const thing of things) {
    const longer = `${lines.at(-1) ?? ''}   ${thing}`
    if (lines.length > 0 && displayWidth(longer) <= usable) lines[lines.length - 1] = longer
    else lines.push(' '.repeat(indent) + thing)
  }
  return lines
}
