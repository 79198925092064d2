// Leads a learner through one broken network, from the symptom to the grade, and counts checks, answers and hints.
import type { BrokenNetwork, Nodes } from '../../../fix/broken.ts'
import { shuffled } from '../../../fix/choose.ts'
import { type Answer, judge } from '../../../fix/judge.ts'
import { type Score, finished, nothingDone } from '../../../fix/score.ts'
import { typeOn } from '../../../fix/world.ts'
import { watchedShell, type Words } from '../../../workshop/watched-shell.ts'
import type { Terminal } from '../../shared/terminal.ts'
import { numberOf } from '../catalogue.ts'
import { TextPage } from '../../../scenario/render/text-page.ts'
import { commandsOf, goals, solution } from './page.ts'

export type Session = {
  readonly broken: BrokenNetwork
  readonly nodes: Nodes
  readonly page: TextPage
  readonly person: Person
  readonly seed: number
  readonly columns: number
}

type Choice = readonly [word: string, text: string, act: () => Promise<'leave' | void>]

/** @returns the score when the learner has finished or leaves. */
export async function play(session: Session, noticed: Answer): Promise<Score> {
  const learner = new Learner(session)
  learner.greet(noticed)
  await learner.shell(true)
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
    const { translate } = page
    const title = translate(broken.title)
    page.heading(translate('Broken network {number}: {title}', { number: numberOf(broken), title }))
    page.drawing(broken.topology)
    page.paragraphs(translate(broken.story), 2)
    page.gap()
    page.prose(translate('The symptom:'))
    page.seen(node, line, observed)
    page.gap()
    page.prose(
      translate(
        'Find the cause and repair it. You may change the host and its namespaces. You must not change outside: it is the Internet. Whatever works now must still work afterwards.',
      ),
    )
  }

  async shell(isFirst: boolean): Promise<void> {
    const { page, person, broken } = this.#session
    const { translate } = page
    if (!person.shell) return
    page.gap()
    page.prose(
      isFirst
        ? translate(
            "You are root on host. To enter another node: on {node}. When you have repaired the network, leave the shell with 'exit'; then you can check your repair.",
            { node: broken.servers[0]?.[0] ?? 'outside' },
          )
        : translate(
            "You are root on host, in the network as it is now. Leave the shell with 'exit'.",
          ),
    )
    page.prose(translate('Commands that help you: goal (what must work), hint, picture, on NODE.'))
    await person.shell(this.#words())
  }

  /** The same commands as in the shell of the workshop. No prompt says anything: that would give the fault away. */
  #words(): Words {
    const { broken, nodes } = this.#session
    return {
      prompt: async () => '',
      commands: {
        goal: async () => this.#written((page) => goals(page, broken, nodes)),
        hint: async () => this.#written((page) => this.#giveHint(page)),
        picture: async () => {
          const [{ takeSnapshot }, { topologyOf }, { topologyText }, { usualCharset }] =
            await Promise.all([
              import('../../../observe/snapshot/take.ts'),
              import('../../../observe/topology/topology.ts'),
              import('../../../observe/topology/text.ts'),
              import('../../../observe/topology/canvas.ts'),
            ])
          const { columns } = this.#session
          return topologyText(topologyOf(await takeSnapshot()), {
            columns,
            charset: usualCharset(),
          })
        },
      },
    }
  }

  /** The text of a page, for a command of the shell. */
  #written(write: (page: TextPage) => void): string {
    const { page, columns } = this.#session
    const { chalk, translate, plain } = page
    let written = ''
    write(new TextPage({ write: (text) => (written += text), chalk, translate, plain, columns }))
    return written
  }

  async menu(): Promise<void> {
    const { page, person } = this.#session
    const { translate } = page
    while (!finished(this.score)) {
      const choices = this.#choices()
      page.gap()
      page.line(page.chalk.bold(translate('What next?')))
      for (const [index, [, text]] of choices.entries()) {
        page.line(`  ${index + 1}  ${text}`)
      }
      page.prose(
        page.chalk.dim(translate('(or one command for host, after a $; for example: $ ip route)')),
        5,
      )
      const answer = await person.ask('> ')
      if (answer === undefined || (await this.#act(answer, choices)) === 'leave') return
    }
  }

  #choices(): readonly Choice[] {
    const { page, broken } = this.#session
    const { translate } = page
    const left = broken.hints.length - this.score.hints
    return [
      ['shell', translate('back to the shell'), () => this.#shellAgain()],
      ['check', translate('check my repair'), () => this.#check()],
      ['cause', translate('name the cause'), () => this.#diagnose()],
      ['hint', translate('a hint ({left} left)', { left }), () => this.#hint()],
      ['solution', translate('show the solution'), () => this.#showSolution()],
      ['leave', translate('leave'), () => Promise.resolve('leave')],
    ]
  }

  async #act(answer: string, choices: readonly Choice[]): Promise<'leave' | void> {
    if (answer === '') return
    if (answer.startsWith('$')) return this.#command(answer.slice(1).trim())
    const choice =
      choices[Number(answer) - 1] ?? choices.find(([word]) => word.startsWith(answer.toLowerCase()))
    if (choice) return choice[2]()
    const { page } = this.#session
    page.prose(page.translate("'{answer}' is not one of the choices.", { answer }))
  }

  async #command(command: string): Promise<void> {
    const { stdout, stderr } = await typeOn(this.#session.nodes.host, command)
    const printed = [stdout, stderr].filter(Boolean).join('\n')
    if (printed !== '') this.#session.page.line(printed.trimEnd())
  }

  async #shellAgain(): Promise<void> {
    const { page, person } = this.#session
    if (person.shell) return this.shell(false)
    page.prose(
      page.translate(
        'A script cannot open a shell. Write each command on a line of its own, after a $.',
      ),
    )
  }

  async #check(): Promise<void> {
    const { broken, nodes, page } = this.#session
    const { translate } = page
    this.#count({ checks: this.score.checks + 1 })
    page.heading(translate('Does it work again?'))
    const { works, unharmed, repaired } = await judge(broken, nodes)
    for (const answer of works) page.check(answer)
    page.heading(translate('Does everything else still work?'))
    for (const answer of unharmed) page.check(answer)
    page.gap()
    const working = works.every(({ holds }) => holds)
    this.#count({ repaired })
    if (repaired) page.good(translate('Repaired, and everything else still works.'))
    else if (working)
      page.bad(
        translate(
          'Refused: your repair cures the symptom but breaks something that worked before.',
        ),
      )
    else if (works[0]?.holds)
      page.bad(translate('Not yet: the symptom is gone, but not everything works again.'))
    else page.bad(translate('Not yet: the symptom is still there.'))
    if (!repaired || this.score.diagnosed) return
    page.gap()
    page.prose(translate('Now name the cause.'), 0)
    await this.#diagnose()
  }

  async #diagnose(): Promise<void> {
    const { broken, page, person, seed } = this.#session
    const { translate, chalk } = page
    const known = translate(broken.cause.statement)
    if (this.score.diagnosed)
      return page.prose(translate('You have already found the cause: {cause}', { cause: known }))
    const causes = shuffled([broken.cause, ...broken.alternatives], seed, ({ name }) => name)
    page.gap()
    page.line(chalk.bold(translate('What is the cause? (Enter: back)')))
    for (const [index, { statement }] of causes.entries())
      page.prose(`${index + 1}  ${translate(statement)}`, 2, 3)
    const answer = await person.ask('> ')
    if (answer === undefined || answer === '') return
    const chosen = causes[Number(answer) - 1] ?? causes.find(({ name }) => name === answer)
    if (!chosen) return page.prose(translate("'{answer}' is not one of the choices.", { answer }))
    const right = chosen === broken.cause
    this.#count({ answers: this.score.answers + 1, diagnosed: right })
    page.gap()
    if (right) {
      page.good(translate('Right: that is the cause.'))
      if (!this.score.repaired) page.prose(translate('Now repair it.'), 0)
    } else {
      page.bad(translate('No. This command shows that this is not the cause:'))
      commandsOf(page, chosen.look)
    }
  }

  async #hint(): Promise<void> {
    this.#giveHint(this.#session.page)
  }

  #giveHint(page: TextPage): void {
    const { broken } = this.#session
    const { translate } = page
    const { hints } = broken
    const hint = hints[this.score.hints]
    page.gap()
    if (hint === undefined)
      return page.prose(
        translate(
          'There are no more hints. To follow a packet hop by hop: netdojo trace -- ping -c 1 198.51.100.1',
        ),
      )
    this.#count({ hints: this.score.hints + 1 })
    const number = this.score.hints
    page.prose(
      translate('Hint {number} of {all}: {hint}', {
        number,
        all: hints.length,
        hint: translate(hint),
      }),
    )
  }

  async #showSolution(): Promise<void> {
    const { broken, page } = this.#session
    this.#count({ told: true })
    solution(page, broken)
    page.prose(page.translate('You can still try these commands in the shell.'), 0)
  }

  #count(change: Partial<Score>): void {
    this.score = { ...this.score, ...change }
  }
}

export type Person = {
  /** @returns undefined when no answer comes any more. */
  readonly ask: (question: string) => Promise<string | undefined>
  /** A script has no shell. */
  readonly shell: ((words: Words) => Promise<unknown>) | undefined
}

export function atTerminal({ ask }: Terminal): Person {
  return { ask, shell: (words) => watchedShell(words, { enter: [], typed: undefined }) }
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
