// Reads the records of a state directory without the kernel or the lock, for commands that only print, as fast as possible.
import { existsSync } from 'node:fs'
import type { NetdojoError } from '../errors.ts'
import type { EtcdStoreOptions } from '../store/etcd/etcd.ts'
import { openSqliteStore } from '../store/sqlite.ts'
import { stateFile } from '../store/sqlite-file.ts'
import type { HostStore } from '../store/store.ts'
import { isUnanswered, membershipOf } from './cluster/membership.ts'
import { allNetworks, endpointsOf, type EndpointRecord, type NetworkRecord } from './records.ts'

export type Records = {
  /** In the order of their names. */
  readonly networks: readonly NetworkRecord[]
  /** The endpoints of all networks. */
  readonly endpoints: readonly EndpointRecord[]
  /** Why the networks that this machine has not joined are missing. */
  readonly unanswered?: NetdojoError
}

/**
 * Returns no records where there is no state yet, and creates none. `etcd` is where the cluster's networks are; default what the state
 * directory remembers.
 * @throws NetdojoError `state-corrupt`, `state-newer` or `state-unavailable`
 */
export async function readRecords(directory: string, etcd?: EtcdStoreOptions): Promise<Records> {
  const none: Records = { networks: [], endpoints: [] }
  if (!existsSync(stateFile(directory))) return etcd ? firstLook(etcd, none) : none
  await using store = await openSqliteStore({ directory })
  const { membership, ...records } = await store.read((transaction) => ({
    membership: membershipOf(transaction),
    networks: allNetworks(transaction),
    endpoints: endpointsOf(transaction),
  }))
  const known = etcd ?? (membership?.machine ? membership.etcd : undefined)
  if (!known) return records
  try {
    return await withCluster(store, known, records)
  } catch (error) {
    // What this machine has is known without etcd.
    if (isUnanswered(error)) return { ...records, unanswered: error }
    throw error
  }
}

/** This machine has no state of its own yet. */
async function firstLook(etcd: EtcdStoreOptions, none: Records): Promise<Records> {
  const { openHostMemory } = await import('../store/memory.ts')
  await using store = openHostMemory()
  try {
    return await withCluster(store, etcd, none)
  } catch (error) {
    if (isUnanswered(error)) return { ...none, unanswered: error }
    throw error
  }
}

/** Adds the networks that this machine has not joined. @throws NetdojoError `state-unavailable` */
async function withCluster(
  store: HostStore,
  etcd: EtcdStoreOptions,
  records: Records,
): Promise<Records> {
  const [{ splitStore }, { etcdStore }, { allKnownNetworks }] = await Promise.all([
    import('../store/split.ts'),
    import('../store/etcd/etcd.ts'),
    import('./cluster/claims.ts'),
  ])
  await using split = splitStore(store, etcdStore({ ...etcd, seconds: 2 }))
  return { ...records, networks: await split.read(allKnownNetworks) }
}
