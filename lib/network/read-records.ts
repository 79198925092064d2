// Looks at the records of a state directory, and at nothing else: for whoever only wants to know, as fast as can be.
import { existsSync } from 'node:fs'
import { openSqliteStore } from '../store/sqlite.ts'
import { stateFile } from '../store/sqlite-file.ts'
import { allNetworks, endpointsOf, type EndpointRecord, type NetworkRecord } from './records.ts'

export type Records = {
  /** In the order of their names. */
  readonly networks: readonly NetworkRecord[]
  /** Of all networks. */
  readonly endpoints: readonly EndpointRecord[]
}

/**
 * None where there is no state yet, which is not made.
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
