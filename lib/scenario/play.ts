// Plays one scenario in the world around it: numbers commands and checks, emits each event, and returns the outcome.
import { NetdojoError } from '../errors.ts'
import { containerTarget, namespaceTarget, thisMachine } from '../exec/target.ts'
import {
  eventVersion,
  type CommandStarted,
  type Dialect,
  type PacketsSeen,
  type Emit,
  type ScenarioEnded,
  type ScenarioEvent,
  type Untimed,
} from './events.ts'
import { commandFailed, notAsked, requirePrograms } from './failures.ts'
import { followed, loadFollower } from './followed.ts'
import type { AskedCheck, Guide, JudgedCheck } from './guide.ts'
import { sourceOf, scenarioLibrary } from './library.ts'
import { addMachines } from './machines.ts'
import {
  labNode,
  processOutput,
  type CommandOutput,
  type LabCommand,
  type LabNode,
} from './node.ts'
import type { Observer } from './observer.ts'
import type { Expectation, Observation, Probe } from './probe.ts'
import type { Lab, Scenario, Spellings } from './scenario.ts'

export type PlayOptions = {
  readonly dialect: Dialect
  /** Leaves out the command with this number. Later commands that fail do not end the scenario: its checks must notice. */
  readonly without: number | null
  /** For how many milliseconds a failing check is repeated after a command was left out. Before that: `usualPatience`. */
  readonly patience: number
  /** Ends the run at the first check that fails after a command was left out. */
  readonly stopAtFailure?: boolean
  /** Returns the packets that passed the interfaces since the last call. It is called after each command and check. */
  readonly packets?: () => Promise<PacketsSeen['packets']>
  /** Awaited before each step. */
  readonly beforeStep?: (step: number) => Promise<void>
  /** Compares the network before and after each step, for the event `network-changed`. */
  readonly observer?: Observer
  /** Awaited at the first failure. */
  readonly onFailure?: () => Promise<void>
  /** Decides what the scenario runs itself: the workshop asks a person, or rebuilds earlier steps. */
  readonly guide?: Guide
  /**
   * Emits the commands but runs none. A scenario that uses the library stops there, because the commands of a call depend on the
   * results of the calls before it.
   */
  readonly isDry?: boolean
}

export const usualPatience = 3000

export async function play(
  scenario: Scenario,
  options: PlayOptions,
  emit: Emit,
): Promise<ScenarioEnded['outcome']> {
  const run = new Run(options, emit)
  const { name, title, about, topology, ending = null } = scenario
  const { dialect, without } = options
  run.emit({
    type: 'scenario-started',
    version: eventVersion,
    name,
    title,
    about,
    topology,
    ending,
    dialect,
    without,
  })
  let error: string | null = null
  try {
    if (!options.isDry) await prepare(scenario)
    await options.observer?.begin()
    await scenario.play(run.lab)
  } catch (thrown) {
    if (!(thrown instanceof Stopped))
      error =
        thrown instanceof NetdojoError
          ? thrown.toText()
          : String(thrown instanceof Error ? thrown.stack : thrown)
    if (error !== null) await run.failed()
  }
  const { checks, failures, commands } = run
  if (error === null && options.without !== null && options.without > commands) {
    error = `--without must be a number from 1 to ${commands}, not ${options.without}`
  }
  const outcome = error !== null ? 'broken' : failures > 0 ? 'failed' : 'held'
  run.emit({
    type: 'scenario-ended',
    outcome,
    checks,
    failed: failures,
    commands,
    oneSided: run.oneSided(),
    error,
  })
  return outcome
}

/** Makes the world as the scenario needs it, before its first command. @throws NetdojoError `program-missing` or `sandbox-failed` */
export async function prepare(scenario: Scenario): Promise<void> {
  requirePrograms(scenario)
  if (scenario.machines !== undefined) await addMachines(scenario.machines)
}

/** Ends a scenario early: it is thrown through the scenario's own code. */
export class Stopped extends Error {}

type Judged = {
  readonly check: number
  readonly question: string
  readonly observation: Observation
  readonly judge: Expectation['judge']
}

class Run {
  readonly lab: Lab
  checks = 0
  failures = 0
  commands = 0
  #steps = 0
  #shellOpened = false
  #leftOut = false
  readonly #judged: Judged[] = []
  readonly #started = performance.now()
  readonly #options: PlayOptions
  readonly #emit: Emit
  readonly #namespaces = new Map<string, LabNode>()
  /** While the commands of the other dialect are listed, they are put here instead of being run. */
  #listing: CommandStarted['otherwise'][number][] | null = null
  #otherwise: CommandStarted['otherwise'] = []

  constructor(options: PlayOptions, emit: Emit) {
    this.#options = options
    this.#emit = emit
    const run = (command: LabCommand) => this.#command(command)
    const journey = (probe: Probe) => this.#journey(probe)
    const library = scenarioLibrary(run, ({ title, line = null }) =>
      this.emit({ type: 'part-started', title, line }),
    )
    this.lab = {
      host: labNode('host', thisMachine, run),
      outside: labNode('outside', namespaceTarget('outside'), run),
      namespace: (name) => {
        const node = this.#namespaces.get(name) ?? labNode(name, namespaceTarget(name), run)
        this.#namespaces.set(name, node)
        return node
      },
      container: ({ name, process }) =>
        labNode(name, containerTarget(name, process?.pid ?? 0), run),
      step: (title, text, body) => this.#step(title, text, body),
      check: (statement, probe, expectation, lesson) =>
        this.#check({ statement, probe, expectation, lesson: lesson ?? null }),
      call: (call) => {
        this.emit({ type: 'call-started', source: sourceOf(call) })
        return call()
      },
      get library() {
        if (options.isDry) throw new Stopped()
        return library
      },
      // A scenario that takes `journey` uses it: its modules load while the first commands run.
      get journey() {
        if (options.without === null) void loadFollower()
        return journey
      },
      dialect: (spellings) => this.#dialect(spellings),
    }
  }

