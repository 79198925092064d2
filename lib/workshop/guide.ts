// Guides a scenario for a learner: rebuilds earlier steps, lets each group of commands be run or typed, and asks a question before
// each check.
import { takeSnapshot } from '../observe/snapshot/take.ts'
import type { AskedCheck, Guide, JudgedCheck } from '../scenario/guide.ts'
import type { CommandOutput, LabCommand } from '../scenario/node.ts'
import { goalLines, judge } from './by-hand.ts'
import { Dialogue, type GuideOptions } from './dialogue.ts'
import type { Missing } from './goal/goal.ts'
import { isVisible, missing } from './goal/missing.ts'
import type { Group, Task } from './outline.ts'
import { Predictions } from './predictions.ts'
import { Rebuild } from './rebuild.ts'
import { StepPictures } from './pictures.ts'
import { takeWorld } from './world.ts'

export class WorkshopGuide implements Guide {
  readonly #options: GuideOptions
  readonly dialogue: Dialogue
  readonly predictions: Predictions
  readonly #rebuild: Rebuild
  /** The title and text of the current step. */
  heading = { title: '', text: '' }
  #stepBegan = 0
  readonly #pictures: StepPictures
  #group: Group | undefined
  /** Whether commands of the current group have begun; the outline may not know the group. */
  #isUnderWay = false
  #mode: 'run' | 'by-hand' | 'done' = 'run'
  /** The commands that the learner does in a shell. */
  #held: LabCommand[] = []
  #explained = false
  /** The last command that the scenario has come to. */
  #number = 0
  /** Whether each name of the network is the same in every run: calls of the library make devices with random names. */
  #isComparable = true

  constructor(options: GuideOptions) {
    this.#options = options
    this.#rebuild = new Rebuild(options.begun)
    this.#pictures = new StepPictures(options)
    this.dialogue = new Dialogue(options)
    this.predictions = new Predictions(options, this.dialogue)
  }

  get isRebuilding(): boolean {
    return this.dialogue.step < this.#options.from
  }

  async beforeStep(step: number): Promise<void> {
    this.dialogue.step = step
    this.#stepBegan = performance.now()
    if (this.isRebuilding) return
    await this.#rebuild.untilNow()
    const now = await takeSnapshot()
    this.dialogue.atStep = now
    await this.#pictures.draw(now)
    this.dialogue.text = `${this.heading.title} ${this.heading.text}`
    this.#options.page.step(step, this.heading.title, this.heading.text)
  }

