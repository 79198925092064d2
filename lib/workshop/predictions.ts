// Asks the learner what a check will show, and compares the guess with the kernel's first answer.
import type { AskedCheck, JudgedCheck } from '../scenario/guide.ts'
import type { Dialogue, GuideOptions } from './dialogue.ts'
import { hasPackets } from './tools.ts'
import { questionOf, type Question } from './question.ts'

export class Predictions {
  readonly #options: GuideOptions
  readonly #dialogue: Dialogue
  readonly #servers = new Set<string>()
  readonly #asked = new Set<string>()
  #open: { readonly question: Question; readonly guess: string } | null = null
  /** Whether the network is as the scenario made it. Otherwise a guess counts neither as right nor as wrong. */
  counts = true

  constructor(options: GuideOptions, dialogue: Dialogue) {
    this.#options = options
    this.#dialogue = dialogue
  }

  /** Remembers that a web server runs on this node and may answer. */
  serves(node: string): void {
    this.#servers.add(node)
  }

  /** Asks for a guess, but not twice the same: a check that repeats an earlier one for another node only shows its result. */
  async ask(asked: AskedCheck): Promise<void> {
    const { page, translate } = this.#options
    const { node, line } = asked.probe
    const { why = asked.statement } = asked.lesson ?? {}
    if (this.#asked.has(why)) return page.question(node.name, line)
    this.#asked.add(why)
    page.question(node.name, line)
    const question = questionOf(asked, [...this.#servers])
    const options = question.options.map(({ value, label }, index) => ({
      value,
      label: translate(label),
      key: String(index + 1),
    }))
    const guess = await this.#dialogue.ask({
      question: translate(question.text),
      options,
      tools: [],
    })
    this.#open = { question, guess }
  }

  compare(
    { check, statement, probe, lesson }: AskedCheck,
    { holds, observation, observed }: JudgedCheck,
  ): void {
    const { page, scenario, translate, emit } = this.#options
    if (!this.#open) {
      if (holds) page.verdict({ right: null, truth: '', statement, observed, why: undefined })
      return
    }
    const { question, guess } = this.#open
    this.#open = null
    // If the check fails, the network is not as the question assumed.
    const truth = holds && this.counts ? question.truth(observation) : null
    const right = truth === null ? null : truth === guess
    const label = question.options.find(({ value }) => value === truth)?.label
    page.verdict({
      right,
      truth: label ? translate(label) : '',
      statement,
      observed,
      why: holds ? lesson?.why : undefined,
    })
    if (hasPackets(probe.during ?? probe))
      page.prose(translate('j shows the journey of these packets.'), 5)
    if (right === null || truth === null) return
    const asked = { node: probe.node.name, line: probe.line }
    emit({ kind: 'guess', scenario, check, ...asked, guess, truth, right })
  }
}
