// Finds out what a scenario will do: a dry run lists its commands in groups, and a run ahead in a second world gives the kernel's state
// before and after each group. The author of a scenario writes nothing for this.
import type { Emit } from '../scenario/events.ts'
import type { Guide } from '../scenario/guide.ts'
import type { World } from './goal/goal.ts'
import { Rebuild } from './rebuild.ts'

/** Commands between two questions to the learner. */
export type Group = {
  readonly step: number
  readonly commands: readonly OutlineCommand[]
  /** Whether a person can type the commands in a shell. */
  readonly typed: boolean
}

export type OutlineCommand = {
  readonly number: number
  readonly node: string
  readonly line: string
  readonly otherwise: readonly { readonly node: string; readonly line: string }[]
}

/** A group, and the network before and after it. */
export type Task<State = World> = Group & {
  readonly before: State
  readonly after: State
  /** The MAC addresses that this and earlier commands set. */
  readonly macs: readonly string[]
}

export type OutlineLine<State = World> =
  | { readonly kind: 'group'; readonly group: Task<State> }
  | { readonly kind: 'end'; readonly steps: number; readonly error: string | null }

type Recording = { readonly guide: Guide; readonly record: Emit }

/**
 * @param from the first step whose groups are wanted.
 * @param look reads the network before and after each group.
 * @param isEach whether each command is a group of its own.
 */
export function recordOutline<State>(
  from: number,
  look: () => Promise<State>,
  emit: (line: OutlineLine<State>) => void,
  isEach = false,
): Recording {
  let step = 0
  let commands: OutlineCommand[] = []
  let typed = true
  let before: State | undefined
  const macs = new Set<string>()
  const rebuild = new Rebuild()
  const close = async () => {
    if (step < from) commands = []
    if (commands.length === 0) return
    const after = await look()
    const group = { step, commands, typed, before: before ?? after, after, macs: [...macs] }
    emit({ kind: 'group', group })
    before = after
    commands = []
  }
  return {
    guide: {
      beforeStep: async (number) => {
        step = number
        if (step < from) return
        await rebuild.untilNow()
        before ??= await look()
      },
      afterStep: close,
      beforeCommand: async (command, number) => {
        if (number === null) return false
        // The library makes MAC addresses at random.
        const set = command.typed ? command.line : ''
        for (const [mac] of set.matchAll(/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/g)) macs.add(mac)
        if (step < from) return rebuild.add(command, number)
        if (isEach || command.typed !== typed) await close()
        typed = command.typed
        return true
      },
      toleratesFailure: async () => false,
      beforeCheck: async () => {
        await close()
        return false
      },
      afterCheck: async () => false,
      beforeJourney: async () => {
        await close()
        return false
      },
    },
    record: (event) => {
      if (event.type === 'command-started' && event.command !== null) {
        const { command: number, node, line, otherwise } = event
        commands.push({ number, node, line, otherwise })
      }
      if (event.type === 'scenario-ended') emit({ kind: 'end', steps: step, error: event.error })
    },
  }
}

/** Runs the scenario in the second world, and adds each line of the outline. @returns the error that stopped it. */
type RunAhead = (add: (line: OutlineLine) => void) => Promise<string | null>

/** Keeps the outline as it arrives. */
export class Outline {
  readonly #runAhead: RunAhead
  readonly #listed = new Map<number, Group>()
  readonly #tasks = new Map<number, Task>()
  #steps: number | null = null
  #error: string | null = null
  #state: 'not-begun' | 'under-way' | 'ended' = 'not-begun'
  #arrived = Promise.withResolvers<void>()

  /** @param listed what a dry run has listed. */
  constructor(listed: readonly OutlineLine<null>[], runAhead: RunAhead) {
    this.#runAhead = runAhead
    for (const line of listed) this.#list(line)
  }

  #list(line: OutlineLine<null>): void {
    if (line.kind === 'end')
      this.#steps = this.#listed.size > 0 && line.error === null ? line.steps : null
    else for (const { number } of line.group.commands) this.#listed.set(number, line.group)
  }

  /** Starts the second world, once: while the learner reads, because it would delay the first picture. */
  begin(): void {
    if (this.#state !== 'not-begun') return
    this.#state = 'under-way'
    void this.#run()
  }

  async #run(): Promise<void> {
    const error = await this.#runAhead((line) => this.#add(line))
    this.#state = 'ended'
    this.#error ??= error
    this.#wake()
  }

  /** @returns the number of steps; null if the outline could not be made. */
  async steps(): Promise<number | null> {
    if (this.#steps === null) await this.#until(() => this.#steps !== null)
    return this.#steps
  }

  get error(): string | null {
    return this.#error
  }

  /** The group of this command; undefined if the outline could not be made. */
  async groupOf(command: number): Promise<Group | undefined> {
    return this.#listed.get(command) ?? (await this.taskOf(command))
  }

  /** The same with the network before and after it. */
  async taskOf(command: number): Promise<Task | undefined> {
    await this.#until(() => this.#tasks.has(command))
    return this.#tasks.get(command)
  }

  #add(line: OutlineLine): void {
    if (line.kind === 'group')
      for (const { number } of line.group.commands) this.#tasks.set(number, line.group)
    else [this.#steps, this.#error] = [line.steps, line.error]
    this.#wake()
  }

  async #until(isThere: () => boolean): Promise<void> {
    this.begin()
    while (!isThere() && this.#state !== 'ended') await this.#arrived.promise
  }

  #wake(): void {
    this.#arrived.resolve()
    this.#arrived = Promise.withResolvers<void>()
  }
}
