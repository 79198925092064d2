// Defines one thing that a goal has and the network lacks, as a message.
import type { NodeState } from '../../kernel/state/state.ts'
import { message, type Message, type Values } from '../../language/message.ts'
import type { Snapshot } from '../../observe/snapshot/snapshot.ts'

export type Missing = Message & {
  readonly node: string
  /** Whether something was done wrong; otherwise it is only not done yet. */
  readonly isMistake: boolean
  /** Whether another way may do the same, which only a check can tell. */
  readonly isSoft: boolean
}

export type Goal = { readonly before: Snapshot; readonly after: Snapshot }

export function nodeOf({ nodes }: Snapshot, name: string): NodeState | undefined {
  return nodes.find((node) => node.name === name)
}

export function notYet(node: string, key: string, values: Values = {}): Missing {
  return { ...message(key, { node, ...values }), node, isMistake: false, isSoft: false }
}

export function mistake(node: string, key: string, values: Values): Missing {
  return { ...notYet(node, key, values), isMistake: true }
}
