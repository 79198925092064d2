// Goes through a scenario with a learner at the page: each command is run, left out or typed in a terminal, each check is a question first,
// and the goals of the workshop judge what is typed.
import { setTimeout as sleep } from 'node:timers/promises'
import { message, verbatim, type Message, type Values } from '../../language/message.ts'
import type { Translate } from '../../language/translate.ts'
import { run } from '../../exec/run.ts'
import type { Dialect } from '../../scenario/events.ts'
import { followed } from '../../scenario/followed.ts'
import type { AskedCheck, Guide, JudgedCheck } from '../../scenario/guide.ts'
import type { CommandOutput, LabCommand } from '../../scenario/node.ts'
import { play } from '../../scenario/play.ts'
import type { Observation, Probe } from '../../scenario/probe.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { bestCommand, goalLines } from '../../workshop/by-hand.ts'
import type { Missing, World } from '../../workshop/goal/goal.ts'
import { isVisible, missing } from '../../workshop/goal/missing.ts'
import type { Ahead } from '../../workshop/look-ahead.ts'
import type { Outline, Task } from '../../workshop/outline.ts'
import type { Update } from '../../workshop/progress.ts'
import { questionOf, type Question } from '../../workshop/question.ts'
import { Rebuild } from '../../workshop/rebuild.ts'
import { hasPackets } from '../../workshop/tools.ts'
import { outlineOf } from '../record/outline.ts'
import type { GoalLine, Lesson as Word, Turn } from '../protocol.ts'
import type { FromInside } from './messages.ts'
import type { Network } from './network.ts'
import type { TypedLine } from './terminals.ts'

export type LessonOptions = {
  readonly scenario: Scenario
  readonly dialect: Dialect
  /** The first step for the learner; earlier steps are rebuilt. */
  readonly from: number
  readonly ahead: Ahead
  /** The commands one by one, with the network after each. */
  readonly outline: Outline
  readonly network: Network
  readonly send: (message: FromInside) => void
  /** The lesson after this one. */
  readonly next: string | null
}

/** In milliseconds. */
const promptWithin = 250

/** What ends the wait for the learner: a word of the page, or the goal, reached in a terminal. */
type Answered = Word | { readonly type: 'reached' }

export class Lesson implements Guide {
  readonly #options: LessonOptions
  readonly #rebuild: Rebuild
  readonly #servers = new Set<string>()
  readonly #probes = new Map<number, Probe>()
  #step = 0
  #stepBegan = 0
  /** Commands up to this one run without a question to the learner. */
  #until = 0
  /** The last command that the scenario has come to. */
  #number = 0
  /** Commands whose work is done already, because the learner typed ahead. */
  readonly #done = new Set<number>()
  #command: LabCommand | undefined
  #goal: { readonly tasks: readonly Task[]; isShown: boolean } | undefined
  /** What was typed since the scenario last ran a command; a line that reached a goal is taken out. */
  #typed: TypedLine[] = []
  #waiting:
    | { readonly words: readonly Answered['type'][]; readonly resolve: (word: Answered) => void }
    | undefined
  #question: { readonly question: Question; guess: string } | undefined
  /** Whether each name of the network is the same in every run: calls of the library make devices with random names. */
  #isComparable = true
  #counts = true
  /** Whether the learner has typed or left out something since the network was last compared with the lesson's. */
  #isTouched = false

  constructor(options: LessonOptions) {
    this.#options = options
    this.#rebuild = new Rebuild(options.ahead.begun)
  }

  async play(): Promise<void> {
    const { scenario, dialect, next, send, network } = this.#options
    const { name } = scenario
    send({ type: 'add', moment: { kind: 'outline', steps: await outlineOf(scenario, dialect) } })
    this.#progress({ kind: 'began', scenario: name, at: new Date().toISOString() })
    void this.#tellSteps()
    const options = { dialect, without: null, patience: 0, guide: this }
    let error: string | null = null
    const outcome = await play(scenario, options, (event) => {
      if (event.type === 'scenario-ended') error = event.error
      send({ type: 'event', event })
    })
    await network.look()
    if (outcome !== 'broken') {
      this.#progress({ kind: 'finished', scenario: name, at: new Date().toISOString() })
      return this.#turn({ kind: 'finished', next })
    }
    this.#turn({ kind: 'busy' })
    if (error !== null) send({ type: 'notice', text: error })
  }

