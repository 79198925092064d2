// Writes the text that a person reads in a terminal, for scenario, workshop and fix. Our own text has at most 80 columns, needs no
// colour to be understood, and never has two empty lines together.
import type { ChalkInstance } from 'chalk'
import type { Message } from '../../language/message.ts'
import type { Translate } from '../../language/translate.ts'
import { columns, hanging } from '../../language/wrap.ts'
import { changeLine, type Difference } from '../../observe/difference/difference.ts'
import { journeyText } from '../../observe/journey/text.ts'
import type { CommandStarted, Dialect, JourneyFollowed } from '../events.ts'
import { inLanguage, linesOf, pictureLabels, widthOf } from './picture.ts'

export type PageOptions = {
  readonly write: (text: string) => void
  readonly chalk: ChalkInstance
  readonly translate: Translate
  /** For screen readers: no drawings, and words instead of signs. */
  readonly plain?: boolean
  /** The columns of the terminal; text never takes more than 80. */
  readonly columns?: number
  /** Also breaks commands and their output into lines. Otherwise they stay as they are, so that they can be copied. */
  readonly wraps?: boolean
}

type Otherwise = Pick<CommandStarted, 'node' | 'otherwise'>

// The numbers of the commands stand in this margin.
const margin = 5

export class TextPage {
  readonly chalk: ChalkInstance
  readonly translate: Translate
  readonly plain: boolean
  readonly #wraps: boolean
  readonly #write: (text: string) => void
  /** The columns of our own text. */
  readonly width: number
  /** The columns of the terminal, for what is not text. */
  readonly #columns: number
  #lastWasGap = false

