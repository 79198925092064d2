// Copies the durable state into a store in memory, so that a dry run changes nothing.
import { existsSync } from 'node:fs'
import { openHostMemory } from './memory.ts'
import type { RawValue } from './run-transaction.ts'
import { openStateFile, refuseOtherVersions, stateFile, whenFree } from './sqlite-file.ts'
import type { HostStore } from './store.ts'

const busySeconds = 30

/**
 * The copy is of one moment. It is empty where there is no state yet, and none is created.
 * @throws NetdojoError as `openSqliteStore`
 */
export async function copyToMemory(directory: string): Promise<HostStore> {
  const path = stateFile(directory)
  const entries = existsSync(path)
    ? await whenFree(path, busySeconds, () => readEntries(path))
    : undefined
  return openHostMemory({ isCopy: true, ...(entries ? { entries } : {}) })
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
