// What a learner reads, in their language and in 80 columns; complete without colour, and in plain mode without drawings.
import type { Message } from '../language/message.ts'
import type { ChalkInstance } from 'chalk'
import type { Translate } from '../language/translate.ts'
import { changeLine, type Change } from '../observe/difference/difference.ts'
import type { Journey } from '../observe/journey/journey.ts'
import { journeyText } from '../observe/journey/text.ts'
import { columns, hanging, paragraphs } from './flow.ts'
import type { Missing } from './goal/lack.ts'
import type { OutlineCommand } from './outline.ts'
import type { Score } from './score.ts'

export type PageOptions = {
  readonly write: (text: string) => void
  readonly chalk: ChalkInstance
  readonly translate: Translate
  /** For a screen reader: no drawing. */
  readonly plain: boolean
}

export class Page {
  readonly #write: (text: string) => void
  readonly #chalk: ChalkInstance
  readonly #translate: Translate
  readonly #plain: boolean
  #lastWasGap = false

  constructor({ write, chalk, translate, plain }: PageOptions) {
    this.#write = write
    this.#chalk = chalk
    this.#translate = translate
    this.#plain = plain
  }

  opening(name: string, title: string): void {
    const { bold, cyan, dim } = this.#chalk
    this.#gap()
    this.#lines(hanging(`${bold(cyan(name))}: ${bold(this.#translate(title))}`, 0))
    if (!this.#plain) this.#line(dim('─'.repeat(columns - 2)))
  }

  about(text: string, picture: string): void {
    this.#lines(paragraphs(this.#translate(text), 0))
    if (!this.#plain) this.drawing(picture)
    this.#gap()
  }

  step(step: number, title: string, text: string): void {
    this.#gap()
    this.#lines(hanging(this.#chalk.bold(`${step}. ${this.#translate(title)}`), 0, 3))
    this.#lines(paragraphs(this.#translate(text), 3))
    this.#gap()
  }

  drawing(picture: string): void {
    this.#gap()
    for (const line of picture.trimEnd().split('\n'))
      this.#line(this.#chalk.cyan(`  ${line}`.trimEnd()))
    this.#gap()
  }

  /** @param most how many to show: a call of the library can be many. */
  commands(commands: readonly OutlineCommand[], most = 12): void {
    this.#gap()
    for (const { number, node, line, otherwise } of commands.slice(0, most)) {
      this.command(node, line, number)
      const other = otherwise.map((each) =>
        each.node === node ? each.line : `${each.node}$ ${each.line}`,
      )
      if (other.length > 0)
        this.#lines(
          hanging(this.#chalk.dim(`(${this.#translate('older')}: ${other.join('; ')})`), 7, 9),
        )
    }
    const more = commands.length - most
    if (more > 0) this.#line(`     ${this.#translate('… and {more} more', { more })}`)
    this.#gap()
  }

  command(node: string, line: string, number: number | null = null): void {
    const { bold, dim, green } = this.#chalk
    const [head = '', ...rest] = hanging(`${green(`${node}$`)} ${bold(line)}`, 5, 9)
    this.#line(`${dim(String(number ?? '').padStart(3))}  ${head.trimStart()}`)
    this.#lines(rest)
  }

  call(source: string): void {
    const { bold, cyan } = this.#chalk
    this.#gap()
    source.split('\n').forEach((line, index) => {
      this.#line(index === 0 ? `  ${cyan('ts>')} ${bold(line)}` : `      ${bold(line)}`)
    })
  }

  part(title: string): void {
    this.#lines(hanging(this.#chalk.dim(`# ${this.#translate(title)}`), 5, 7))
  }

  ran(first: number, last: number): void {
    this.#line(this.#chalk.green(`  ✓ ${first === last ? first : `${first}–${last}`}`))
  }

  /** Output of a program: its own lines, broken only where the terminal would. */
  output(text: string, indent = 7): void {
    const lines = text.replace(/\n+$/, '').split('\n')
    if (lines.length === 1 && lines[0] === '') return
    for (const line of lines)
      for (const piece of pieces(line.trimEnd(), columns - 1 - indent))
        this.#line(this.#chalk.dim(' '.repeat(indent) + piece))
  }

  question(node: string, line: string): void {
    this.#gap()
    const { bold, green, yellow } = this.#chalk
    this.#lines(hanging(`${yellow('?')}  ${green(`${node}$`)} ${bold(line)}`, 2, 5))
  }

  verdict(verdict: {
    readonly right: boolean | null
    readonly truth: string
    readonly statement: string
    readonly observed: Message
  }): void {
    const { dim, green, yellow } = this.#chalk
    const { right, truth, statement, observed } = verdict
    if (right !== null)
      this.#lines(
        right
          ? hanging(green(`✓ ${this.#translate('You were right: {truth}.', { truth })}`), 2, 4)
          : hanging(yellow(`✗ ${this.#translate('It was: {truth}.', { truth })}`), 2, 4),
      )
    this.#lines(hanging(this.#translate(statement), 4))
    this.#lines(hanging(dim(`→ ${this.#translate(observed)}`), 4, 6))
  }

  failed(verdict: {
    readonly statement: string
    readonly expected: Message
    readonly observed: Message
  }): void {
    const { red } = this.#chalk
    this.#lines(
      hanging(
        red(
          `✗ ${this.#translate('Not so: {statement}', { statement: this.#translate(verdict.statement) })}`,
        ),
        2,
        4,
      ),
    )
    this.#lines(
      hanging(`${this.#translate('expected')}: ${this.#translate(verdict.expected)}`, 4, 6),
    )
    this.#lines(
      hanging(`${this.#translate('observed')}: ${this.#translate(verdict.observed)}`, 4, 6),
    )
  }

  goal(lines: readonly string[]): void {
    this.#gap()
    this.#line(`   ${this.#chalk.bold(this.#translate('Your goal:'))}`)
    for (const line of lines) this.#lines(hanging(line, 5, 7))
    this.#gap()
  }

  missing(all: readonly Missing[]): void {
    for (const line of missingLines(all, this.#translate))
      this.#lines(hanging(this.#chalk.yellow(line), 2, 4))
  }

  changes(changes: readonly Change[], traffic: readonly Change[]): void {
    const { dim, green, red, yellow } = this.#chalk
    const colors = { '+': green, '-': red, '~': yellow }
    this.#gap()
    if (changes.length + traffic.length === 0)
      this.note(this.#translate('Nothing has changed yet.'))
    for (const change of changes)
      this.#lines(hanging(colors[change.sign](changeText(change, this.#translate)), 5, 9))
    for (const change of traffic)
      this.#lines(hanging(dim(changeText(change, this.#translate)), 5, 9))
    this.#gap()
  }

  journey(node: string, line: string, journey: Journey | null, error: string | null): void {
    const { cyan, dim } = this.#chalk
    this.#gap()
    this.#lines(
      hanging(
        `${cyan('⇢')} ${this.#translate('The journey of')}  ${dim(`${node}$ ${line}`)}`,
        3,
        5,
      ),
    )
    this.#gap()
    if (journey)
      for (const row of journeyText(journey, this.#chalk, {
        verdict: false,
        translate: this.#translate,
      })
        .trimEnd()
        .split('\n'))
        this.#line(row)
    else this.output(error ?? '')
    this.#gap()
  }

  score({ right, asked }: Score): void {
    if (asked > 0)
      this.note(this.#translate('{right} of {asked} predictions were right.', { right, asked }))
  }

  good(text: string): void {
    this.#lines(hanging(this.#chalk.green(`✓ ${text}`), 2, 4))
  }

  note(text: string): void {
    this.#lines(hanging(text, 2, 4))
  }

  gap(): void {
    this.#gap()
  }

  #lines(lines: readonly string[]): void {
    for (const line of lines) this.#line(line)
  }

  #gap(): void {
    if (!this.#lastWasGap) this.#line('')
  }

  #line(text: string): void {
    this.#lastWasGap = text === ''
    this.#write(`${text}\n`)
  }
}

export function changeText(change: Change, translate: Translate): string {
  return changeLine({ ...change, text: translate(change) })
}

export function missingLines(all: readonly Missing[], translate: Translate): readonly string[] {
  return all.map(
    ({ text, values, isMistake }) => `${isMistake ? '!' : '·'} ${translate(text, values)}`,
  )
}

function pieces(line: string, width: number): readonly string[] {
  if (line.length <= width) return [line]
  return [line.slice(0, width), ...pieces(line.slice(width), width)]
}
