// Reads which addresses of networks are in use, and in a network of a cluster which machine has each; writes nothing.
import { existsSync } from 'node:fs'
import { AddressRange } from '../address/address-range.ts'
import { IpAddress } from '../address/ip-address.ts'
import { Subnet } from '../address/subnet.ts'
import type { NetdojoError } from '../errors.ts'
import type { Pool } from '../ipam/pool.ts'
import { readPool } from '../ipam/pool-records.ts'
import { claimsPrefix, type Claim } from '../ipam/shared-addresses.ts'
import { poolUsage, usageOf, type PoolUsage } from '../ipam/usage.ts'
import type { EtcdStoreOptions } from '../store/etcd/etcd.ts'
import { openSqliteStore } from '../store/sqlite.ts'
import { stateFile } from '../store/sqlite-file.ts'
import type { HostStore, ReadTransaction } from '../store/store.ts'
import { allKnownNetworks, claimsOf, sharedNetwork } from './cluster/claims.ts'
import { isUnanswered, machineKey, membershipOf, type Machine } from './cluster/membership.ts'
import { peersOf } from './cluster/peers.ts'
import { allNetworks, endpointsOf, networkKey, type NetworkRecord } from './records.ts'

/** The addresses of a pool that one machine has. */
export type Holder = {
  /** The id of the machine. */
  readonly id: string
  /** The name of the machine, where the cluster knows it. */
  readonly name: string | undefined
  /** Where others send the packets for its containers. */
  readonly machine: string | undefined
  readonly isHere: boolean
  /** In order. */
  readonly addresses: readonly { readonly address: string; readonly names: readonly string[] }[]
}

export type UsedPool = {
  readonly network: string
  readonly id: string
  readonly usage: PoolUsage
  /** Absent for a pool of this machine alone. */
  readonly holders?: readonly Holder[]
}

export type Pools = {
  readonly pools: readonly UsedPool[]
  /** Why the addresses of other machines are those of the last copy on this machine. */
  readonly unanswered?: NetdojoError
}

/** `etcd` is where the cluster is; default what the state directory remembers. @throws NetdojoError as `readRecords` */
export async function readPools(directory: string, etcd?: EtcdStoreOptions): Promise<Pools> {
  const isThere = existsSync(stateFile(directory))
  if (!isThere && !etcd) return { pools: [] }
  const { openHostMemory } = await import('../store/memory.ts')
  await using store = isThere ? await openSqliteStore({ directory }) : openHostMemory()
  const membership = await store.read(membershipOf)
  const known = etcd ?? (membership?.machine ? membership.etcd : undefined)
  const pools = await store.read((transaction) => poolsOf(transaction, false))
  if (!known) return { pools }
  try {
    return { pools: await ofCluster(store, known) }
  } catch (error) {
    if (!isUnanswered(error)) throw error
    return { pools, unanswered: error }
  }
}

async function ofCluster(store: HostStore, etcd: EtcdStoreOptions): Promise<readonly UsedPool[]> {
  const [{ splitStore }, { etcdStore }] = await Promise.all([
    import('../store/split.ts'),
    import('../store/etcd/etcd.ts'),
  ])
  await using split = splitStore(store, etcdStore({ ...etcd, seconds: 2 }))
  return await split.read((transaction) => poolsOf(transaction, true))
}

function poolsOf(transaction: ReadTransaction, hasCluster: boolean): readonly UsedPool[] {
  const networks = hasCluster ? allKnownNetworks(transaction) : allNetworks(transaction)
  return networks.flatMap((network) => {
    const { name, id, scope } = network
    const claims = scope === 'cluster' ? claimsIn(transaction, network, hasCluster) : undefined
    return network.subnets.map(({ subnet: text }): UsedPool => {
      const subnet = Subnet.parse(text)
      if (!claims) return { network: name, id, usage: poolUsage(transaction, subnet) }
      const inside = claims.filter(({ address }) => subnet.contains(IpAddress.parse(address)))
      const offsets = inside.map(
        ({ address }) => IpAddress.parse(address).value - subnet.first.value,
      )
      const usage = usageOf(poolIn(transaction, network, subnet), new Set(offsets))
      return { network: name, id, usage, holders: holdersOf(transaction, inside, hasCluster) }
    })
  })
}

/** What etcd has, or without it the copy on this machine. */
function claimsIn(
  transaction: ReadTransaction,
  network: NetworkRecord,
  hasCluster: boolean,
): readonly Claim[] {
  if (hasCluster)
    return transaction.records<Claim>(claimsPrefix(network.id)).map(([, claim]) => claim)
  const own = membershipOf(transaction)?.id ?? ''
  const here = endpointsOf(transaction, network.name).flatMap((endpoint) =>
    claimsOf(network, endpoint, own).map(([, claim]) => claim),
  )
  return [...here, ...peersOf(transaction, network.id)]
}

/** A network that this machine has not joined has no pool here. */
function poolIn(
  transaction: ReadTransaction,
  { id, name, subnets }: NetworkRecord,
  subnet: Subnet,
): Pool {
  if (transaction.record(networkKey(name)) !== undefined) return readPool(transaction, subnet)
  const { range, reserved = [] } =
    sharedNetwork(transaction, name)?.pools.find((pool) => pool.subnet === `${subnet}`) ?? {}
  const gateway = subnets.find((each) => each.subnet === `${subnet}`)?.gateway ?? ''
  return {
    subnet,
    owner: id,
    gateway: IpAddress.parse(gateway),
    range:
      range === undefined ? new AddressRange(subnet.first, subnet.last) : AddressRange.parse(range),
    reserved: reserved.map((text) => AddressRange.parse(text)),
  }
}

function holdersOf(
  transaction: ReadTransaction,
  claims: readonly Claim[],
  hasCluster: boolean,
): readonly Holder[] {
  const own = membershipOf(transaction)
  const groups = Map.groupBy(claims, ({ host }) => host)
  return [...groups]
    .map(([id, all]): Holder => {
      const known = hasCluster ? transaction.record<Machine>(machineKey(id)) : undefined
      const isHere = id === own?.id
      const machine = known ?? (isHere ? own?.machine : undefined)
      const addresses = all.map(({ address, names }) => ({ address, names }))
      return {
        id,
        name: machine?.name,
        machine: machine?.address,
        isHere,
        addresses: sorted(addresses),
      }
    })
    .toSorted(
      (one, other) => Number(other.isHere) - Number(one.isHere) || (one.id < other.id ? -1 : 1),
    )
}

function sorted(addresses: Holder['addresses']): Holder['addresses'] {
  const valued = addresses.map((each) => ({ each, value: IpAddress.parse(each.address).value }))
  return valued.toSorted((one, other) => (one.value < other.value ? -1 : 1)).map(({ each }) => each)
}
