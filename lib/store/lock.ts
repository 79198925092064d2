// One mutation at a time, among all processes that share a state directory; the kernel frees the lock of a process that dies.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { isBusy, stateError } from './sqlite-errors.ts'

export type Lock = {
  /** Runs `body` while nobody else holds the lock; `check` is called while waiting, and ends the wait by throwing. */
  hold<T>(body: () => Promise<T>, check?: () => void): Promise<T>
  close(): void
}

/** Among the callers of one process only. */
export function processLock(): Lock {
  let last: Promise<unknown> = Promise.resolve()
  return {
    hold(body, check) {
      const turn = last.then(() => {
        check?.()
        return body()
      })
      last = turn.catch(() => {})
      return turn
    },
    close: () => {},
  }
}

/** Longest pause between two looks at a lock that others hold: a tenth of what they usually hold it for. */
const pauseMilliseconds = 2

/**
 * SQLite locks its file with fcntl(2), which ends with the process however that ends; nothing is ever written to it.
 * @throws NetdojoError `state-unavailable`
 */
export function fileLock(directory: string): Lock {
  const path = join(directory, 'lock.sqlite')
  const own = processLock()
  let database: DatabaseSync | undefined
  return {
    hold: (body, check) =>
      own.hold(async () => {
        database ??= open(directory, path)
        await acquire(database, path, check)
        try {
          return await body()
        } finally {
          database.exec('ROLLBACK')
        }
      }, check),
    close: () => database?.close(),
  }
}

function open(directory: string, path: string): DatabaseSync {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    return new DatabaseSync(path, { timeout: 0 })
  } catch (error) {
    throw stateError(path, error)
  }
}

async function acquire(
  database: DatabaseSync,
  path: string,
  check: (() => void) | undefined,
): Promise<void> {
  for (;;) {
    try {
      database.exec('BEGIN EXCLUSIVE')
      return
    } catch (error) {
      if (!isBusy(error)) throw stateError(path, error)
    }
    check?.()
    await sleep(Math.random() * pauseMilliseconds)
  }
}
