// Finds what was added to a collection and what was removed from it; items are compared by their texts.
import type { Message } from '../../language/message.ts'

/** The text has nothing that differs from run to run: no MAC, no client port, no time. */
export type Change = Message & {
  readonly node: string
  /** `~`: the item has changed. */
  readonly sign: '+' | '-' | '~'
}

export type Difference = {
  /** What a command changed. The same commands give the same changes. */
  readonly changes: readonly Change[]
  /** What packets added: counters, connections, neighbours, learned forwarding entries. Entries that expire are left out. */
  readonly traffic: readonly Change[]
}

/** Items with the same text count as one. Removed items come first, since added ones often replace them. */
export function cameAndWent(
  node: string,
  before: readonly Message[],
  after: readonly Message[],
): readonly Change[] {
  return [...fresh(after, before).map(change(node, '-')), ...came(node, before, after)]
}

export function came(
  node: string,
  before: readonly Message[],
  after: readonly Message[],
): readonly Change[] {
  return fresh(before, after).map(change(node, '+'))
}

function fresh(old: readonly Message[], now: readonly Message[]): readonly Message[] {
  const known = new Set(old.map(({ text }) => text))
  return now.filter(({ text }) => !known.has(text) && known.add(text))
}

export function change(node: string, sign: Change['sign']) {
  return (what: Message): Change => ({ node, sign, ...what })
}
