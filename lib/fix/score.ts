// What a learner has done with one broken network: counted as it happens, and judged only by that.

export type Score = {
  /** It works, and nothing was harmed for it. */
  readonly repaired: boolean
  readonly diagnosed: boolean
  /** How many answers were given to the question for the cause, the right one included. */
  readonly answers: number
  /** How often the repair was asked for. */
  readonly checks: number
  readonly hints: number
  /** The solution was looked at before it was repaired and diagnosed. */
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

/** Both the diagnosis and the repair, and by oneself. */
export function solved({ repaired, diagnosed, told }: Score): boolean {
  return repaired && diagnosed && !told
}

/** Nothing is left to do. */
export function finished({ repaired, diagnosed }: Score): boolean {
  return repaired && diagnosed
}

/** Of two tries at the same network, the one to be proud of. */
export function better(a: Score, b: Score): Score {
  return rank(a) >= rank(b) ? a : b
}

function rank(score: Score): number {
  const { repaired, diagnosed, answers, hints } = score
  // A wrong answer is a guess that costs as much as a hint.
  const help = Math.min(hints + Math.max(answers - 1, 0), 99)
  return (solved(score) ? 1000 : 0) + (repaired ? 300 : 0) + (diagnosed ? 200 : 0) - help
}
