// The workshop as a guide of a scenario: earlier steps are rebuilt in silence; then each group of commands is run, or done by hand,
// and each check is a question first.
import type { Translate } from '../language/translate.ts'
import type { Snapshot } from '../observe/snapshot/snapshot.ts'
import { takeSnapshot } from '../observe/snapshot/take.ts'
import { topologyOf } from '../observe/topology/topology.ts'
import type { AskedCheck, Ended, Guide, JudgedCheck } from '../scenario/guide.ts'
import type { Told } from '../scenario/node.ts'
import { Stopped } from '../scenario/play.ts'
import type { Probe } from '../scenario/probe.ts'
import { GoneAway, type Asker, type Choice, type Menu } from './ask/asker.ts'
import { goalLines, judge, promptWords, shellText, type Judged } from './by-hand.ts'
import { isVisible } from './goal/missing.ts'
import { missingLines, type Page } from './page.ts'
import type { Group, Outline } from './outline.ts'
import type { Update } from './progress.ts'
import { questionOf, type Question } from './question.ts'
import type { Score } from './score.ts'
import {
  hasPackets,
  openNodeShell,
  pictureOf,
  showChanges,
  showJourney,
  showPicture,
  toolChoices,
  type Looking,
} from './tools.ts'
import { watchedShell } from './watched-shell.ts'

export type GuideOptions = Looking & {
  readonly page: Page
  readonly asker: Asker
  readonly t: Translate
  readonly scenario: string
  /** The first step that is gone through; those before are only rebuilt. */
  readonly from: number
  /** Whether every group is done by hand, without being asked. */
  readonly byHand: boolean
  readonly outline: Outline
  readonly tell: (update: Update) => void
}

/** How it was left before the scenario's own end. */
export type Left = { readonly to: 'leave' } | { readonly to: 'step'; readonly step: number }

export class WorkshopGuide implements Guide {
  readonly #options: GuideOptions
  readonly #t: Translate
  readonly #page: Page
  /** The one that it is in. */
  step = 0
  #stepBegan = 0
  #atStep: Snapshot | null = null
  #drawn = ''
  #group: Group | undefined
  /** Whether the commands of this group, or of one that the outline does not know, are under way. */
  #isUnderWay = false
  #mode: 'run' | 'by-hand' | 'done' = 'run'
  #pending: Told[] = []
  #hints = 0
  #shellWasOpen = false
  #toldWhy = false
  #question: Question | null = null
  #guess: string | null = null
  #asked: Probe | null = null
  readonly #servers = new Set<string>()
  #score: Score = { right: 0, asked: 0 }
  /** Of the step that begins. */
  heading = { title: '', text: '' }
  left: Left | null = null
  error: unknown = null

  constructor(options: GuideOptions) {
    this.#options = options
    this.#t = options.t
    this.#page = options.page
  }

  /** Of this time, whatever was guessed before. */
  get score(): Score {
    return this.#score
  }

  get isRebuilding(): boolean {
    return this.step < this.#options.from
  }

  async beforeStep(step: number): Promise<void> {
    this.step = step
    this.#stepBegan = performance.now()
    if (this.isRebuilding) return
    const now = await takeSnapshot()
    this.#atStep = now
    await this.#draw(now)
    this.#page.step(step, this.heading.title, this.heading.text)
  }

  /** Before the explanation: a screen of 24 lines has no room for both, and what is to be done should be on it. */
  async #draw(now: Snapshot): Promise<void> {
    const shown = JSON.stringify(topologyOf(now))
    if (this.#options.plain || shown === this.#drawn) return
    this.#drawn = shown
    this.#page.gap()
    this.#page.note(this.#t('The network as it is now:'))
    this.#page.drawing(await pictureOf(now))
  }