  emit(event: Untimed<ScenarioEvent>): void {
    this.#emit({ ...event, at: Math.round(performance.now() - this.#started) })
  }

  async failed(): Promise<void> {
    if (this.#shellOpened) return
    this.#shellOpened = true
    await this.#options.onFailure?.()
  }

  oneSided(): number[] {
    return this.#judged
      .filter(({ question, judge, observation }) =>
        this.#judged.every(
          (other) =>
            other.question !== question ||
            judge(other.observation).holds === judge(observation).holds,
        ),
      )
      .map(({ check }) => check)
  }

  async #step<Result>(title: string, text: string, body: () => Promise<Result>): Promise<Result> {
    this.#steps += 1
    await this.#options.beforeStep?.(this.#steps)
    const step = this.#steps
    this.emit({ type: 'step-started', step, title, text })
    const { observer, guide } = this.#options
    await guide?.beforeStep(step)
    const result = await body()
    await guide?.afterStep(step)
    if (observer) this.emit(await observer.afterStep(step))
    return result
  }

  async #dialect(spellings: Spellings): Promise<void> {
    const [mine, other] =
      this.#options.dialect === 'ip' ? (['ip', 'classic'] as const) : (['classic', 'ip'] as const)
    this.#listing = []
    await spellings[other]()
    this.#otherwise = this.#listing
    this.#listing = null
    await spellings[mine]()
  }

  async #command(labCommand: LabCommand): Promise<CommandOutput> {
    const { node, line, works, typed, run } = labCommand
    if (this.#listing) {
      this.#listing.push({ node, line })
      return processOutput(0)
    }
    const command = works ? (this.commands += 1) : null
    const skipped = command !== null && command === this.#options.without
    this.#leftOut ||= skipped
    const otherwise = this.#otherwise
    this.#otherwise = []
    const { guide } = this.#options
    if (guide && !(await guide.beforeCommand(labCommand, command))) return processOutput(0)
    this.emit({ type: 'command-started', command, node, line, typed, otherwise, skipped })
    const started = performance.now()
    const ended = skipped || this.#options.isDry ? processOutput(0) : await run()
    const exitCode = ended.exitCode ?? 128
    const { stdout, stderr } = ended
    const milliseconds = performance.now() - started
    this.emit({ type: 'command-ended', command, exitCode, stdout, stderr, milliseconds })
    await this.#emitPackets()
    await guide?.afterCommand?.(command)
    const fatal = exitCode !== 0 && this.#options.without === null
    if (fatal && !(await guide?.toleratesFailure(labCommand, ended)))
      throw commandFailed(node, line, ended)
    return ended
  }

  async #emitPackets(): Promise<void> {
    const packets = (await this.#options.packets?.()) ?? []
    if (packets.length > 0) this.emit({ type: 'packets', packets })
  }

  async #journey(probe: Probe): Promise<void> {
    // A journey explains the whole network. A run without one of the commands only judges it.
    if (this.#options.without !== null) return
    if (this.#options.guide && !(await this.#options.guide.beforeJourney(probe))) return
    const { node, line } = probe
    const { journey, error } = await followed(probe)
    this.emit({ type: 'journey', node: node.name, line, journey, error })
    await this.#emitPackets()
  }

  async #check(declared: Omit<AskedCheck, 'check'>): Promise<void> {
    const asked: AskedCheck = { ...declared, check: (this.checks += 1) }
    const { probe } = asked
    const { guide } = this.#options
    if (guide && !(await guide.beforeCheck(asked))) return
    const judged = await this.#askUntil(
      asked,
      async (seen) => !(await guide?.afterCheck(asked, seen)),
    )
    if (judged.holds) return
    // Without a left-out command, a question that cannot be asked is a fault of the lab, and not a failed check.
    if (judged.observation.outcome === 'broken' && this.#options.without === null) {
      throw notAsked(probe, judged.observation)
    }
    this.failures += 1
    await this.failed()
    if (this.#leftOut && this.#options.stopAtFailure) throw new Stopped()
  }

  async #askUntil(asked: AskedCheck, isEnough: (seen: JudgedCheck) => Promise<boolean>) {
    for (;;) {
      const judged = await this.#ask(asked)
      if (await isEnough(judged)) return judged
    }
  }

  async #ask(asked: AskedCheck): Promise<JudgedCheck> {
    const { check, statement, probe, expectation, lesson } = asked
    const { expected, judge } = expectation
    this.emit({
      type: 'check-started',
      check,
      statement,
      node: probe.node.name,
      line: probe.line,
      expected,
      lesson,
    })
    const started = performance.now()
    const patience = this.#leftOut ? this.#options.patience : usualPatience
    let attempts = 0
    const observe = async () => {
      const seen = await probe.observe({ patience, holds: (answer) => judge(answer).holds })
      attempts += seen.attempts
      return seen
    }
    const { guide } = this.#options
    const observation = await (guide?.observe?.(asked, observe) ?? observe())
    const { holds, evidence: observed } = judge(observation)
    const { output } = observation
    this.#judged.push({ check, question: `${probe.node.name}$ ${probe.line}`, observation, judge })
    const milliseconds = performance.now() - started
    this.emit({ type: 'check-ended', check, holds, observed, output, attempts, milliseconds })
    await this.#emitPackets()
    return { holds, observed, observation }
  }
}
