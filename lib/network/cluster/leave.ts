// Leaves the cluster: removes this machine from etcd and its networks from this kernel, and never ends an endpoint.
import { NetdojoError } from '../../errors.ts'
import type { Context } from '../context.ts'
import { allNetworks, endpointsOf } from '../records.ts'
import { forgetSurrenders, giveBack } from './claims.ts'
import { leaveNetwork } from './join.ts'
import {
  forgetMembership,
  forgottenKey,
  isUnanswered,
  machineKey,
  refuseOtherCluster,
  type Cluster,
} from './membership.ts'

/** @throws NetdojoError `usage`, `network-in-use`, `state-unavailable` unless forced, or `teardown-incomplete` */
export async function leaveCluster(context: Context, force: boolean): Promise<void> {
  const { cluster, store } = context
  if (!cluster)
    throw new NetdojoError({
      code: 'usage',
      operation: 'leave',
      object: 'the cluster',
      reason: 'this machine is in none',
    })
  const here = await store.read((transaction) =>
    allNetworks(transaction)
      .filter(({ scope }) => scope === 'cluster')
      .map(({ name }) => ({ name, count: endpointsOf(transaction, name).length })),
  )
  const used = here.filter(({ count }) => count > 0).map(({ name }) => name)
  if (used.length > 0) throw inUse(used)
  try {
    await store.read(refuseOtherCluster)
    await giveBack(store)
  } catch (error) {
    if (!force) throw isUnanswered(error) ? withForce(error) : error
  }
  for (const { name } of here) await leaveNetwork(context, name)
  await unregister(context, cluster, force)
}

async function unregister({ store }: Context, { id }: Cluster, force: boolean): Promise<void> {
  try {
    await store.update((transaction) => {
      refuseOtherCluster(transaction)
      for (const key of [machineKey(id), forgottenKey(id)])
        if (transaction.record(key) !== undefined) transaction.delete(key)
      forgetSurrenders(transaction)
      forgetMembership(transaction)
    })
  } catch (error) {
    if (!force) throw error
    await store.update((transaction) => {
      forgetSurrenders(transaction)
      forgetMembership(transaction)
    })
  }
}

function inUse(networks: readonly string[]): NetdojoError {
  return new NetdojoError({
    code: 'network-in-use',
    operation: 'leave',
    object: 'the cluster',
    reason: `endpoints of this machine are connected to ${networks.join(', ')}`,
    advice: [
      `disconnect them first: netdojo network inspect ${networks[0]} shows them`,
      'netdojo network disconnect also works while etcd does not answer',
    ],
  })
}

function withForce({ operation, object, reason, cause }: NetdojoError): NetdojoError {
  return new NetdojoError({
    code: 'state-unavailable',
    operation,
    object,
    reason,
    advice: [
      'start etcd, or repair the way to it',
      'or leave what this machine has in etcd there: netdojo leave --force',
    ],
    cause,
  })
}
