// A copy of the durable state in memory: whatever is done to it, the state is as it was.
import { existsSync } from 'node:fs'
import { openMemoryStore } from './memory.ts'
import type { RawValue } from './run-transaction.ts'
import { openStateFile, refuseOtherVersions, stateFile } from './sqlite-file.ts'
import type { Store } from './store.ts'
import { whenFree } from './when-free.ts'

const busySeconds = 30

/**
 * Of one moment; empty where there is no state yet, which is not made.
 * @throws NetdojoError as `openSqliteStore`
 */
export async function copyToMemory(directory: string): Promise<Store> {
  const path = stateFile(directory)
  const entries = existsSync(path)
    ? await whenFree(path, busySeconds, () => readEntries(path))
    : undefined
  return openMemoryStore(entries ? { entries } : {})
}

function readEntries(path: string): readonly (readonly [string, RawValue])[] {
  const database = openStateFile(path)
  try {
    refuseOtherVersions(database, path)
    return database
      .prepare('SELECT key, value FROM entry')
      .all()
      .flatMap(({ key, value }) =>
        typeof value === 'string' || value instanceof Uint8Array ? [[String(key), value]] : [],
      )
  } finally {
    database.close()
  }
}
