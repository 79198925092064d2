// Keeps what the user has reached: the best try at each broken network.
import { join } from 'node:path'
import {
  dataDirectory,
  isRecord,
  readUserFile,
  updateUserFile,
  type UserFile,
} from '../user-file.ts'
import { better, nothingDone, type Score } from './score.ts'

export type Results = Readonly<Record<string, Score>>

type Stored = {
  readonly version: number
  readonly networks: Readonly<Record<string, Partial<Score>>>
}

export function resultsFile(environment?: NodeJS.ProcessEnv): string {
  return join(dataDirectory(environment), 'fix.json')
}

/** @throws NetdojoError `state-corrupt`, `state-newer`, `state-unavailable` */
export function readResults(path: string): Results {
  return resultsOf(readUserFile(fileAt(path)))
}

/** Remembers a try, unless an earlier one was better. @throws NetdojoError as `readResults` */
export function keepResult(path: string, name: string, score: Score): void {
  updateUserFile(fileAt(path), (stored) => {
    const results = resultsOf(stored)
    const best = better(score, results[name] ?? nothingDone)
    return { ...stored, networks: { ...results, [name]: best } }
  })
}

function fileAt(path: string): UserFile<Stored> {
  const version = 1
  return { path, what: 'the results', version, empty: { version, networks: {} }, isValue: isStored }
}

/** An older program may have written fewer fields. */
function resultsOf({ networks }: Stored): Results {
  return Object.fromEntries(
    Object.entries(networks).map(([name, score]) => [name, Object.assign({}, nothingDone, score)]),
  )
}

function isStored(value: unknown): value is Stored {
  return (
    isRecord(value) &&
    typeof value.version === 'number' &&
    isRecord(value.networks) &&
    Object.values(value.networks).every(isScore)
  )
}

function isScore(value: unknown): boolean {
  if (!isRecord(value)) return false
  return Object.entries(nothingDone).every(
    ([key, usual]) => !Object.hasOwn(value, key) || typeof value[key] === typeof usual,
  )
}
