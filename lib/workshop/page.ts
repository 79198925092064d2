// Writes what only the workshop has: questions and their answers, goals, and what is missing. TextPage writes the rest.
import type { Message } from '../language/message.ts'
import type { Translate } from '../language/translate.ts'
import type { Dialect } from '../scenario/events.ts'
import { TextPage } from '../scenario/render/text-page.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { Missing } from './goal/goal.ts'
import type { Group } from './outline.ts'

export class WorkshopPage extends TextPage {
  /** Shows all commands that a person can type; a call of the library can have very many. */
  commands({ commands, typed }: Pick<Group, 'commands' | 'typed'>, dialect: Dialect): void {
    const most = typed ? commands.length : 12
    this.gap()
    for (const command of commands.slice(0, most)) {
      this.command(command.node, command.line, command.number)
      // With the other spelling of each, a long list is longer than a screen.
      if (commands.length <= 8) this.otherwise(command, dialect)
    }
    const more = commands.length - most
    if (more > 0) this.prose(this.translate('… and {more} more', { more }), 5)
    this.gap()
  }

  ran(first: number, last: number): void {
    const numbers = first === last ? first : `${first}–${last}`
    this.good(this.translate('commands done: {numbers}', { numbers }))
  }

  question(node: string, line: string): void {
    const { bold, green, yellow } = this.chalk
    this.gap()
    this.prose(`${yellow('?')}  ${green(`${node}$`)} ${bold(line)}`, 2, 5)
  }

  /** @param right null if the result was none of the choices. */
  verdict(verdict: {
    readonly right: boolean | null
    readonly truth: string
    readonly statement: string
    readonly observed: Message
    readonly why: string | undefined
  }): void {
    const { right, truth, statement, observed, why } = verdict
    if (right === true) this.good(this.translate('You were right: {truth}.', { truth }))
    if (right === false) this.bad(this.chalk.yellow(this.translate('It was: {truth}.', { truth })))
    this.prose(this.translate(statement), 5)
    this.observed(observed)
    if (why !== undefined) this.prose(this.translate(why), 5)
  }

  /** What was learnt, how the same looks in a container engine, and the next command. */
  ending({ learnt, engine }: NonNullable<Scenario['ending']>, next: string): void {
    this.gap()
    this.prose(this.chalk.bold(this.translate('What you have learnt:')))
    for (const line of learnt) this.prose(`· ${this.translate(line)}`, 2, 4)
    this.gap()
    this.prose(this.chalk.bold(this.translate('The same in a container engine:')))
    for (const line of engine) this.prose(`· ${this.translate(line)}`, 2, 4)
    this.gap()
    this.prose(this.translate('The next command: {next}', { next }))
  }

  failed(verdict: {
    readonly statement: string
    readonly expected: Message
    readonly observed: Message
  }): void {
    const statement = this.translate(verdict.statement)
    this.bad(this.chalk.red(this.translate('This does not hold: {statement}', { statement })))
    this.failure(verdict.expected, verdict.observed)
  }

  goal(lines: readonly string[]): void {
    this.gap()
    this.prose(this.chalk.bold(this.translate('Your goal:')), 3)
    for (const line of lines) this.prose(line, 5, 7)
    this.gap()
  }

  missing(all: readonly Missing[]): void {
    for (const line of missingLines(all, this.translate)) this.prose(this.chalk.yellow(line), 2, 4)
  }

  /** Names what makes the network another one than the scenario's, and the way back. */
  differs(all: readonly Missing[]): void {
    if (all.length === 0) return
    this.prose(this.translate('The network differs from the one that the scenario has made:'))
    this.missing(all)
    this.prose(
      this.translate(
        'To change it back: n opens a shell on a node. To build this step again without it: o.',
      ),
    )
  }
}

/** One command can undo a whole table: the first lines say it. */
const mostMissing = 8

export function missingLines(all: readonly Missing[], translate: Translate): readonly string[] {
  const more = all.length - mostMissing
  return [
    ...all
      .slice(0, mostMissing)
      .map((missing) => `${missing.isMistake ? '!' : '·'} ${translate(missing)}`),
    ...(more > 0 ? [translate('… and {more} more', { more })] : []),
  ]
}
