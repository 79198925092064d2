// What came and what went between two collections, compared by the words that describe each thing.
export type Change = {
  readonly node: string
  /** `~`: it is still there, and different. */
  readonly sign: '+' | '-' | '~'
  /** Never holds what another run would have otherwise: no MAC, no port of a client, no time. */
  readonly text: string
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
  before: readonly string[],
  after: readonly string[],
): readonly Change[] {
  return [...fresh(after, before).map(change(node, '-')), ...came(node, before, after)]
}

export function came(
  node: string,
  before: readonly string[],
  after: readonly string[],
): readonly Change[] {
  return fresh(before, after).map(change(node, '+'))
}

function fresh(old: readonly string[], texts: readonly string[]): readonly string[] {
  const known = new Set(old)
  return [...new Set(texts)].filter((text) => !known.has(text))
}

function change(node: string, sign: Change['sign']) {
  return (text: string): Change => ({ node, sign, text })
}