  constructor(options: PageOptions) {
    this.#write = options.write
    this.chalk = options.chalk
    this.translate = options.translate
    this.plain = options.plain ?? false
    this.#wraps = options.wraps ?? false
    this.#columns = options.columns ?? columns
    this.width = Math.min(this.#columns, columns)
  }

  /** Writes the line as it is, also if it is wide. */
  line(text = ''): void {
    this.#lastWasGap = text === ''
    this.#write(`${text}\n`)
  }

  gap(): void {
    if (!this.#lastWasGap) this.line()
  }

  /** Writes one paragraph; the lines after the first may be indented further. */
  prose(text: string, first = 2, others = first): void {
    for (const line of hanging(text, first, others, this.width)) this.line(line)
  }

  /** Writes paragraphs, which an empty line separates. */
  paragraphs(text: string, indent: number): void {
    for (const paragraph of text.split(/\n\s*\n/)) {
      if (paragraph.trim() === '') continue
      this.gap()
      this.prose(paragraph, indent)
    }
  }

  heading(text: string): void {
    this.gap()
    this.prose(this.chalk.bold(text), 0)
    this.gap()
  }

  opening(name: string, title: string): void {
    const { bold, cyan } = this.chalk
    this.gap()
    const names = { name: bold(cyan(name)), title: bold(this.translate(title)) }
    this.prose(this.translate('{name}: {title}', names), 0)
    this.rule()
  }

  rule(): void {
    if (!this.plain) this.line(this.chalk.dim('─'.repeat(this.width - 2)))
  }

  step(step: number, title: string, text: string): void {
    this.gap()
    this.prose(this.chalk.bold(`${step}. ${this.translate(title)}`), 0, 3)
    this.paragraphs(this.translate(text), 3)
    this.gap()
  }

  /** @param news labels of the picture that are highlighted. */
  drawing(picture: string, news: readonly string[] = []): void {
    if (this.plain) return
    const lines = linesOf(picture)
    this.gap()
    if (!this.fits(picture))
      this.prose(
        this.translate('A picture is left out: it needs {columns} columns.', {
          columns: widthOf(picture),
        }),
      )
    else
      for (const line of lines)
        this.line(
          this.#highlighted(`  ${inLanguage(line, this.translate)}`.trimEnd(), new Set(news)),
        )
    this.gap()
  }

  /** Whether the terminal is wide enough for a picture. */
  fits(picture: string): boolean {
    return widthOf(picture) <= this.#columns
  }

  #highlighted(line: string, news: ReadonlySet<string>): string {
    const { bold, cyan, green } = this.chalk
    if (news.size === 0) return cyan(line)
    return line
      .split(new RegExp(`(${pictureLabels.source})`, 'u'))
      .map((piece) => (news.has(piece) ? bold(green(piece)) : cyan(piece)))
      .join('')
  }

  command(node: string, line: string, number: number | null = null, note = ''): void {
    const { bold, dim, green } = this.chalk
    const left = dim(String(number ?? '').padStart(margin - 2))
    const prompt = green(`${node}$`)
    if (this.#wraps) {
      // A here-document of many lines, which hanging() would join, is longer than a screen.
      const lines = line.split('\n')
      const isLong = lines.length > 12
      const [first = '', ...rest] = hanging(
        `${prompt} ${bold(isLong ? (lines[0] ?? '') : line)}`,
        margin,
        margin + 4,
        this.width,
      )
      this.line(`${left}  ${first.trimStart()}${note}`)
      for (const each of rest) this.line(each)
      if (isLong)
        this.prose(
          this.translate('… and {more} more lines', { more: lines.length - 1 }),
          margin + 4,
        )
    } else {
      const [first = '', ...rest] = line.split('\n')
      this.line(`${left}  ${prompt} ${bold(first)}${note}`)
      for (const each of rest) this.line(dim(each))
    }
  }

  /** Writes the commands of the other dialect for the same work. */
  otherwise({ node, otherwise }: Otherwise, dialect: Dialect): void {
    if (otherwise.length === 0) return
    const commands = otherwise
      .map((other) => (other.node === node ? other.line : `${other.node}$ ${other.line}`))
      .join('; ')
    const text =
      dialect === 'ip'
        ? this.translate('(classic: {commands})', { commands })
        : this.translate('(today: {commands})', { commands })
    this.prose(this.chalk.dim(text), margin + 2, margin + 7)
  }

  call(source: string): void {
    const { bold, cyan } = this.chalk
    this.gap()
    for (const [index, line] of source.split('\n').entries())
      this.line(`${' '.repeat(margin)}${index === 0 ? `${cyan('ts>')} ` : '    '}${bold(line)}`)
  }

  part(title: string, line: string | null): void {
    const { dim, green } = this.chalk
    this.prose(dim(`# ${this.translate(title)}`), margin, margin + 2)
    if (line !== null) this.line(`${' '.repeat(margin)}${green('host$')} ${line}`)
  }

  output(text: string, indent = margin + 2): void {
    const lines = text.replace(/\n+$/, '').split('\n')
    if (lines.length === 1 && lines[0] === '') return
    for (const line of lines)
      for (const piece of this.#wraps ? pieces(line, this.width - 1 - indent) : [line])
        this.line(this.chalk.dim((' '.repeat(indent) + piece).trimEnd()))
  }

  /** Writes a sentence with good news; the sign only repeats what the sentence says. */
  good(text: string): void {
    const { green } = this.chalk
    if (this.plain) this.prose(text, 2)
    else this.prose(green(`✓ ${text}`), 2, 4)
  }

  bad(text: string): void {
    const { red } = this.chalk
    if (this.plain) this.prose(text, 2)
    else this.prose(`${red('✗')} ${text}`, 2, 4)
  }

  /** Writes whether a statement holds, the command that decides, and the observation. */
  check({
    holds,
    statement,
    node,
    line,
    observed,
    time = '',
  }: {
    readonly holds: boolean
    readonly statement: string
    readonly node: string
    readonly line: string
    /** Left out if the caller writes it. */
    readonly observed?: Message
    readonly time?: string
  }): void {
    const { bold, green, red } = this.chalk
    const text = this.translate(statement)
    if (this.plain)
      this.prose(
        this.translate(holds ? 'holds: {statement}' : 'fails: {statement}', { statement: text }),
        3,
        5,
      )
    else this.prose(holds ? `${green('✓')} ${text}` : `${red('✗')} ${bold.red(text)}`, 3, 5)
    this.seen(node, line, observed, time)
  }

  /** Writes a command and the observation. */
  seen(node: string, line: string, observed?: Message, time = ''): void {
    const { dim } = this.chalk
    this.prose(dim(`${node}$ ${line}`), margin, margin + 2)
    if (observed) this.observed(observed, time)
  }

  observed(observed: Message, time = ''): void {
    const arrow = this.plain ? '' : '→ '
    this.prose(this.chalk.dim(`${arrow}${this.translate(observed)}${time}`), margin, margin + 2)
  }

  /** Writes why a check fails. */
  failure(expected: Message, observed: Message): void {
    this.prose(this.translate('expected: {expected}', { expected }), margin, margin + 2)
    this.prose(
      this.chalk.red(this.translate('observed: {observed}', { observed })),
      margin,
      margin + 2,
    )
  }

  changes({ changes, traffic }: Difference): void {
    const { dim, green, red, yellow } = this.chalk
    const colors = { '+': green, '-': red, '~': yellow }
    for (const change of changes)
      this.prose(colors[change.sign](changeLine(change, this.translate)), margin, margin + 4)
    for (const change of traffic)
      this.prose(dim(changeLine(change, this.translate)), margin, margin + 4)
  }

  journey({ node, line, journey, error }: Omit<JourneyFollowed, 'at' | 'type'>): void {
    const { cyan, dim } = this.chalk
    this.gap()
    this.prose(
      `${cyan('⇢')} ${this.translate('The journey of')}  ${dim(`${node}$ ${line}`)}`,
      3,
      margin,
    )
    this.gap()
    if (journey === null) this.output(error ?? '')
    else {
      const options = { verdict: false, translate: this.translate }
      for (const row of journeyText(journey, this.chalk, options).trimEnd().split('\n'))
        this.line(row)
    }
    this.gap()
  }
}

/** Breaks the line between two words, and a word only if it is longer than a line. */
function pieces(line: string, width: number): readonly string[] {
  const found = line.match(new RegExp(`.{1,${width}}(?= |$)|.{1,${width}}`, 'gu')) ?? ['']
  return found.map((piece, index) => (index === 0 ? piece : piece.trimStart()))
}
