// Counts what a learner has done with one broken network, and compares two tries.

export type Score = {
  /** The network works again, and everything else still works. */
  readonly repaired: boolean
  readonly diagnosed: boolean
  /** How many causes the learner named, with the right one. */
  readonly answers: number
  /** How often the repair was checked. */
  readonly checks: number
  readonly hints: number
  /** The solution was shown before repair and diagnosis were right. The name is that of the stored field. */
  readonly told: boolean
}

export const nothingDone: Score = {
  repaired: false,
  diagnosed: false,
  answers: 0,
  checks: 0,
  hints: 0,
  told: false,
}

/** Repaired and diagnosed without the solution. */
export function solved({ repaired, diagnosed, told }: Score): boolean {
  return repaired && diagnosed && !told
}

/** Repaired and diagnosed: nothing is left to do. */
export function finished({ repaired, diagnosed }: Score): boolean {
  return repaired && diagnosed
}

/** The better of two tries at the same network. */
export function better(a: Score, b: Score): Score {
  return rank(a) >= rank(b) ? a : b
}

function rank(score: Score): number {
  const { repaired, diagnosed, answers, hints } = score
  // A wrong answer costs as much as a hint.
  const help = Math.min(hints + Math.max(answers - 1, 0), 99)
  return (solved(score) ? 1000 : 0) + (repaired ? 300 : 0) + (diagnosed ? 200 : 0) - help
}
