// What was reached so far, in a file of the user's own: the best try at each network; a file that is not ours is never overwritten.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { NetdojoError } from '../errors.ts'
import { better, nothingDone, type Score } from './score.ts'

export type Results = Readonly<Record<string, Score>>

const version = 1

/** https://specifications.freedesktop.org/basedir-spec: a relative XDG_DATA_HOME is to be ignored. */
export function resultsFile(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const asked = environment.XDG_DATA_HOME ?? ''
  const base = asked.startsWith('/') ? asked : join(homedir(), '.local/share')
  return join(base, 'netdojo/fix.json')
}

/** @throws NetdojoError `state-corrupt`, `state-newer`, `state-unavailable` */
export function readResults(file: string): Results {
  const text = read(file)
  if (text === undefined) return {}
  const stored = parse(text)
  if (stored === undefined) throw refusal(file, 'state-corrupt', 'it is not what was written there')
  if (stored.version > version)
    throw refusal(file, 'state-newer', 'a later version of netdojo has written it')
  return stored.networks
}

/** Remembers a try, unless an earlier one was better. @throws NetdojoError as `readResults` */
export function keepResult(file: string, name: string, score: Score): void {
  const results = readResults(file)
  const networks = { ...results, [name]: better(score, results[name] ?? nothingDone) }
  const unfinished = `${file}.${process.pid}`
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(unfinished, `${JSON.stringify({ version, networks }, null, 2)}\n`)
    // In one step: whoever reads finds the old or the new.
    renameSync(unfinished, file)
  } catch (error) {
    throw refusal(file, 'state-unavailable', reasonOf(error), error)
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw refusal(file, 'state-unavailable', reasonOf(error), error)
  }
}

function parse(text: string): { version: number; networks: Record<string, Score> } | undefined {
  try {
    const { version, networks }: { version?: unknown; networks?: unknown } = JSON.parse(text)
    if (typeof version !== 'number') return undefined
    if (version > 1) return { version, networks: {} }
    if (typeof networks !== 'object' || networks === null) return undefined
    const scores = Object.entries(networks).map(([name, score]) => [name, scoreOf(score)] as const)
    if (scores.some(([, score]) => score === undefined)) return undefined
    return {
      version,
      networks: Object.fromEntries(scores.map(([name, s]) => [name, s ?? nothingDone])),
    }
  } catch {
    return undefined
  }
}

/** Undefined unless every field is of its kind. */
function scoreOf(value: unknown): Score | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const score = { ...nothingDone, ...value }
  const whole = Object.entries(nothingDone).every(
    ([key, usual]) => typeof Reflect.get(score, key) === typeof usual,
  )
  return whole ? score : undefined
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function refusal(
  file: string,
  code: 'state-corrupt' | 'state-newer' | 'state-unavailable',
  reason: string,
  cause?: unknown,
): NetdojoError {
  return new NetdojoError({
    code,
    operation: 'keep the results in',
    object: file,
    reason,
    advice: ['move it away, or set XDG_DATA_HOME to another directory'],
    cause,
  })
}