  async afterStep(step: number): Promise<void> {
    if (this.isRebuilding) return
    await this.#endGroup()
    const seconds = Math.round((performance.now() - this.#stepBegan) / 1000)
    this.#options.emit({ kind: 'step', scenario: this.#options.scenario, step, seconds })
    if (!this.dialogue.hasVerdict) return
    const { translate } = this.#options
    await this.dialogue.ask({
      question: translate('Step {step} is done.', { step }),
      options: [{ value: 'next', key: 'enter', label: translate('go on') }],
      tools: [],
      isPause: true,
    })
  }

  async beforeCommand(command: LabCommand, number: number | null): Promise<boolean> {
    const isServer = /^serve \d+/.test(command.line)
    if (isServer) this.predictions.serves(command.node)
    else if (!command.typed) this.#isComparable = false
    if (this.isRebuilding) {
      this.#number = number ?? this.#number
      return number !== null && this.#rebuild.add(command, number)
    }
    // After steps by hand, the learner has looked already.
    if (number === null) return this.#held.length === 0
    const group = await this.#groupOf(number)
    if (!this.#isUnderWay || group !== this.#group) {
      await this.#endGroup()
      await this.#beginGroup(group)
    }
    this.#number = number
    this.dialogue.text += ` ${command.line}`
    if (this.#mode === 'by-hand') this.#held.push(command)
    return this.#mode === 'run'
  }

  async toleratesFailure(command: LabCommand, ended: CommandOutput): Promise<boolean> {
    if (this.isRebuilding) return false
    const { page, translate } = this.#options
    page.command(command.node, command.line)
    page.output(ended.stderr || ended.stdout)
    await this.dialogue.ask({
      question: translate('This command failed. Had you already done its work?'),
      options: [{ value: 'on', key: 'enter', label: translate('go on') }],
      tools: [],
    })
    this.dialogue.isTouched = true
    return true
  }

  async beforeCheck(asked: AskedCheck): Promise<boolean> {
    if (this.isRebuilding) {
      this.#rebuild.ask(asked)
      return false
    }
    await this.#endGroup()
    await this.#compare()
    this.dialogue.text += ` ${asked.statement} ${asked.probe.line}`
    await this.predictions.ask(asked)
    // The menu of the question has a shell too.
    await this.#compare()
    return true
  }

  async afterCheck(asked: AskedCheck, judged: JudgedCheck): Promise<boolean> {
    const { page, translate } = this.#options
    this.dialogue.asked = asked.probe
    this.predictions.compare(asked, judged)
    this.dialogue.hasVerdict = true
    if (judged.holds || judged.observation.outcome === 'broken') return false
    page.failed({ ...asked, expected: asked.expectation.expected, observed: judged.observed })
    page.differs(await this.#different())
    const answer = await this.dialogue.ask({
      question: translate('The network is not in the state that the scenario needs.'),
      options: [
        { value: 'again', key: 'enter', label: translate('ask the kernel again') },
        { value: 'on', key: 'c', label: translate('go on anyway') },
      ],
      tools: [],
    })
    return answer === 'again'
  }

  /** Compares the network with the scenario's after the learner was in a shell, so that no question comes about another network. */
  async #compare(): Promise<void> {
    const { page, translate } = this.#options
    while (this.dialogue.isTouched) {
      const wrong = await this.#different()
      this.predictions.counts = wrong.length === 0
      if (wrong.length === 0) {
        this.dialogue.isTouched = false
        return
      }
      page.differs(wrong)
      const answer = await this.dialogue.ask({
        question: translate('The next answers may differ because of that.'),
        options: [
          { value: 'again', key: 'enter', label: translate('compare again') },
          { value: 'on', key: 'c', label: translate('go on: the next guesses do not count') },
        ],
        tools: [],
      })
      if (answer === 'on') this.dialogue.isTouched = false
    }
  }

  /** In what the network differs from the one that the scenario's commands so far have made. */
  async #different(): Promise<readonly Missing[]> {
    if (!this.#isComparable) return []
    const { outline, state } = this.#options
    const done = await outline.taskOf(this.#number)
    const next = done ? undefined : await outline.taskOf(this.#number + 1)
    const after = done?.after ?? next?.before
    if (!after) return []
    const macs = done?.macs ?? next?.macs ?? []
    return missing(await takeWorld(state), { before: after, after, macs })
  }

  async beforeJourney(): Promise<boolean> {
    if (this.isRebuilding) return false
    await this.#endGroup()
    return true
  }

  async #groupOf(number: number): Promise<Group | undefined> {
    const { outline } = this.#options
    const group = await outline.groupOf(number)
    if (!group) this.#explainOnce()
    return group
  }

  /** The group with the network before and after it. */
  async #taskOf({ commands: [first] }: Group): Promise<Task | undefined> {
    const task = first && (await this.#options.outline.taskOf(first.number))
    if (!task) this.#explainOnce()
    return task
  }

  #explainOnce(): void {
    const { outline, page, translate } = this.#options
    if (outline.error === null || this.#explained) return
    this.#explained = true
    page.prose(translate('The workshop could not find out which commands follow:'))
    page.output(outline.error)
  }

  async #beginGroup(group: Group | undefined): Promise<void> {
    this.#group = group
    this.#isUnderWay = true
    this.#mode = this.#options.byHand && group?.typed ? 'by-hand' : await this.#chooseMode(group)
  }

  async #chooseMode(group: Group | undefined): Promise<'run' | 'by-hand' | 'done'> {
    const { outline, page, translate } = this.#options
    this.dialogue.hint = () => (group ? this.#showWhatChanges(group) : undefined)
    if (group) {
      await this.#pauseBefore(group)
      page.commands(group, this.#options.dialect)
    }
    if (group && !group.typed) page.prose(this.#whyNotTyped(group))
    this.dialogue.node = group?.commands[0]?.node ?? 'host'
    const byHand = { value: 'by-hand', key: 's', label: translate('do it yourself, in a shell') }
    const answering = this.dialogue.ask({
      question: translate('What now?'),
      options: [
        { value: 'run', key: 'enter', label: translate('run these commands') },
        ...(group?.typed ? [byHand] : []),
      ],
      tools: group ? [{ value: 'hint', key: 'h', label: translate('hint') }] : [],
    })
    // The second world starts while the learner reads, so that the goal is ready when it is needed.
    outline.begin()
    const answer = await answering
    if (answer === 'by-hand') return 'by-hand'
    if (!this.dialogue.isTouched || !group || !(await this.#isDone(group))) return 'run'
    page.good(translate('You have already done this.'))
    return 'done'
  }

  /** Many commands would push the text of the step off the screen before anybody has read it. */
  async #pauseBefore({ commands }: Group): Promise<void> {
    const { translate } = this.#options
    if (commands.length <= 10) return
    await this.dialogue.ask({
      question: translate('{count} commands follow.', { count: commands.length }),
      options: [{ value: 'next', key: 'enter', label: translate('show them') }],
      tools: [],
      isPause: true,
    })
  }

  #whyNotTyped({ commands }: Group): string {
    const { translate } = this.#options
    return commands.every(({ line }) => /^serve \d+/.test(line))
      ? translate('The workshop starts this server itself, because the scenario reads its output.')
      : translate(
          'You cannot type these commands: the scenario calls the library and needs the results of the calls. To see the same in a shell: npm run shell, then netdojo network create --explain.',
        )
  }

  async #isDone(group: Group): Promise<boolean> {
    const task = await this.#taskOf(group)
    if (!task) return false
    return isVisible(task) && (await judge(task, this.#options.state)).length === 0
  }

  /** The learner sees the commands: the hint shows what they change. */
  async #showWhatChanges(group: Group): Promise<void> {
    const { page, scenario, translate, emit } = this.#options
    emit({ kind: 'hint', scenario })
    const task = await this.#taskOf(group)
    if (!task) return
    if (!isVisible(task))
      return page.prose(translate('These commands change nothing that the picture shows.'))
    page.prose(translate('After these commands, the kernel has:'))
    for (const line of goalLines(task, translate)) page.prose(line, 4, 6)
  }

  async #endGroup(): Promise<void> {
    const [group, held] = [this.#group, this.#held]
    if (this.#isUnderWay && this.#mode === 'run' && group) {
      const numbers = group.commands.map(({ number }) => number)
      this.#options.page.ran(numbers[0] ?? 0, numbers.at(-1) ?? 0)
    }
    this.#isUnderWay = false
    this.#group = undefined
    this.#held = []
    if (!group || held.length === 0) return
    const task = await this.#taskOf(group)
    if (!task) return this.#runHeld(held)
    // Loaded only here, because its server takes long to load.
    const { HandWork } = await import('./hand-work.ts')
    await new HandWork(this.#options, this.dialogue, task).untilDone(held, !this.#options.byHand)
    this.dialogue.isTouched = false
    this.predictions.counts = true
  }

  /** Without an outline there is no goal, so the workshop runs the commands. */
  async #runHeld(held: readonly LabCommand[]): Promise<void> {
    const { page, translate } = this.#options
    for (const { run } of held) await run()
    page.good(translate('The workshop ran the commands.'))
  }
}
