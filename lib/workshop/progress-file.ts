// Keeps the learner's progress in the user's data directory.
import { join } from 'node:path'
import {
  dataDirectory,
  isRecord,
  readUserFile,
  updateUserFile,
  type UserFile,
} from '../user-file.ts'
import { noProgress, progressVersion, type Progress } from './progress.ts'

export function progressPath(): string {
  return join(dataDirectory(), 'workshop.json')
}

/** @throws NetdojoError `state-corrupt`, `state-newer` or `state-unavailable` */
export function readProgress(path = progressPath()): Progress {
  return readUserFile(fileAt(path))
}

/** @throws NetdojoError as `readProgress` */
export function updateProgress(
  change: (progress: Progress) => Progress,
  path = progressPath(),
): Progress {
  return updateUserFile(fileAt(path), change)
}

function fileAt(path: string): UserFile<Progress> {
  return {
    path,
    what: 'the progress',
    version: progressVersion,
    empty: noProgress,
    isValue: isProgress,
  }
}

function isProgress(value: unknown): value is Progress {
  return (
    isRecord(value) &&
    value.version === progressVersion &&
    isRecord(value.scenarios) &&
    Object.values(value.scenarios).every(isScenarioProgress)
  )
}

function isScenarioProgress(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { started, finished, done, next, steps, guesses, byHand, hints, seconds } = value
  return (
    typeof started === 'string' &&
    (finished === null || typeof finished === 'string') &&
    areNumbers(done) &&
    areNumbers(byHand) &&
    [next, hints, seconds].every((number) => typeof number === 'number') &&
    (steps === null || typeof steps === 'number') &&
    isRecord(guesses) &&
    Object.values(guesses).every(isGuess)
  )
}

function areNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every((number) => typeof number === 'number')
}

function isGuess(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { node, line, guess, truth, right } = value
  return (
    [node, line, guess, truth].every((text) => typeof text === 'string') &&
    typeof right === 'boolean'
  )
}
