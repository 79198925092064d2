// One learner and one broken network, from the complaint to the grade: what is asked, what is answered, and what is counted.
import type { BrokenNetwork, Nodes } from '../../../fix/broken.ts'
import { shuffled } from '../../../fix/choose.ts'
import { type Answer, judge } from '../../../fix/judge.ts'
import { type Score, finished, nothingDone } from '../../../fix/score.ts'
import type { TextName } from '../../../fix/texts.ts'
import { typeOn } from '../../../fix/world.ts'
import { shell } from '../../../sandbox/shell.ts'
import { numberOf } from '../catalogue.ts'
import { type Page, solution } from './page.ts'

export type Session = {
  readonly broken: BrokenNetwork
  readonly nodes: Nodes
  readonly page: Page
  readonly person: Person
  readonly seed: number
}

type Choice = readonly [word: string, text: TextName, act: () => Promise<'leave' | void>]

/** @returns what was reached when it was finished or left. */
export async function play(session: Session, noticed: Answer): Promise<Score> {
  const learner = new Learner(session)
  learner.greet(noticed)
  await learner.shell('rootShell')
  await learner.menu()
  return learner.score
}

class Learner {
  score: Score = nothingDone
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  greet({ node, line, observed }: Answer): void {
    const { broken, page } = this.#session
    const { say, translate } = page
    const title = translate(broken.title)
    page.title(say('heading', { number: numberOf(broken), title }))
    page.picture(broken.topology)
    page.prose(translate(broken.story))
    page.line()
    page.prose(say('noticed'))
    page.seen({ node, line, observed })
    page.line()
    page.prose(say('task'))
  }

  async shell(text: 'rootShell' | 'shellAgain'): Promise<void> {
    const { page, person, broken } = this.#session
    if (!person.shell) return
    page.line()
    page.prose(page.say(text, { node: broken.servers[0]?.[0] ?? 'outside' }))
    await person.shell()
  }

  async menu(): Promise<void> {
    const { page, person } = this.#session
    while (!finished(this.score)) {
      const choices = this.#choices()
      page.line()
      page.line(page.chalk.bold(page.say('whatNext')))
      for (const [index, [, text]] of choices.entries()) {
        const left = this.#session.broken.hints.length - this.score.hints
        page.line(`  ${index + 1}  ${page.say(text, { left })}`)
      }
      page.line(page.chalk.dim(`     ${page.say('menuCommand')}`))
      const answer = await person.ask('> ')
      if (answer === undefined || (await this.#act(answer, choices)) === 'leave') return
    }
  }

  #choices(): readonly Choice[] {
    return [
      ['shell', 'menuShell', () => this.#shellAgain()],
      ['check', 'menuCheck', () => this.#check()],
      ['cause', 'menuCause', () => this.#diagnose()],
      ['hint', 'menuHint', () => this.#hint()],
      ['solution', 'menuSolution', () => this.#tell()],
      ['leave', 'menuLeave', () => Promise.resolve('leave')],
    ]
  }

  async #act(answer: string, choices: readonly Choice[]): Promise<'leave' | void> {
    if (answer === '') return
    if (answer.startsWith('$')) return this.#command(answer.slice(1).trim())
    const choice =
      choices[Number(answer) - 1] ?? choices.find(([word]) => word.startsWith(answer.toLowerCase()))
    if (choice) return choice[2]()
    const { page } = this.#session
    page.prose(page.say('notUnderstood', { answer }))
  }

  async #command(command: string): Promise<void> {
    const { stdout, stderr } = await typeOn(this.#session.nodes.host, command)
    const said = [stdout, stderr].filter(Boolean).join('\n')
    if (said !== '') this.#session.page.line(said.trimEnd())
  }

  async #shellAgain(): Promise<void> {
    const { page, person } = this.#session
    if (person.shell) return this.shell('shellAgain')
    page.prose(page.say('noShellInScript'))
  }

  async #check(): Promise<void> {
    const { broken, nodes, page } = this.#session
    this.#count({ checks: this.score.checks + 1 })
    page.title(page.say('checking'))
    const { works, unharmed, repaired } = await judge(broken, nodes)
    for (const answer of works) page.answer(answer)
    page.title(page.say('checkingHarm'))
    for (const answer of unharmed) page.answer(answer)
    page.line()
    const working = works.every(({ holds }) => holds)
    this.#count({ repaired })
    page.verdict(repaired, page.say(repaired ? 'repaired' : working ? 'harmed' : 'stillBroken'))
    if (!repaired || this.score.diagnosed) return
    page.line()
    page.prose(page.say('nowDiagnose'), 0)
    await this.#diagnose()
  }

  async #diagnose(): Promise<void> {
    const { broken, page, person, seed } = this.#session
    const { say, translate, chalk } = page
    const known = translate(broken.cause.statement)
    if (this.score.diagnosed) return page.prose(say('causeKnown', { cause: known }))
    const causes = shuffled([broken.cause, ...broken.alternatives], seed, ({ name }) => name)
    page.line()
    page.line(chalk.bold(say('whichCause')))
    for (const [index, { statement }] of causes.entries())
      page.prose(`${index + 1}  ${translate(statement)}`, 2, 3)
    const answer = await person.ask('> ')
    if (answer === undefined || answer === '') return
    const chosen = causes[Number(answer) - 1] ?? causes.find(({ name }) => name === answer)
    if (!chosen) return page.prose(say('notUnderstood', { answer }))
    const right = chosen === broken.cause
    this.#count({ answers: this.score.answers + 1, diagnosed: right })
    page.line()
    page.verdict(right, say(right ? 'rightCause' : 'wrongCause'))
    if (!right) page.commands(chosen.look)
    else if (!this.score.repaired) page.prose(say('nowRepair'), 0)
  }

  async #hint(): Promise<void> {
    const { broken, page } = this.#session
    const { hints } = broken
    const hint = hints[this.score.hints]
    page.line()
    if (hint === undefined) return page.prose(page.say('noMoreHints'))
    this.#count({ hints: this.score.hints + 1 })
    const number = this.score.hints
    page.prose(page.say('hint', { number, all: hints.length, hint: page.translate(hint) }))
  }

  async #tell(): Promise<void> {
    const { broken, page } = this.#session
    this.#count({ told: true })
    solution(page, broken)
    page.prose(page.say('stillYours'), 0)
  }

  #count(change: Partial<Score>): void {
    this.score = { ...this.score, ...change }
  }
}

export type Person = {
  /** @returns undefined when nobody answers any more. */
  readonly ask: (question: string) => Promise<string | undefined>
  /** Undefined for a script. */
  readonly shell: (() => Promise<unknown>) | undefined
}

export function atTerminal(write: (text: string) => void): Person {
  return {
    ask: async (question) => {
      const { createInterface } = await import('node:readline/promises')
      const { stdin: input, stdout: output } = process
      const lines = createInterface({ input, output })
      // Ctrl-D closes it, and the question is then never settled.
      const closed = new Promise<undefined>((resolve) =>
        lines.once('close', () => resolve(undefined)),
      )
      try {
        const answer = await Promise.race([lines.question(question), closed])
        if (answer === undefined) write('\n')
        return answer?.trim()
      } catch {
        // Ctrl-C.
        write('\n')
        return undefined
      } finally {
        lines.close()
      }
    },
    shell: () => shell(),
  }
}

export function script(lines: readonly string[], write: (text: string) => void): Person {
  const left = lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  return {
    ask: async (question) => {
      const answer = left.shift()
      write(`${question}${answer ?? ''}\n`)
      return answer
    },
    shell: undefined,
  }
}
