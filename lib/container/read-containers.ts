// Looks at the records of containers, and at nothing else: for whoever only wants to know, as fast as can be.
import { existsSync } from 'node:fs'
import { openSqliteStore } from '../store/sqlite.ts'
import { stateFile } from '../store/sqlite-file.ts'
import { isAbandoned } from './abandoned.ts'
import { allContainers, type ContainerRecord } from './records.ts'

/** @returns undefined when some must be brought to an end before they can be told of. */
export async function readContainers(
  directory: string,
): Promise<readonly ContainerRecord[] | undefined> {
  if (!existsSync(stateFile(directory))) return []
  await using store = await openSqliteStore({ directory })
  return store.read((transaction) => {
    const containers = allContainers(transaction)
    return containers.some((record) => isAbandoned(record, transaction.bootId))
      ? undefined
      : containers
  })
}
