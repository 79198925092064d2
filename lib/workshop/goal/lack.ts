// One thing that a goal has and the network has not, as an English text and its values: whoever tells it translates it.
import type { NodeState } from '../../kernel/state/state.ts'
import type { Snapshot } from '../../observe/snapshot/snapshot.ts'

export type Missing = {
  readonly node: string
  /** The English text, and what stands in it. */
  readonly text: string
  readonly values: Readonly<Record<string, string | number>>
  /** Whether something was done that is not what is wanted; else it is only not done yet. */
  readonly isMistake: boolean
  /** Whether another way may do the same, which only a check can tell. */
  readonly isSoft: boolean
}

export type Goal = { readonly before: Snapshot; readonly after: Snapshot }

export function nodeOf({ nodes }: Snapshot, name: string): NodeState | undefined {
  return nodes.find((node) => node.name === name)
}

export function notYet(node: string, text: string, values: Missing['values']): Missing {
  return { node, text, values: { node, ...values }, isMistake: false, isSoft: false }
}

export function mistake(node: string, text: string, values: Missing['values']): Missing {
  return { ...notYet(node, text, values), isMistake: true }
}
