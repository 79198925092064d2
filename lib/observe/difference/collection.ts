// Finds what came and what went between two collections; things are compared by the text that describes them.
import type { Message } from '../../language/message.ts'

/** Its text never holds what another run would have otherwise: no MAC, no port of a client, no time. */
export type Change = Message & {
  readonly node: string
  /** `~`: it is still there, and different. */
  readonly sign: '+' | '-' | '~'
}

export type Difference = {
  /** What a command changed. The same commands give the same changes. */
  readonly changes: readonly Change[]
  /** Counters, connections, neighbours and what bridges learned: what comes, never what is forgotten with time. */
  readonly traffic: readonly Change[]
}

/** Things with the same words are one. What went comes first: it is often replaced by what came. */
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
