// Turns errors of SQLite and the file system into errors with advice; a NetdojoError passes unchanged.
import { getSystemErrorMessage } from 'node:util'
import { NetdojoError } from '../errors.ts'

// The primary result codes of sqlite.org/rescode.html: the low byte of the extended code.
const error = 1
const busy = 5
const corrupt = 11
const notADatabase = 26

export function isBusy(thrown: unknown): boolean {
  return resultCode(thrown) === busy
}

/** The error to throw in place of `thrown` by an operation on the state file at `path`. */
export function stateError(path: string, thrown: unknown): unknown {
  const code = resultCode(thrown)
  if (code === undefined && !isSystemError(thrown)) return thrown
  const reason = reasonOf(thrown)
  if (code === busy) return busyState(path, thrown)
  // SQLite cannot compile a statement when the table is missing.
  if (code === corrupt || code === notADatabase || code === error)
    return corruptState(path, reason, thrown)
  return unavailable(path, reason, thrown)
}

export function corruptState(path: string, reason: string, cause?: unknown): NetdojoError {
  return new NetdojoError({
    code: 'state-corrupt',
    operation: 'use the state in',
    object: path,
    reason,
    advice: [
      `keep a copy of ${path} and of the -wal file beside it; they were not changed`,
      'put a backup of them back only if no network was changed since the backup',
      'or, if no container uses these networks, remove both files, run the next line, and create the networks again',
      'nft delete table inet netdojo; nft delete table bridge netdojo; netdojo reconcile --remove-strays',
    ],
    cause,
  })
}

/** The system's own message, without the name of the call. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  return 'errno' in thrown && typeof thrown.errno === 'number'
    ? getSystemErrorMessage(thrown.errno)
    : thrown.message
}

function resultCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown)) return undefined
  return Number(thrown.errcode) & 0xff
}

/** Errors of the file system have an errno; a closed DatabaseSync throws ERR_INVALID_STATE. */
function isSystemError(thrown: unknown): boolean {
  if (!(thrown instanceof Error) || thrown instanceof NetdojoError) return false
  return 'errno' in thrown || ('code' in thrown && thrown.code === 'ERR_INVALID_STATE')
}

function busyState(path: string, cause: unknown): NetdojoError {
  return new NetdojoError({
    code: 'state-busy',
    operation: 'use the state in',
    object: path,
    reason: 'other processes hold its lock',
    advice: ['try again', `list the processes that have it open: fuser -v ${path}`],
    cause,
  })
}

function unavailable(path: string, reason: string, cause: unknown): NetdojoError {
  return new NetdojoError({
    code: 'state-unavailable',
    operation: 'use the state in',
    object: path,
    reason,
    advice: ['the directory must be on a local disk with free space, and you must own it'],
    cause,
  })
}
