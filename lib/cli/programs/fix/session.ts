// Leads a learner through one broken network, from the symptom to the grade, and counts checks, answers and hints.
import type { BrokenNetwork, Nodes } from '../../../fix/broken.ts'
import { shuffled } from '../../../fix/choose.ts'
import { type Answer, judge } from '../../../fix/judge.ts'
import { type Score, finished, nothingDone } from '../../../fix/score.ts'
import { typeOn } from '../../../fix/world.ts'
import type { Words } from '../../../workshop/watched-shell.ts'
import { numberOf } from '../catalogue.ts'
import { TextPage } from '../../../scenario/render/text-page.ts'
import { commandsOf, goals, solution } from './page.ts'
import type { Person } from './person.ts'

export type Session = {
  readonly broken: BrokenNetwork
  readonly nodes: Nodes
  readonly page: TextPage
  readonly person: Person
  readonly seed: number
  readonly columns: number
}

/** What the learner can choose, with the keys of the workshop. */
const choices = ['check', 'shell', 'cause', 'hint', 'solution', 'leave'] as const
type Chosen = (typeof choices)[number]

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
    const act: Readonly<Record<Exclude<Chosen, 'leave'>, () => void | Promise<void>>> = {
      check: () => this.#check(),
      shell: () => this.#shellAgain(),
      cause: () => this.#diagnose(),
      hint: () => this.#giveHint(page),
      solution: () => this.#showSolution(),
    }
    while (!finished(this.score)) {
      page.gap()
      const left = this.#session.broken.hints.length - this.score.hints
      const answer = await person.ask({
        question: translate('What next?'),
        options: [
          // Enter does what is left to do.
          this.score.repaired
            ? { value: 'cause', key: 'enter', label: translate('name the cause') }
            : { value: 'check', key: 'enter', label: translate('check my repair') },
          { value: 'shell', key: 's', label: translate('back to the shell') },
          this.score.repaired
            ? { value: 'check', key: 'c', label: translate('check my repair') }
            : { value: 'cause', key: 'c', label: translate('name the cause') },
        ],
        tools: [
          { value: 'hint', key: 'h', label: translate('a hint ({left} left)', { left }) },
          { value: 'solution', key: 'x', label: translate('show the solution') },
          { value: 'leave', key: 'q', label: translate('leave') },
        ],
      })
      if (answer?.startsWith('$')) {
        await this.#command(answer.slice(1).trim())
        continue
      }
      const chosen = choices.find((choice) => choice === answer)
      if (answer === undefined || chosen === 'leave') return
      if (chosen) await act[chosen]()
      else page.prose(translate("'{answer}' is not one of the choices.", { answer }))
    }
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
    const harmed = unharmed.filter(({ holds }) => !holds)
    for (const answer of harmed) page.check(answer)
    const count = unharmed.length - harmed.length
    page.good(translate('{count} of {all} statements hold.', { count, all: unharmed.length }))
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
    const { translate } = page
    const known = translate(broken.cause.statement)
    if (this.score.diagnosed)
      return page.prose(translate('You have already found the cause: {cause}', { cause: known }))
    const causes = shuffled([broken.cause, ...broken.alternatives], seed, ({ name }) => name)
    page.gap()
    const answer = await person.ask({
      question: translate('What is the cause?'),
      options: causes.map(({ name, statement }, index) => ({
        value: name,
        key: String(index + 1),
        label: translate(statement),
      })),
      tools: [{ value: 'back', key: 'enter', label: translate('back') }],
    })
    if (answer === undefined || answer === 'back') return
    const chosen = causes.find(({ name }) => name === answer)
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
