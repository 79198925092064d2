// What a scenario will do before it has done it: its commands in groups, and the kernel's state before and after each, from a
// second world in which the scenario runs ahead with none of its checks asked. Authors write nothing for it.
import type { Snapshot } from '../observe/snapshot/snapshot.ts'
import type { Reader } from '../scenario/events.ts'
import type { Guide } from '../scenario/guide.ts'

/** Commands with nothing between them that a person could be asked. */
export type Group = {
  readonly step: number
  readonly commands: readonly OutlineCommand[]
  /** Whether a person can do its work in a shell. */
  readonly typed: boolean
  readonly before: Snapshot
  readonly after: Snapshot
}

export type OutlineCommand = {
  readonly number: number
  readonly node: string
  readonly line: string
  readonly otherwise: readonly { readonly node: string; readonly line: string }[]
}

export type OutlineLine =
  | { readonly kind: 'group'; readonly group: Group }
  | { readonly kind: 'end'; readonly steps: number; readonly error: string | null }

export type Recording = { readonly guide: Guide; readonly reader: Reader }

/** @param from the first step that anybody wants to know of. */
export function recordOutline(
  from: number,
  snapshot: () => Promise<Snapshot>,
  tell: (line: OutlineLine) => void,
): Recording {
  let step = 0
  let commands: OutlineCommand[] = []
  let typed = true
  let before: Snapshot | undefined
  const close = async () => {
    if (commands.length === 0 || step < from) {
      commands = []
      return
    }
    const after = await snapshot()
    tell({ kind: 'group', group: { step, commands, typed, before: before ?? after, after } })
    before = after
    commands = []
  }
  return {
    guide: {
      beforeStep: async (number) => {
        step = number
        if (step >= from) before ??= await snapshot()
      },
      afterStep: close,
      beforeCommand: async (told, number) => {
        if (number === null) return false
        if (told.typed !== typed) await close()
        typed = told.typed
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
    reader: {
      read: (event) => {
        if (event.type === 'command-started' && event.command !== null) {
          const { command: number, node, line, otherwise } = event
          commands.push({ number, node, line, otherwise })
        }
        if (event.type === 'scenario-ended') tell({ kind: 'end', steps: step, error: event.error })
      },
    },
  }
}

/** The outline as it arrives. */
export class Outline {
  readonly #groups = new Map<number, Group>()
  #ended: { readonly steps: number | null; readonly error: string | null } | null = null
  #arrived = Promise.withResolvers<void>()

  add(line: OutlineLine): void {
    if (line.kind === 'group')
      for (const { number } of line.group.commands) this.#groups.set(number, line.group)
    else this.#ended = line
    this.#wake()
  }

  /** Nothing more comes. */
  close(error: string | null): void {
    this.#ended ??= { steps: null, error }
    this.#wake()
  }

  /** @returns how many steps there are, when it has come to the end; null when it did not. */
  async steps(): Promise<number | null> {
    while (!this.#ended) await this.#arrived.promise
    return this.#ended.steps
  }

  get error(): string | null {
    return this.#ended?.error ?? null
  }

  /** The group of this command; undefined when the outline has none, because it could not be made. */
  async groupOf(command: number): Promise<Group | undefined> {
    for (;;) {
      const group = this.#groups.get(command)
      if (group || this.#ended) return group
      await this.#arrived.promise
    }
  }

  #wake(): void {
    this.#arrived.resolve()
    this.#arrived = Promise.withResolvers<void>()
  }
}
