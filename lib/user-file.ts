// Keeps a JSON value in the user's data directory, never in the repository. A file that is not understood is refused and left as it is.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { NetdojoError } from './errors.ts'

export type UserFile<Value> = {
  readonly path: string
  /** For errors: `'the progress'`. */
  readonly what: string
  /** A file with a higher version is refused: a newer program wrote it. */
  readonly version: number
  /** The value of a file that does not exist. */
  readonly empty: Value
  readonly isValue: (value: unknown) => value is Value
}

/** XDG Base Directory Specification: a relative XDG_DATA_HOME must be ignored. */
export function dataDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const { XDG_DATA_HOME = '' } = environment
  const base = isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : join(homedir(), '.local/share')
  return join(base, 'netdojo')
}

/** @throws NetdojoError `state-corrupt`, `state-newer` or `state-unavailable` */
export function readUserFile<Value>(file: UserFile<Value>): Value {
  const { path, version: known, isValue } = file
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return file.empty
    throw unavailable('read', file, error)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw notUnderstood('state-corrupt', file, `the file is not JSON: ${messageOf(error)}`)
  }
  const version = isRecord(value) ? value.version : undefined
  if (typeof version === 'number' && version > known)
    throw notUnderstood(
      'state-newer',
      file,
      `a newer netdojo wrote version ${version}; this netdojo reads versions up to ${known}`,
    )
  if (!isValue(value))
    throw notUnderstood(
      'state-corrupt',
      file,
      'the file does not have the fields that netdojo writes',
    )
  return value
}

/**
 * Changes what is in the file now, because a second terminal may have written meanwhile. A reader sees the old value or the new one.
 * @throws NetdojoError as `readUserFile`
 */
export function updateUserFile<Value>(
  file: UserFile<Value>,
  change: (value: Value) => Value,
): Value {
  const { path } = file
  const value = change(readUserFile(file))
  const draft = `${path}.${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { flush: true })
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw unavailable('write', file, error)
  }
  return value
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function notUnderstood(
  code: 'state-corrupt' | 'state-newer',
  { what, path }: Pick<UserFile<unknown>, 'what' | 'path'>,
  reason: string,
): NetdojoError {
  return new NetdojoError({
    code,
    operation: 'read',
    object: `${what} in ${path}`,
    reason,
    advice: [
      code === 'state-newer' ? 'use the newer netdojo' : 'repair the file by hand',
      `or start again without it: mv ${path} ${path}.old`,
    ],
  })
}

function unavailable(
  operation: string,
  { what, path }: Pick<UserFile<unknown>, 'what' | 'path'>,
  error: unknown,
): NetdojoError {
  return new NetdojoError({
    code: 'state-unavailable',
    operation,
    object: `${what} in ${path}`,
    reason: messageOf(error),
    advice: ['set XDG_DATA_HOME to another directory'],
    cause: error,
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
