// Disconnects an endpoint from a running namespace, and removes a network; an interrupted removal is finished by the next change.
import { Subnet } from '../address/subnet.ts'
import { NetdojoError } from '../errors.ts'
import { readPool } from '../ipam/pool-records.ts'
import { requestedLeases } from '../ipam/pools.ts'
import type { Step } from '../driver/driver.ts'
import type { Operation } from '../kernel/operation.ts'
import type { ReadTransaction } from '../store/store.ts'
import { driverEndpoint, driverOf, prepareDrivers, siblings, type Context } from './context.ts'
import { changedSysctls, changesHost } from './changed-sysctls.ts'
import { survival, tearDown, writeJournal } from './journal.ts'
import { withoutEndpoints } from './namespace-plan.ts'
import { giveBack, sharedNetwork, unclaimNetwork } from './cluster/claims.ts'
import { refuseOtherCluster, type Cluster } from './cluster/membership.ts'
import {
  allNetworks,
  endpointsOf,
  endpointTitle,
  findEndpoint,
  findNetwork,
  networkKey,
  type NetworkRecord,
} from './records.ts'

/**
 * @param namespaceEnds whether the default route and the ports need not move to the namespace's other networks.
 * @throws NetdojoError `network-missing`, `endpoint-missing` or `teardown-incomplete`
 */
export async function disconnectEndpoint(
  context: Context,
  name: string,
  id: string,
  namespaceEnds = false,
): Promise<void> {
  await prepareDrivers(context)
  const change = await context.store.update(
    (transaction) => {
      const { network, endpoint } = findEndpoint(transaction, name, id)
      const steps = driverOf(context, network).disconnect(network, driverEndpoint(endpoint))
      if (namespaceEnds)
        return writeJournal(transaction, { change: 'disconnect', network, endpoint }, steps)
      const { first, last, others } = withoutEndpoints(
        context,
        transaction,
        endpoint.netnsInode,
        new Set([id]),
      )
      return writeJournal(transaction, { change: 'disconnect', network, endpoint, ...others }, [
        ...first,
        ...steps,
        ...last,
      ])
    },
    survival({ change: 'disconnect' }),
  )
  await tearDown(context, change)
  // When etcd does not answer, the follower or the next command gives the addresses back.
  if (context.cluster) await giveBack(context.store)
}

/** @throws NetdojoError `network-missing`, `network-in-use` or `pool-in-use` unless forced, or `teardown-incomplete` */
export async function removeNetwork(context: Context, name: string, force: boolean): Promise<void> {
  const { cluster } = context
  if (cluster && (await removeElsewhere(context, cluster, name))) return
  const { network, ids, titles } = await context.store.read((transaction) => {
    const network = findNetwork(transaction, name)
    const ids = endpointsOf(transaction, name).map(({ id }) => id)
    if (!force) refuseRequested(transaction, network)
    return { network, ids, titles: ids.map((id) => endpointTitle(transaction, name, id)) }
  })
  if (ids.length > 0 && !force) throw inUse(name, titles.toSorted())
  for (const id of ids) await disconnectEndpoint(context, name, id)
  const driver = driverOf(context, network)
  await driver.prepare(await context.store.read(changedSysctls))
  const change = await context.store.update((transaction) => {
    if (network.scope === 'cluster') {
      if (!cluster) throw withoutStore(name)
      refuseOtherCluster(transaction)
      unclaimNetwork(transaction, network, cluster.id)
    }
    const steps = driver.remove(network, siblings(context, transaction, network))
    const left = steps.map((step) => withoutShared(transaction, network, step))
    return writeJournal(transaction, { change: 'remove', network }, left)
  })
  await tearDown(context, change)
}

/** A sysctl of the host stays as it is while a network of another driver needs it. */
function withoutShared(transaction: ReadTransaction, { driver }: NetworkRecord, step: Step): Step {
  const others = allNetworks(transaction).filter(
    (network) => network.driver !== driver && !network.internal,
  )
  const isNeeded = (operation: Operation) =>
    changesHost(operation) &&
    others.some(({ subnets }) =>
      subnets.some(({ subnet }) => subnet.includes(':') === operation.key.startsWith('net/ipv6/')),
    )
  return { ...step, operations: step.operations.filter((operation) => !isNeeded(operation)) }
}

/** Addresses of a pool that the network gives back stay requested. */
function refuseRequested(transaction: ReadTransaction, { name, subnets }: NetworkRecord): void {
  for (const { subnet: text } of subnets) {
    const subnet = Subnet.parse(text)
    const [first] = readPool(transaction, subnet).requested
      ? []
      : requestedLeases(transaction, subnet)
    if (first)
      throw new NetdojoError({
        code: 'pool-in-use',
        operation: 'remove',
        object: `the network ${name}`,
        reason: `the address ${first.address} of its pool was requested, and not released`,
        advice: ['release it with ipam.releaseAddress', 'or force the removal, which releases it'],
      })
  }
}

/** Removes a network of the cluster that this machine has not joined. @returns whether there was one */
async function removeElsewhere(context: Context, cluster: Cluster, name: string): Promise<boolean> {
  return context.store.update((transaction) => {
    if (transaction.record(networkKey(name)) !== undefined) return false
    const shared = sharedNetwork(transaction, name)
    if (!shared) return false
    unclaimNetwork(transaction, shared.network, cluster.id)
    return true
  })
}

/** Otherwise what the network has in etcd would stay there. */
function withoutStore(name: string): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'remove',
    object: `the network ${name}`,
    reason:
      'it is a network of several machines, and this machine does not know where their etcd is',
    advice: ['say where etcd is: NETDOJO_STORE=http://10.0.0.9:2379 netdojo network rm …'],
  })
}

function inUse(name: string, titles: readonly string[]): NetdojoError {
  const shown = titles.slice(0, 5).join(', ')
  const more = titles.length > 5 ? ` and ${titles.length - 5} more` : ''
  return new NetdojoError({
    code: 'network-in-use',
    operation: 'remove',
    object: `the network ${name}`,
    reason: `${shown}${more} ${titles.length === 1 ? 'is' : 'are'} connected to it`,
    advice: ['disconnect all endpoints first', 'or force the removal, which disconnects them'],
  })
}
