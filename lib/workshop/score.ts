// How well a learner foresaw what the kernel would do: guesses that were right, of those that were made.
import type { Progress, ScenarioProgress } from './progress.ts'

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
