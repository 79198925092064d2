// Reads the records of a state directory without the kernel or the lock, for commands that only print, as fast as possible.
import { existsSync } from 'node:fs'
import { openSqliteStore } from '../store/sqlite.ts'
import { stateFile } from '../store/sqlite-file.ts'
import { allNetworks, endpointsOf, type EndpointRecord, type NetworkRecord } from './records.ts'

export type Records = {
  /** In the order of their names. */
  readonly networks: readonly NetworkRecord[]
  /** The endpoints of all networks. */
  readonly endpoints: readonly EndpointRecord[]
}

/**
 * Returns no records where there is no state yet, and creates none.
 * @throws NetdojoError `state-corrupt`, `state-newer` or `state-unavailable`
 */
export async function readRecords(directory: string): Promise<Records> {
  if (!existsSync(stateFile(directory))) return { networks: [], endpoints: [] }
  await using store = await openSqliteStore({ directory })
  return store.read((transaction) => ({
    networks: allNetworks(transaction),
    endpoints: endpointsOf(transaction),
  }))
}
