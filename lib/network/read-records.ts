// Reads the records of a state directory without the kernel or the lock, for commands that only print, as fast as possible.
import { existsSync } from 'node:fs'
import { NetdojoError } from '../errors.ts'
import { openSqliteStore } from '../store/sqlite.ts'
import { stateFile } from '../store/sqlite-file.ts'
import type { HostStore } from '../store/store.ts'
import { membershipOf, type Membership } from './cluster/membership.ts'
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
  const { membership, ...records } = await store.read((transaction) => ({
    membership: membershipOf(transaction),
    networks: allNetworks(transaction),
    endpoints: endpointsOf(transaction),
  }))
  return membership ? withCluster(store, membership, records) : records
}

/** Adds the networks that this machine has not joined; while etcd does not answer, they are left out. */
async function withCluster(
  store: HostStore,
  { etcd }: Membership,
  records: Records,
): Promise<Records> {
  const [{ splitStore }, { etcdStore }, { allKnownNetworks }] = await Promise.all([
    import('../store/split.ts'),
    import('../store/etcd/etcd.ts'),
    import('./cluster/claims.ts'),
  ])
  await using split = splitStore(store, etcdStore({ ...etcd, seconds: 1 }))
  try {
    return { ...records, networks: await split.read(allKnownNetworks) }
  } catch (error) {
    if (error instanceof NetdojoError && error.code === 'state-unavailable') return records
    throw error
  }
}
