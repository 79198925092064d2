// The durable store: one SQLite file, written by any number of processes, one transaction at a time, each synced to the disk.
import type { DatabaseSync } from 'node:sqlite'
import { readBootId } from './boot-id.ts'
import { oneAtATime, runTransaction, type RawTransaction } from './run-transaction.ts'
import { openStateFile, refuseOtherVersions, stateFile } from './sqlite-file.ts'
import type { Store, Transaction } from './store.ts'
import { whenFree } from './when-free.ts'

export type SqliteStoreOptions = {
  /** Made (0700) when missing; the state is `state.sqlite` in it (0600). */
  readonly directory: string
  /** How long to wait for other processes before `state-busy`; each holds the lock for about a millisecond. */
  readonly busySeconds?: number
  /** Stands for another boot in tests. */
  readonly bootId?: string
}

/**
 * Opens the state, or makes it where there is none.
 * @throws NetdojoError `state-corrupt` or `state-newer` for a file that is not ours to write: it is left as it is;
 * `state-unavailable` when the system refuses (rights, disk full, read-only).
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { directory, busySeconds = 30, bootId = readBootId() } = options
  const path = stateFile(directory)
  const { database, raw } = await whenFree(path, busySeconds, () => openDatabase(path))
  const alone = oneAtATime()
  const transact = <T>(begin: string, body: (transaction: Transaction) => T, sync = '') =>
    whenFree(path, busySeconds, () =>
      alone(() => {
        try {
          database.exec(sync + begin)
          refuseOtherVersions(database, path)
          const result = runTransaction(raw, bootId, body)
          database.exec('COMMIT')
          return result
        } finally {
          // Still open only when something was thrown. SQLite may have rolled back by itself, when the disk was full.
          if (database.isOpen && database.isTransaction) database.exec('ROLLBACK')
        }
      }),
    )
  const close = async () => {
    if (database.isOpen) database.close()
  }
  return {
    read: (body) => transact('BEGIN', body),
    // Not DEFERRED: two that have both read could not both go on to write.
    update: (body, { survives = 'power-cut' } = {}) =>
      transact('BEGIN IMMEDIATE', body, synchronous[survives]),
    close,
    [Symbol.asyncDispose]: close,
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
    // What the schema says can be damaged so that it is only noticed when a statement is made.
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

/** The table admits nothing but text and bytes. */
function rawValue(value: unknown): string | Uint8Array | undefined {
  return typeof value === 'string' || value instanceof Uint8Array ? value : undefined
}