  /** A word of the page. */
  receive(word: Word): void {
    if (word.type === 'hint') return void this.#hint()
    if (word.type === 'by-hand') {
      if (this.#goal) this.#goal.isShown = true
      return void this.#judge()
    }
    this.#answer(word)
  }

  /** Called after each change of the network, and after each command that was typed. */
  onState(): void {
    void this.#judge()
  }

  async onTyped(typed: TypedLine): Promise<void> {
    this.#typed.push(typed)
    this.#isTouched = true
    await this.#options.network.look()
    if (await this.#judge()) return
    const { node, line } = typed
    this.#options.send({
      type: 'add',
      moment: { kind: 'typed', node, line, commands: [], isOtherWay: false },
    })
  }

  /** The probe of a check whose packets can be followed. */
  probeOf(check: number): Probe | undefined {
    const probe = this.#probes.get(check)
    const sender = probe?.during ?? probe
    return sender && hasPackets(sender) ? sender : undefined
  }

  get #isRebuilding(): boolean {
    return this.#step < this.#options.from
  }

  async beforeStep(step: number): Promise<void> {
    this.#step = step
    this.#stepBegan = performance.now()
    if (this.#isRebuilding) return
    await this.#options.network.during(() => this.#rebuild.untilNow())
    if (step === this.#options.from) await this.#options.network.look({ kind: 'start' })
  }

  async afterStep(step: number): Promise<void> {
    if (this.#isRebuilding) return
    const seconds = Math.round((performance.now() - this.#stepBegan) / 1000)
    this.#progress({ kind: 'step', scenario: this.#options.scenario.name, step, seconds })
  }

  async beforeCommand(command: LabCommand, number: number | null): Promise<boolean> {
    const isServer = /^serve \d+/.test(command.line)
    if (isServer) this.#servers.add(command.node)
    else if (!command.typed) this.#isComparable = false
    if (this.#isRebuilding) {
      this.#number = number ?? this.#number
      return number !== null && this.#rebuild.add(command, number)
    }
    if (number === null) return true
    this.#number = number
    this.#command = command
    if (this.#done.delete(number)) return false
    const isRun = number <= this.#until || (await this.#ask(command, number))
    if (isRun) this.#options.network.hold()
    return isRun
  }

  async afterCommand(command: number | null): Promise<void> {
    if (command === null || this.#isRebuilding) return
    await this.#options.network.look({ kind: 'command', command })
    this.#options.network.release()
  }

  async toleratesFailure(command: LabCommand, ended: CommandOutput): Promise<boolean> {
    if (this.#isRebuilding) return false
    this.#until = 0
    for (let output = ended.stderr || ended.stdout; ;) {
      this.#turn({ kind: 'command-failed', command: this.#number, output })
      const word = await this.#wait(['retry', 'next'])
      this.#isTouched = true
      if (word.type === 'next') return true
      this.#options.network.hold()
      const again = await command.run()
      await this.afterCommand(this.#number)
      if (again.exitCode === 0) return true
      output = again.stderr || again.stdout
    }
  }

  async beforeCheck(asked: AskedCheck): Promise<boolean> {
    if (this.#isRebuilding) {
      this.#rebuild.ask(asked)
      return false
    }
    const { check, probe } = asked
    this.#probes.set(check, probe)
    this.#counts = (await this.#different()).length === 0
    const question = questionOf(asked, [...this.#servers])
    const { node, line } = probe
    const answers = question.options.map(({ value, label: text }) => ({ value, text }))
    const { send } = this.#options
    send({
      type: 'add',
      moment: { kind: 'question', check, node: node.name, line, text: question.text, answers },
    })
    this.#turn({ kind: 'question', check, options: question.options })
    const word = await this.#wait(['answer'])
    this.#question = { question, guess: word.type === 'answer' ? word.value : '' }
    this.#turn({ kind: 'busy' })
    return true
  }

  /** The packets of the check itself are followed, so that nothing has to be asked twice. */
  observe({ check, probe }: AskedCheck, ask: () => Promise<Observation>): Promise<Observation> {
    return this.#options.network.during(async () => {
      const sender = probe.during ?? probe
      if (!hasPackets(sender)) return ask()
      const { observation, journey, error } = await followed(probe, ask)
      const { node, line } = sender
      this.#options.send({ type: 'journey', check, node: node.name, line, journey, error })
      return observation
    })
  }

  async afterCheck(asked: AskedCheck, judged: JudgedCheck): Promise<boolean> {
    const { check, probe } = asked
    const { holds, observation } = judged
    const { send, network, scenario } = this.#options
    const { question, guess = '' } = this.#question ?? {}
    // If the check fails, the network is not as the question assumed.
    const truth = holds && this.#counts ? (question?.truth(observation) ?? null) : null
    const right = truth === null ? null : truth === guess
    if (question) {
      send({ type: 'add', moment: { kind: 'answer', check, right: truth, guess } })
      if (truth !== null && right !== null) {
        const { name: node } = probe.node
        this.#progress({
          kind: 'guess',
          scenario: scenario.name,
          check,
          node,
          line: probe.line,
          guess,
          truth,
          right,
        })
      }
    }
    this.#question = undefined
    await network.look({ kind: 'check', check })
    if (observation.outcome === 'broken') return false
    const differs = holds ? [] : (await this.#different()).map(goalLine)
    this.#turn({ kind: 'verdict', check, guess, truth, right, holds, differs })
    const word = await this.#wait(holds ? ['next'] : ['next', 'retry'])
    this.#turn({ kind: 'busy' })
    return word.type === 'retry'
  }

  async beforeJourney(): Promise<boolean> {
    return !this.#isRebuilding
  }

  /** @returns whether the scenario runs the command. */
  async #ask(command: LabCommand, number: number): Promise<boolean> {
    const { outline, send } = this.#options
    const group = await outline.groupOf(number)
    const until = group?.commands.at(-1)?.number ?? number
    const { node, line, typed: canType } = command
    this.#turn({ kind: 'command', command: number, node, canType, until })
    if (canType) void this.#setGoal(number, until)
    const word = await this.#wait(['run', 'skip', 'reached'])
    this.#goal = undefined
    this.#turn({ kind: 'busy' })
    if (word.type === 'reached') return false
    this.#typed = []
    if (word.type === 'run') {
      this.#until = Math.min(word.until ?? number, until)
      return true
    }
    this.#isTouched = true
    const at = 0
    const skipped = { command: number, node, line, typed: canType, otherwise: [], skipped: true }
    send({ type: 'event', event: { type: 'command-started', at, ...skipped } })
    const ended = { command: number, exitCode: 0, stdout: '', stderr: '', milliseconds: 0 }
    send({ type: 'event', event: { type: 'command-ended', at, ...ended } })
    return false
  }

  /** The goals of this command and of those up to the next question: the learner may type several at once. */
  async #setGoal(first: number, last: number): Promise<void> {
    const { outline } = this.#options
    const tasks: Task[] = []
    const goal = { tasks, isShown: false }
    this.#goal = goal
    for (let number = first; number <= last; number += 1) {
      const task = await outline.taskOf(number)
      if (this.#goal !== goal || !task || !task.typed) return
      tasks.push(task)
      if (number === first) await this.#judge()
    }
  }

  /** Compares the network with the goals, also with what was typed before they were known. @returns whether one is reached. */
  async #judge(): Promise<boolean> {
    const goal = this.#goal
    const [task] = goal?.tasks ?? []
    const command = this.#command
    if (!goal || !task || !command) return false
    const now = await this.#world()
    if (this.#goal !== goal) return false
    const reached = goal.tasks.findLastIndex((each, index) =>
      isVisible(each)
        ? missing(now, each).length === 0
        : index === 0 &&
          this.#typed.some((typed) => typed.exitCode === 0 && isSame(typed, command)),
    )
    if (reached < 0) {
      const lines = missing(now, task).map(goalLine)
      const wanted = messagesOf((translate) => goalLines(task, translate))
      const { isShown } = goal
      this.#options.send({ type: 'goal', command: this.#number, wanted, missing: lines, isShown })
      return false
    }
    const tasks = goal.tasks.slice(0, reached + 1)
    if (!this.#lineOf(tasks)) {
      // The prompt after the command tells which one it was; a script may take longer.
      await sleep(promptWithin)
      if (this.#goal !== goal) return true
    }
    return this.#reached(tasks)
  }

  /** The last typed line that is a command of these tasks. */
  #lineOf(tasks: readonly Task[]): TypedLine | undefined {
    const commands = tasks.flatMap(({ commands: [each] }) => each ?? [])
    return this.#typed.findLast((typed) => commands.some((each) => isSame(typed, each)))
  }

  #reached(tasks: readonly Task[]): boolean {
    const { send, scenario } = this.#options
    const commands = tasks.flatMap(({ commands: [each] }) => each ?? [])
    const same = this.#lineOf(tasks)
    const typed = same ?? this.#typed.at(-1)
    const isOtherWay = !same
    const { node, line } = typed ?? { node: commands[0]?.node ?? 'host', line: '' }
    const numbers = commands.map(({ number }) => number)
    // A script can have done it without a command at a prompt.
    send({ type: 'add', moment: { kind: 'typed', node, line, commands: numbers, isOtherWay } })
    this.#typed = this.#typed.filter((each) => each !== typed)
    for (const number of numbers.slice(1)) this.#done.add(number)
    this.#progress({ kind: 'by-hand', scenario: scenario.name, step: this.#step })
    this.#goal = undefined
    this.#answer({ type: 'reached' })
    return true
  }

  async #hint(): Promise<void> {
    const { send, scenario } = this.#options
    const task = this.#goal?.tasks[0]
    if (!task) return
    this.#progress({ kind: 'hint', scenario: scenario.name })
    const all = missing(await this.#world(), task)
    const first = all.find(({ isMistake }) => isMistake) ?? all[0]
    const best = first && bestCommand(first, task.commands)
    send({
      type: 'hint',
      lines: [
        first ?? message('The goal is reached.'),
        ...(first?.undo === undefined ? [] : [verbatim(`${first.node}$ ${first.undo}`)]),
        ...(best ? [verbatim(`${best.node}$ ${best.line}`)] : []),
      ],
    })
  }

  /** In what the network differs from the one that the commands so far make. */
  async #different(): Promise<readonly Missing[]> {
    const { outline } = this.#options
    if (!this.#isTouched || !this.#isComparable || this.#number === 0) return []
    const done = await outline.taskOf(this.#number)
    if (!done) return []
    const { after, macs } = done
    const found = missing(await this.#world(), { before: after, after, macs })
    this.#isTouched = found.length > 0
    return found
  }

  /** As takeWorld, with the state that was read already. */
  async #world(): Promise<World> {
    const { network, scenario } = this.#options
    const outputs = await Promise.all(
      Object.entries(scenario.state ?? {}).map(async ([name, line]) => {
        const options = { input: '', allowFailure: true }
        const { stdout } = await run('bash', ['--norc', '-c', line], options)
        return [name, stdout.trimEnd()] as const
      }),
    )
    return { ...network.state, outputs: Object.fromEntries(outputs) }
  }

  #wait(words: readonly Answered['type'][]): Promise<Answered> {
    return new Promise((resolve) => {
      this.#waiting = { words, resolve }
    })
  }

  /** A word that nobody waits for is ignored: the page may have sent it twice. */
  #answer(word: Answered): void {
    const waiting = this.#waiting
    if (!waiting?.words.includes(word.type)) return
    this.#waiting = undefined
    waiting.resolve(word)
  }

  #turn(turn: TurnOf): void {
    this.#options.send({ type: 'turn', ...turn })
  }

  #progress(update: Update): void {
    this.#options.send({ type: 'progress', update })
  }

  /** The number of steps is known when the outline is complete. */
  async #tellSteps(): Promise<void> {
    const { outline, scenario } = this.#options
    const steps = await outline.steps()
    if (steps !== null) this.#progress({ kind: 'steps', scenario: scenario.name, steps })
  }
}

type TurnOf<Each = Turn> = Each extends Turn ? Omit<Each, 'type'> : never

function goalLine(each: Missing): GoalLine {
  const { text, key, values, node, isMistake } = each
  return { text: { text, key, values }, node, isMistake }
}

function isSame(one: { node: string; line: string }, other: { node: string; line: string }) {
  const words = ({ node, line }: typeof one) => `${node} ${line.split(/\s+/).join(' ')}`
  return words(one) === words(other)
}

/** The messages of lines that the workshop translates. */
function messagesOf(lines: (translate: Translate) => readonly string[]): readonly Message[] {
  const made = new Map<string, Message>()
  const translate: Translate = (text, values: Values = {}) => {
    const one = typeof text === 'string' ? message(text, values) : text
    made.set(one.text, one)
    return one.text
  }
  return lines(translate).map((line) => {
    const known = made.get(line)
    if (known) return known
    // A line of a change has its node and sign in front.
    const [, before = '', rest = ''] = /^(\S+: (?:[+-] )?)(.*)$/s.exec(line) ?? []
    const change = made.get(rest)
    return change ? message(`${before}{change}`, { change }) : verbatim(line)
  })
}