  async afterStep(step: number): Promise<void> {
    if (this.isRebuilding) return
    await this.#endGroup(null)
    const seconds = Math.round((performance.now() - this.#stepBegan) / 1000)
    this.#options.tell({ kind: 'step', scenario: this.#options.scenario, step, seconds })
  }

  async beforeCommand(told: Told, number: number | null): Promise<boolean> {
    if (/^serve \d+/.test(told.line)) this.#servers.add(told.node)
    if (this.isRebuilding) return number !== null
    if (number === null) return this.#pending.length === 0
    const group = await this.#groupOf(number)
    if (!this.#isUnderWay || group !== this.#group) {
      await this.#endGroup(null)
      await this.#beginGroup(group)
    }
    if (this.#mode === 'by-hand') this.#pending.push(told)
    return this.#mode === 'run'
  }

  async #groupOf(number: number): Promise<Group | undefined> {
    const { outline } = this.#options
    const group = await outline.groupOf(number)
    if (!group && outline.error !== null && !this.#toldWhy) {
      this.#toldWhy = true
      this.#page.note(this.#t('What is to come could not be found out:'))
      this.#page.output(outline.error)
    }
    return group
  }

  async toleratesFailure(told: Told, ended: Ended): Promise<boolean> {
    if (this.isRebuilding) return false
    this.#page.command(told.node, told.line)
    this.#page.output(ended.stderr || ended.stdout)
    await this.#ask({
      question: this.#t('This command failed. Has its work been done already?'),
      options: [{ value: 'on', key: 'enter', label: this.#t('go on') }],
      tools: [],
    })
    return true
  }

  async beforeCheck(asked: AskedCheck): Promise<boolean> {
    if (this.isRebuilding) {
      await rememberedByTheNetwork(asked)
      return false
    }
    await this.#endGroup(asked)
    const { node, line } = asked.probe
    this.#page.question(node.name, line)
    this.#question = questionOf(asked, [...this.#servers], this.#t)
    const options = this.#question.options.map(({ value, label }, index) => ({
      value,
      label,
      key: String(index + 1),
    }))
    this.#guess = await this.#ask({ question: this.#question.text, options, tools: [] })
    return true
  }

  async afterCheck(asked: AskedCheck, judged: JudgedCheck): Promise<boolean> {
    this.#asked = asked.probe
    this.#compare(asked, judged)
    if (judged.holds || judged.observation.outcome === 'broken') return false
    this.#page.failed({ ...asked, expected: asked.expectation.expected, observed: judged.observed })
    const t = this.#t
    const answer = await this.#ask({
      question: t('The network is not as the scenario needs it.'),
      options: [
        { value: 'again', key: 'enter', label: t('ask the kernel once more') },
        { value: 'on', key: 'g', label: t('go on all the same') },
      ],
      tools: [],
    })
    return answer === 'again'
  }

  async beforeJourney(): Promise<boolean> {
    if (this.isRebuilding) return false
    await this.#endGroup(null)
    return true
  }

  /** Only the first answer is compared: a check that is asked once more has been seen. */
  #compare({ check, statement, probe }: AskedCheck, { observation, observed }: JudgedCheck): void {
    const question = this.#question
    const guess = this.#guess
    this.#guess = null
    if (!question || guess === null) return
    const truth = question.truth(observation)
    const right = truth === null ? null : truth === guess
    const label = question.options.find(({ value }) => value === truth)?.label ?? ''
    this.#page.verdict({ right, truth: label, statement, observed })
    if (right === null || truth === null) return
    const { scenario, tell } = this.#options
    this.#score = {
      right: this.#score.right + (right ? 1 : 0),
      asked: this.#score.asked + 1,
    }
    const asked = { node: probe.node.name, line: probe.line }
    tell({ kind: 'guess', scenario, check, ...asked, guess, truth, right })
  }

  async #beginGroup(group: Group | undefined): Promise<void> {
    this.#group = group
    this.#isUnderWay = true
    this.#hints = 0
    this.#shellWasOpen = false
    if (this.#options.byHand && group?.typed) {
      this.#mode = 'by-hand'
      return
    }
    this.#mode = await this.#chooseMode(group)
  }

  async #chooseMode(group: Group | undefined): Promise<'run' | 'by-hand' | 'done'> {
    const t = this.#t
    if (group) this.#page.commands(group.commands)
    const options: Choice[] = [
      { value: 'run', key: 'enter', label: t('run these commands') },
      ...(group?.typed
        ? [{ value: 'by-hand', key: 's', label: t('do it yourself, in a shell') }]
        : []),
    ]
    const answer = await this.#ask({
      question: t('What now?'),
      options,
      tools: group ? [{ value: 'hint', key: 'h', label: t('hint') }] : [],
    })
    if (answer === 'by-hand') return 'by-hand'
    const isDone =
      this.#shellWasOpen &&
      group &&
      isVisible(group) &&
      (await judge(group, null)).state === 'reached'
    if (isDone) this.#page.good(t('You have done it already.'))
    return isDone ? 'done' : 'run'
  }

  /** @param check the one that follows. */
  async #endGroup(check: AskedCheck | null): Promise<void> {
    const [group, pending] = [this.#group, this.#pending]
    if (this.#isUnderWay && this.#mode === 'run' && group) {
      const numbers = group.commands.map(({ number }) => number)
      this.#page.ran(numbers[0] ?? 0, numbers.at(-1) ?? 0)
    }
    this.#isUnderWay = false
    this.#group = undefined
    this.#pending = []
    if (group && pending.length > 0) await this.#byHand(group, pending, check)
  }

  async #byHand(group: Group, pending: readonly Told[], check: AskedCheck | null): Promise<void> {
    const t = this.#t
    this.#group = group
    const lines = goalLines(group, this.#t)
    const look = () => judge(group, check)
    this.#page.goal(lines)
    let judged: Judged = { state: 'not-yet', missing: [] }
    for (let isFirst = true; ; isFirst = false) {
      const isKnown = judged.state !== 'unknown'
      const asks = isFirst
        ? t('Do it in a shell.')
        : isKnown
          ? t('Not there yet.')
          : t('Is it done?')
      const answer = await this.#ask({
        question: asks,
        options: [
          {
            value: 'open',
            key: 'enter',
            label: isFirst ? t('open the shell') : t('back to the shell'),
          },
          { value: 'run', key: 'r', label: t('let the workshop run the commands') },
          ...(isKnown ? [] : [{ value: 'done', key: 'g', label: t('it is done: go on') }]),
        ],
        tools: [{ value: 'hint', key: 'h', label: t('hint') }],
      })
      if (answer === 'done') return this.#wasByHand()
      if (answer === 'run') {
        for (const { run } of pending) await run()
        judged = await look()
        if (judged.state !== 'not-yet') return this.#page.good(t('The workshop ran the commands.'))
        this.#page.missing(judged.missing)
        this.#page.note(t('Something is in the way: o begins the step over again.'))
        continue
      }
      await this.#openShell(group, look)
      judged = await look()
      if (judged.state === 'reached') {
        this.#page.good(t('The goal is reached.'))
        return this.#wasByHand()
      }
      if (judged.state === 'unknown')
        this.#page.note(t('Only the check that follows can tell whether it is done.'))
      this.#page.missing(judged.missing)
    }
  }

  #wasByHand(): void {
    const { scenario, tell } = this.#options
    tell({ kind: 'by-hand', scenario, step: this.step })
  }

  async #openShell(group: Group, look: () => Promise<Judged>): Promise<void> {
    const t = this.#t
    const { asker, plain } = this.#options
    this.#page.note(
      t('In the shell: goal (what is left), hint, picture; exit or Ctrl-D comes back.'),
    )
    const others = group.after.nodes.map(({ name }) => name).filter((name) => name !== 'host')
    if (others.length > 0)
      this.#page.note(
        t('You are root on host. Another node: ip netns exec NAME bash ({nodes}).', {
          nodes: others.join(', '),
        }),
      )
    await watchedShell(
      {
        prompt: promptWords(look, t),
        commands: {
          goal: async () => {
            const { state, missing } = await look()
            if (state === 'reached') return shellText([t('The goal is reached.')])
            const left = state === 'unknown' ? goalLines(group, this.#t) : missingLines(missing, t)
            return shellText(left)
          },
          hint: async () => this.#nextHint(group),
          picture: async () =>
            plain
              ? (await import('./describe.ts'))
                  .describe(topologyOf(await takeSnapshot()), t)
                  .map((line) => `${line}\n`)
                  .join('')
              : pictureOf(await takeSnapshot()),
        },
      },
      asker.shellInput(),
    )
  }

  /** One command more each time; when it is the workshop that runs them, they are known, and the hint is what they change. */
  #nextHint(group: Group): string {
    const { scenario, tell } = this.#options
    tell({ kind: 'hint', scenario })
    this.#hints = Math.min(this.#hints + 1, group.commands.length)
    return group.commands
      .slice(0, this.#hints)
      .map(({ node, line }) => `  ${node}$ ${line}\n`)
      .join('')
  }

  /** Asks until the answer is one of the menu's own: tools only show something. */
  async #ask(menu: Menu): Promise<string> {
    for (;;) {
      const tools = [...menu.tools, ...toolChoices(this.#t, this.#canFollow() !== null)]
      const answer = await this.#answerTo({ ...menu, tools })
      if (menu.options.some(({ value }) => value === answer)) return answer
      await this.#use(answer)
    }
  }

  async #answerTo(menu: Menu): Promise<string> {
    try {
      return await this.#options.asker.ask(menu)
    } catch (error) {
      if (error instanceof GoneAway) return this.#leave({ to: 'leave' })
      this.error = error
      throw new Stopped()
    }
  }

  async #use(tool: string): Promise<void> {
    switch (tool) {
      case 'picture':
        return showPicture(this.#options, await takeSnapshot())
      case 'changes':
        return this.#atStep ? showChanges(this.#options, this.#atStep) : undefined
      case 'journey': {
        const probe = this.#canFollow()
        return probe ? showJourney(this.#options, probe) : undefined
      }
      case 'hint':
        return this.#showHint()
      case 'node':
        this.#shellWasOpen = true
        return this.#nodeShell()
      case 'over':
        return this.#leave({ to: 'step', step: this.step })
      case 'leave':
        return this.#leave({ to: 'leave' })
    }
  }

  async #nodeShell(): Promise<void> {
    try {
      await openNodeShell(this.#options)
    } catch (error) {
      if (error instanceof GoneAway) return
      this.error = error
      throw new Stopped()
    }
  }

  #showHint(): void {
    const group = this.#group
    if (!group) return
    if (this.#mode === 'by-hand') {
      this.#page.output(this.#nextHint(group), 3)
      return
    }
    const { scenario, tell } = this.#options
    tell({ kind: 'hint', scenario })
    this.#page.note(
      isVisible(group)
        ? this.#t('Afterwards the kernel will hold:')
        : this.#t('They change nothing that a picture of the network shows.'),
    )
    if (isVisible(group)) for (const line of goalLines(group, this.#t)) this.#page.note(`  ${line}`)
  }

  #canFollow(): Probe | null {
    return this.#asked && hasPackets(this.#asked) ? this.#asked : null
  }

  #leave(left: Left): never {
    this.left = left
    throw new Stopped()
  }
}

/** What answers leave behind belongs to the state that is rebuilt: neighbours, and what a bridge has learnt. The rest takes time. */
async function rememberedByTheNetwork({ probe, expectation }: AskedCheck): Promise<void> {
  if (expectation.wants.what !== 'answer') return
  await probe.observe({ patience: 300, holds: (seen) => expectation.judge(seen).holds })
}
