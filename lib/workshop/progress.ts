// Holds what a learner has done as one value. Only updates change it, and the same updates give the same progress.

/** Raised when a field changes its meaning. An older program refuses a newer file. */
export const progressVersion = 1

export type Progress = {
  readonly version: typeof progressVersion
  readonly scenarios: Readonly<Record<string, ScenarioProgress>>
}

export type ScenarioProgress = {
  readonly started: string
  readonly finished: string | null
  /** The steps that the learner finished, in any order. */
  readonly done: readonly number[]
  /** The step after the one that was finished last. */
  readonly next: number
  /** The number of steps; null until it is known. */
  readonly steps: number | null
  /** The first guess at each check, by the number of the check. Later guesses do not count. */
  readonly guesses: Readonly<Record<string, Guess>>
  /** Steps in which commands were typed by hand. */
  readonly byHand: readonly number[]
  readonly hints: number
  readonly seconds: number
}

export type Guess = {
  readonly node: string
  readonly line: string
  readonly guess: string
  readonly truth: string
  readonly right: boolean
}

export type Update = { readonly scenario: string } & (
  | { readonly kind: 'began'; readonly at: string }
  | { readonly kind: 'steps'; readonly steps: number }
  | ({ readonly kind: 'guess'; readonly check: number } & Guess)
  | { readonly kind: 'by-hand'; readonly step: number }
  | { readonly kind: 'hint' }
  | { readonly kind: 'step'; readonly step: number; readonly seconds: number }
  | { readonly kind: 'finished'; readonly at: string }
)

export const noProgress: Progress = { version: progressVersion, scenarios: {} }

export function advance(progress: Progress, update: Update): Progress {
  const { [update.scenario]: old } = progress.scenarios
  const scenarios = { ...progress.scenarios, [update.scenario]: changed(old ?? fresh, update) }
  return { ...progress, scenarios }
}

/** @param name the scenario to forget; without it, all are forgotten. */
export function reset(progress: Progress, name?: string): Progress {
  if (name === undefined) return noProgress
  const { [name]: _gone, ...scenarios } = progress.scenarios
  return { ...progress, scenarios }
}

const fresh: ScenarioProgress = {
  started: '',
  finished: null,
  done: [],
  next: 1,
  steps: null,
  guesses: {},
  byHand: [],
  hints: 0,
  seconds: 0,
}

function changed(old: ScenarioProgress, update: Update): ScenarioProgress {
  switch (update.kind) {
    case 'began':
      return { ...old, started: old.started || update.at }
    case 'steps':
      return { ...old, steps: update.steps }
    case 'guess': {
      const { node, line, guess, truth, right, check } = update
      const first = old.guesses[check] ?? { node, line, guess, truth, right }
      return { ...old, guesses: { ...old.guesses, [check]: first } }
    }
    case 'by-hand':
      return { ...old, byHand: withNumber(old.byHand, update.step) }
    case 'hint':
      return { ...old, hints: old.hints + 1 }
    case 'step':
      return {
        ...old,
        done: withNumber(old.done, update.step),
        next: update.step + 1,
        seconds: old.seconds + update.seconds,
      }
    case 'finished':
      return { ...old, finished: old.finished ?? update.at, next: 1 }
  }
}

/** A learner who leaves at the end of the last step has done everything, but the scenario has not ended. */
export function isComplete({ finished, next, steps }: ScenarioProgress): boolean {
  return finished !== null || isBehindTheLast({ next, steps })
}

/** The step to go on with: after the last one, the first. */
export function nextStep(own: Pick<ScenarioProgress, 'next' | 'steps'>): number {
  return isBehindTheLast(own) ? 1 : own.next
}

function isBehindTheLast({ next, steps }: Pick<ScenarioProgress, 'next' | 'steps'>): boolean {
  return steps !== null && next > steps
}

function withNumber(numbers: readonly number[], number: number): readonly number[] {
  return [...new Set([...numbers, number])].toSorted((a, b) => a - b)
}

export type Score = { readonly right: number; readonly asked: number }

export function scoreOf({ guesses }: Pick<ScenarioProgress, 'guesses'>): Score {
  const all = Object.values(guesses)
  return { right: all.filter(({ right }) => right).length, asked: all.length }
}

export function totalScore({ scenarios }: Progress): Score {
  const scores = Object.values(scenarios).map(scoreOf)
  return {
    right: scores.reduce((sum, { right }) => sum + right, 0),
    asked: scores.reduce((sum, { asked }) => sum + asked, 0),
  }
}
