// Opens the durable store: one SQLite file for any number of processes; each transaction is synced to the disk.
import { utimesSync, watch } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import {
  oneAfterAnother,
  oneAtATime,
  readBootId,
  runTransaction,
  type RawTransaction,
} from './run-transaction.ts'
import { openStateFile, refuseOtherVersions, stateFile, whenFree } from './sqlite-file.ts'
import type { HostStore, Transaction, TransactionOptions } from './store.ts'

export type SqliteStoreOptions = {
  /** Created (mode 0700) if missing; the state is `state.sqlite` in it (mode 0600). */
  readonly directory: string
  /** Seconds to wait for other processes before `state-busy`, default 30; each holds the lock for about 1 ms. */
  readonly busySeconds?: number
  /** The id of the boot; default: that of the running boot. Tests pass another. */
  readonly bootId?: string
}

/**
 * Opens the state, or creates it where there is none.
 * @throws NetdojoError `state-corrupt` or `state-newer` for a file that this version must not write, which stays as it is;
 * `state-unavailable` when the system refuses (permissions, disk full, read-only)
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<HostStore> {
  const { directory, busySeconds = 30, bootId = readBootId() } = options
  const path = stateFile(directory)
  const { database, raw } = await whenFree(path, busySeconds, () => openDatabase(path))
  const alone = oneAtATime()
  const waiting = oneAfterAnother(() => alone(() => {}))
  /** Leaves the transaction open when the body has returned. */
  const begin = <T>(start: string, body: (transaction: Transaction) => T) => {
    database.exec(start)
    refuseOtherVersions(database, path)
    return runTransaction(raw, bootId, body)
  }
  const rollBack = () => {
    // SQLite rolls back by itself when the disk is full.
    if (database.isOpen && database.isTransaction) database.exec('ROLLBACK')
  }
  const transact = <T>(start: string, body: (transaction: Transaction) => T) =>
    whenFree(path, busySeconds, () =>
      alone(() => {
        try {
          const result = begin(start, body)
          database.exec('COMMIT')
          return result
        } finally {
          rollBack()
        }
      }),
    )
  const start = ({ survives = 'power-cut' }: TransactionOptions = {}) =>
    // IMMEDIATE: of two DEFERRED transactions that have both read, only one could go on to write.
    `${synchronous[survives]}BEGIN IMMEDIATE`
  const close = async () => {
    if (database.isOpen) database.close()
  }
  return {
    read: (body) => waiting.after(() => transact('BEGIN', body)),
    update: async (body, options) => {
      const result = await waiting.after(() => transact(start(options), body))
      ring(path)
      return result
    },
    updateAfter: (body, commit, options) =>
      waiting.alone(async () => {
        try {
          const result = await whenFree(path, busySeconds, () =>
            alone(() => begin(start(options), body)),
          )
          await commit()
          await whenFree(path, busySeconds, () => database.exec('COMMIT'))
          ring(path)
          return result
        } finally {
          rollBack()
        }
      }),
    watch: (onChange) => {
      // inotify(7) sees what all processes do to the files of this directory.
      const watcher = watch(directory, onChange)
      watcher.on('error', onChange)
      return () => watcher.close()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** SQLite writes to its log before the commit is visible, and then only to memory that processes share: this is the bell after it. */
function ring(path: string): void {
  try {
    const now = new Date()
    utimesSync(path, now, now)
  } catch {
    // The commit counts, also if the file was removed since.
  }
}

/**
 * Either way a commit is in the log, in the system's cache, before it is reported: a killed process loses nothing. FULL also
 * waits for the disk. Each sync of the log covers all that was written before it (sqlite.org/pragma.html#pragma_synchronous).
 */
const synchronous = {
  'power-cut': 'PRAGMA synchronous = FULL;',
  crash: 'PRAGMA synchronous = NORMAL;',
}

function openDatabase(path: string) {
  const database = openStateFile(path)
  try {
    return { database, raw: overDatabase(database) }
  } catch (error) {
    // A damaged schema may be noticed only when a statement is prepared.
    database.close()
    throw error
  }
}

function overDatabase(database: DatabaseSync): RawTransaction {
  const get = database.prepare('SELECT value FROM entry WHERE key = ?')
  const set = database.prepare(
    'INSERT INTO entry (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const remove = database.prepare('DELETE FROM entry WHERE key = ?')
  const scan = database.prepare(
    'SELECT key, value FROM entry WHERE key >= ? AND key < ? ORDER BY key',
  )
  const keys = database.prepare('SELECT key FROM entry WHERE key >= ? AND key < ? ORDER BY key')
  return {
    get: (key) => rawValue(get.get(key)?.value),
    set: (key, value) => void set.run(key, value),
    delete: (key) => void remove.run(key),
    scan: (from, to) =>
      scan.all(from, to).map(({ key, value }) => [String(key), rawValue(value) ?? '']),
    keys: (from, to) => keys.all(from, to).map(({ key }) => String(key)),
  }
}

/** The table admits only text and bytes. */
function rawValue(value: unknown): string | Uint8Array | undefined {
  return typeof value === 'string' || value instanceof Uint8Array ? value : undefined
}
