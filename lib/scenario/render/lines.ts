// Lines of a page for a terminal: at most 80 columns of our own text, never two empty lines together.
import type { ChalkInstance } from 'chalk'
import { wrapped } from '../../language/wrap.ts'

export const width = 80

export function indented(columns: number): string {
  return ' '.repeat(columns)
}

export class Lines {
  readonly #write: (text: string) => void
  readonly #chalk: ChalkInstance
  #lastWasGap = false

  constructor(write: (text: string) => void, chalk: ChalkInstance) {
    this.#write = write
    this.#chalk = chalk
  }

  paragraphs(text: string, indent: number): void {
    for (const paragraph of text.split(/\n\s*\n/)) {
      const flowing = paragraph.replaceAll(/\s+/g, ' ').trim()
      if (flowing === '') continue
      this.gap()
      this.hanging(flowing, indent, indent)
    }
  }

  /** Output of a program: as it is, however wide, since it may be copied. */
  quote(text: string, indent: number): void {
    const lines = text.replace(/\n+$/, '').split('\n')
    if (lines.length === 1 && lines[0] === '') return
    for (const line of lines) this.line(this.#chalk.dim(indented(indent) + line.trimEnd()))
  }

  hanging(text: string, first: number, others: number): void {
    const [head = '', ...rest] = wrapped(text, width - others - 1).split('\n')
    this.line(indented(first) + head)
    for (const line of rest) this.line(indented(others) + line)
  }

  gap(): void {
    if (!this.#lastWasGap) this.line('')
  }

  line(text: string): void {
    this.#lastWasGap = text === ''
    this.#write(`${text}\n`)
  }
}
