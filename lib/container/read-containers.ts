// Reads the records of containers without finishing any, for commands that only print, as fast as possible.
import { existsSync } from 'node:fs'
import { openSqliteStore } from '../store/sqlite.ts'
import { stateFile } from '../store/sqlite-file.ts'
import { allContainers, isAbandoned, type ContainerRecord } from './records.ts'

/** @returns undefined if the owner of a container has died, so that it must be finished first */
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
