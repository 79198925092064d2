// Makes a network of the cluster exist on this machine, and removes it here; the machine follows only the networks that it has joined.
import { AddressRange } from '../../address/address-range.ts'
import { IpAddress } from '../../address/ip-address.ts'
import { isName } from '../../address/name.ts'
import { Subnet } from '../../address/subnet.ts'
import { NetdojoError } from '../../errors.ts'
import { createPool } from '../../ipam/pools.ts'
import { hostSubnets } from '../../kernel/host-subnets.ts'
import { readHost } from '../../kernel/read.ts'
import type { ReadTransaction } from '../../store/store.ts'
import { changedSysctls } from '../changed-sysctls.ts'
import { driverOf, siblings, type Context } from '../context.ts'
import { applyChange, tearDown, writeJournal } from '../journal.ts'
import { endpointsOf, findNetwork, networkKey, type NetworkRecord } from '../records.ts'
import { sharedNetwork } from './claims.ts'
import { greatestMtu, register, type Cluster } from './membership.ts'
import { syncPeers } from './peers.ts'

/**
 * Joins the network where only the cluster knows it. A network of this machine that another one has removed, and perhaps created again,
 * ends here first. The caller has the lock. @throws NetdojoError `mtu-too-large`, or as `create`
 */
export async function joinIfNeeded(
  context: Context,
  name: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { cluster, store } = context
  if (!cluster || !isName(name)) return
  const here = await store.read((transaction) => {
    const network = transaction.record<NetworkRecord>(networkKey(name))
    return network && { ...network, isUsed: endpointsOf(transaction, name).length > 0 }
  })
  if (here && here.scope !== 'cluster') return
  const shared = await store.read((transaction) => sharedNetwork(transaction, name))
  if (here) {
    if (shared?.owner === here.id || here.isUsed) return
    await leaveNetwork(context, name)
  }
  if (shared) await joinNetwork(context, cluster, shared.network, signal)
}

async function joinNetwork(
  context: Context,
  cluster: Cluster,
  network: NetworkRecord,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { store } = context
  const machine = await register(cluster)
  const greatest = greatestMtu([machine])
  if ((network.mtu ?? 1500) > greatest) throw tooLarge(network, greatest)
  const driver = driverOf(context, network)
  await driver.prepare(await store.read(changedSysctls))
  const used = hostSubnets(await readHost())
  const change = await store.update((transaction) => {
    const { pools } = sharedNetwork(transaction, network.name) ?? findNetworkAgain(network)
    for (const { subnet, range, reserved } of pools) {
      const gateway = network.subnets.find((each) => each.subnet === subnet)?.gateway ?? ''
      createPool(transaction, {
        owner: network.id,
        used,
        subnet: Subnet.parse(subnet),
        gateway: IpAddress.parse(gateway),
        range: AddressRange.parse(range),
        reserved: reserved.map((text) => AddressRange.parse(text)),
      })
    }
    const steps = driver.create(network, siblings(context, transaction, network))
    return writeJournal(transaction, { change: 'create', network, joined: true }, steps)
  })
  await applyChange(context, change, signal)
  await syncPeers(context, cluster, network)
}

/** Guards a change against the removal of its network by another machine at the same time. @throws NetdojoError `network-missing` */
export function refuseRemoved(
  transaction: ReadTransaction,
  { id, name }: Pick<NetworkRecord, 'id' | 'name'>,
): void {
  if (sharedNetwork(transaction, name)?.owner !== id) findNetworkAgain({ name })
}

function findNetworkAgain({ name }: Pick<NetworkRecord, 'name'>): never {
  throw new NetdojoError({
    code: 'network-missing',
    operation: 'find the network',
    object: name,
    reason: 'another machine has removed it from the cluster',
    advice: ['netdojo network ls lists the networks of the cluster', 'create the network again'],
  })
}

/** Another machine has removed the network, and no endpoint of this one is connected to it. */
export async function leaveNetwork(context: Context, name: string): Promise<void> {
  const network = await context.store.read((transaction) => findNetwork(transaction, name))
  const driver = driverOf(context, network)
  await driver.prepare(await context.store.read(changedSysctls))
  const change = await context.store.update((transaction) => {
    const steps = driver.remove(network, siblings(context, transaction, network))
    return writeJournal(transaction, { change: 'remove', network, joined: true }, steps)
  })
  await tearDown(context, change)
}

function tooLarge({ name, mtu = 1500 }: NetworkRecord, greatest: number): NetdojoError {
  return new NetdojoError({
    code: 'mtu-too-large',
    operation: 'join',
    object: `the network ${name}`,
    reason: `its MTU ${mtu} must be at most ${greatest} on this machine, because a tunnel adds a header to each packet`,
    advice: [
      `create the network with -o mtu=${greatest}`,
      'or raise the MTU of the interface that has the address of this machine',
    ],
  })
}
