// Defines what a goal is, and one thing in which the network differs from it, as a message.
import type { NodeState } from '../../kernel/state/state.ts'
import { message, type Message, type Values } from '../../language/message.ts'
import type { Snapshot } from '../../observe/snapshot/snapshot.ts'

/** The kernel's state, and what the scenario keeps elsewhere: the output of each command in `Scenario.state`. */
export type World = Snapshot & { readonly outputs?: Readonly<Record<string, string>> }

export type Goal = {
  readonly before: World
  readonly after: World
  /** The MAC addresses that the commands so far have set. Other MAC addresses differ from run to run. */
  readonly macs?: readonly string[]
}

export type Missing = Message & {
  readonly node: string
  /** Whether something was done wrong; otherwise it is only not done yet. */
  readonly isMistake: boolean
  /** A command that undoes a mistake, for the hint. */
  readonly undo?: string | undefined
}

export function nodeOf({ nodes }: Snapshot, name: string): NodeState | undefined {
  return nodes.find((node) => node.name === name)
}

export function notYet(node: string, key: string, values: Values = {}, undo?: string): Missing {
  return { ...message(key, { node, ...values }), node, isMistake: false, undo }
}

export function mistake(node: string, key: string, values: Values, undo?: string): Missing {
  return { ...notYet(node, key, values, undo), isMistake: true }
}
