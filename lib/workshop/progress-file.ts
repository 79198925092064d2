// Keeps progress in the user's data directory, never in the repository; a file that cannot be understood is refused and left as it is.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { NetdojoError } from '../errors.ts'
import { noProgress, progressVersion, type Progress } from './progress.ts'

/** XDG Base Directory Specification: a relative XDG_DATA_HOME is to be ignored. */
export function dataDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const { XDG_DATA_HOME = '' } = environment
  const base = isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : join(homedir(), '.local/share')
  return join(base, 'netdojo')
}

export function progressPath(): string {
  return join(dataDirectory(), 'workshop.json')
}

/** @throws NetdojoError `state-corrupt`, `state-newer` or `state-unavailable` */
export function readProgress(path = progressPath()): Progress {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return noProgress
    throw unavailable('read', path, error)
  }
  return parsed(text, path)
}

/**
 * Changes what is in the file now: a second terminal may have written meanwhile. Whoever reads sees the old or the new, whole.
 * @throws NetdojoError as `readProgress`
 */
export function updateProgress(
  change: (progress: Progress) => Progress,
  path = progressPath(),
): Progress {
  const progress = change(readProgress(path))
  const draft = `${path}.${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(draft, `${JSON.stringify(progress, null, 2)}\n`, { flush: true })
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw unavailable('write', path, error)
  }
  return progress
}

function parsed(text: string, path: string): Progress {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw corrupt(path, error instanceof Error ? error.message : String(error))
  }
  const version = isRecord(value) ? value.version : undefined
  if (typeof version === 'number' && version > progressVersion)
    throw new NetdojoError({
      code: 'state-newer',
      operation: 'read',
      object: `the progress in ${path}`,
      reason: `a newer netdojo has written it (version ${version}; this one knows ${progressVersion})`,
      advice: ['use that newer netdojo', `or begin anew: mv ${path} ${path}.old`],
    })
  if (!isProgress(value)) throw corrupt(path, 'it is not what netdojo writes')
  return value
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

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
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

function corrupt(path: string, reason: string): NetdojoError {
  return new NetdojoError({
    code: 'state-corrupt',
    operation: 'read',
    object: `the progress in ${path}`,
    reason,
    advice: [`repair it by hand, or begin anew: mv ${path} ${path}.old`],
  })
}

function unavailable(operation: string, path: string, error: unknown): NetdojoError {
  return new NetdojoError({
    code: 'state-unavailable',
    operation,
    object: `the progress in ${path}`,
    reason: error instanceof Error ? error.message : String(error),
    advice: ['choose another directory: XDG_DATA_HOME=/path/to/it npm run workshop'],
    cause: error,
  })
}
