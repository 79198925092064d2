// Leads a learner at the page through one broken network: the symptom, the cause, the repair. The judge is that of `npm run fix`.
import type { BrokenNetwork, Nodes } from '../../fix/broken.ts'
import { judge, symptom, type Answer } from '../../fix/judge.ts'
import { finished, nothingDone, type Score } from '../../fix/score.ts'
import { build, typeOn } from '../../fix/world.ts'
import type { Untimed, ScenarioEvent } from '../../scenario/events.ts'
import type { Probe } from '../../scenario/probe.ts'
import { hasPackets } from '../../workshop/tools.ts'
import { solutionOf } from '../broken-texts.ts'
import type { Fix as Word, FixState } from '../protocol.ts'
import type { FromInside } from './messages.ts'
import type { Network } from './network.ts'

export type FixOptions = {
  readonly broken: BrokenNetwork
  readonly nodes: Nodes
  readonly network: Network
  readonly send: (message: FromInside) => void
}

export class Fix {
  readonly #options: FixOptions
  #state: FixState = {
    score: nothingDone,
    symptom: [],
    named: [],
    hints: 0,
    judgement: null,
    solution: null,
  }
  /** What the look of each cause printed before anything was changed: it shows the fault also after a repair. */
  readonly #looks = new Map<string, string>()
  #isBusy = false

  constructor(options: FixOptions) {
    this.#options = options
  }

  /** @throws NetdojoError if the network cannot be built, or its fault shows no symptom */
  async build(): Promise<void> {
    const { broken, nodes } = this.#options
    await build(broken, nodes)
    await symptom(broken, nodes)
    for (const { look } of [broken.cause, ...broken.alternatives]) {
      const { stdout, stderr } = await typeOn(nodes.host, look)
      this.#looks.set(look, (stdout + stderr).trimEnd())
    }
  }

  /** Shows what is seen, and waits for the learner. */
  begin(): Promise<void> {
    return this.receive({ type: 'symptom' })
  }

  async receive(word: Word): Promise<void> {
    // One after the other: the page shows what is under way.
    if (this.#isBusy) return
    this.#isBusy = true
    this.#options.send({ type: 'turn', kind: 'busy' })
    try {
      await this.#act(word)
    } catch (error) {
      this.#options.send({ type: 'notice', text: String(error) })
    } finally {
      this.#isBusy = false
    }
    if (finished(this.#state.score)) this.#show({ solution: this.#solution() })
    this.#options.send({ type: 'turn', kind: 'fix', ...this.#state })
    const { broken, send } = this.#options
    if (word.type !== 'symptom')
      send({ type: 'score', name: broken.name, score: this.#state.score })
  }

  /** The probe of a statement, by its number: what must work comes first, then what must still work. */
  probeOf(number: number): Probe | undefined {
    const { broken, nodes } = this.#options
    const probe = [...broken.works(nodes), ...broken.unharmed(nodes)][number - 1]?.probe
    const sender = probe?.during ?? probe
    return sender && hasPackets(sender) ? sender : undefined
  }

  async #act(word: Word): Promise<void> {
    const { broken, network } = this.#options
    const { score } = this.#state
    switch (word.type) {
      case 'symptom': {
        const { works } = await network.during(() => this.#judge())
        this.#show({ symptom: works })
        return network.look()
      }
      case 'judge': {
        const judgement = await network.during(() => this.#judge())
        this.#show({ judgement }, { checks: score.checks + 1, repaired: judgement.repaired })
        return network.look()
      }
      case 'diagnose':
        return this.#diagnose(word.cause)
      case 'fix-hint': {
        const hints = Math.min(score.hints + 1, broken.hints.length)
        return this.#show({ hints }, { hints })
      }
      case 'solution':
        return this.#show({ solution: this.#solution() }, finished(score) ? {} : { told: true })
    }
  }

  async #judge() {
    const { broken, nodes } = this.#options
    const judgement = await judge(broken, nodes)
    for (const [index, answer] of [...judgement.works, ...judgement.unharmed].entries())
      this.#tell(index + 1, answer)
    return judgement
  }

  #diagnose(name: string): void {
    const { broken } = this.#options
    const { named, score } = this.#state
    const cause = [broken.cause, ...broken.alternatives].find((each) => each.name === name)
    if (!cause || score.diagnosed || named.some((each) => each.name === name)) return
    const right = cause === broken.cause
    const look = { line: cause.look, output: this.#looks.get(cause.look) ?? '' }
    const { statement } = cause
    this.#show(
      { named: [...named, { name, statement, look, right }] },
      { answers: score.answers + 1, diagnosed: right },
    )
  }

  #solution() {
    return this.#state.solution ?? solutionOf(this.#options.broken)
  }

  #show(change: Partial<FixState>, counted: Partial<Score> = {}): void {
    const score = { ...this.#state.score, ...counted }
    this.#state = { ...this.#state, ...change, score }
  }

  /** As the events of a scenario's check. */
  #tell(check: number, answer: Answer): void {
    const { statement, node, line, holds, observed, output } = answer
    const { broken, nodes, send } = this.#options
    const declared = [...broken.works(nodes), ...broken.unharmed(nodes)][check - 1]
    if (!declared) return
    const { expected } = declared.expectation
    const tell = (event: Untimed<ScenarioEvent>) =>
      send({ type: 'event', event: { ...event, at: 0 } })
    tell({ type: 'check-started', check, statement, node, line, expected, lesson: null })
    const ended = { check, holds, observed, output, attempts: 1, milliseconds: 0 }
    tell({ type: 'check-ended', ...ended })
  }
}
