// Compares two pictures by their parts: nodes, devices, wires and marks, each with a key that stays the same from one picture to the next.
import type { Layout } from '../../../observe/topology/layout.ts'
import type { Mark } from '../../../observe/topology/marks.ts'

/** Keys of parts: those of `after` that `before` lacks or has otherwise, and those that are gone. */
export type ChangedParts = {
  readonly changed: ReadonlySet<string>
  readonly gone: ReadonlySet<string>
}

const nothingChanged: ChangedParts = { changed: new Set(), gone: new Set() }

export function changedParts(before: Layout | null, after: Layout | null): ChangedParts {
  if (!before || !after || before === after) return nothingChanged
  const [were, are] = [partsOf(before), partsOf(after)]
  const changed = [...are].filter(([key, text]) => were.get(key) !== text).map(([key]) => key)
  const gone = [...were.keys()].filter((key) => !are.has(key))
  return { changed: new Set(changed), gone: new Set(gone) }
}

export function nodeKey(node: string): string {
  return `node ${node}`
}

export function deviceKey(id: string): string {
  return `device ${id}`
}

export function markKey(node: string, { kind, text }: Mark): string {
  return `mark ${node} ${kind} ${text}`
}

/** Each part with what is written and drawn of it. */
function partsOf({ nodes, wires }: Layout): ReadonlyMap<string, string> {
  const parts = new Map<string, string>()
  for (const { node, devices } of nodes) {
    parts.set(nodeKey(node.name), '')
    for (const mark of node.marks) parts.set(markKey(node.name, mark), '')
    for (const { id, up, isBridge, contents } of devices)
      parts.set(deviceKey(id), JSON.stringify([up, isBridge, contents.name, contents.lines]))
  }
  for (const { id, up } of wires) parts.set(id, String(up))
  return parts
}
