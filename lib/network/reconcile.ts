// Makes the kernel and the records agree again after a crash, a reboot, the end of a namespace or a flush of the firewall.
import { readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  operationsOf,
  type Attached,
  type CheckOptions,
  type NetworkDriver,
} from '../driver/driver.ts'
import { NetdojoError } from '../errors.ts'
import { orphansEnded } from '../exec/processes.ts'
import { releaseDeadLeases } from '../ipam/addresses.ts'
import type { Operation } from '../kernel/operation.ts'
import type { ReadTransaction, Transaction } from '../store/store.ts'
import { changedSysctls, rememberSysctls } from './changed-sysctls.ts'
import { giveBack } from './cluster/claims.ts'
import { peersOf, reachable, syncPeers } from './cluster/peers.ts'
import { driverEndpoint, driverOf, type Context } from './context.ts'
import type { ChangeOptions } from './requests.ts'
import { dropEndpoint, recover, tearDown, unfinished, writeJournal } from './journal.ts'
import { inodeAt } from './namespace-path.ts'
import { withoutEndpoints } from './namespace-plan.ts'
import { findUnheardListeners, type UnheardListener } from './unheard-listeners.ts'
import { allNetworks, endpointsOf, findEndpoint, type EndpointRecord } from './records.ts'

/** What `Networks.reconcile` found and did. */
export type Reconciliation = {
  /** Changes that a crash had interrupted: a set-up was rolled back, a removal finished. */
  readonly recovered: readonly {
    /** The change: `'connect'`. */
    readonly change: string
    /** The network's name. */
    readonly network: string
  }[]
  /** Endpoints whose namespace is gone; their addresses and ports are free again. */
  readonly lost: readonly EndpointRecord[]
  /** Titles of the steps that repaired the kernel. */
  readonly repaired: readonly string[]
  /**
   * Interfaces with our label that no record knows. They stay, since they may serve containers whose records were lost, until
   * `removeStrays` is given.
   */
  readonly strays: readonly string[]
  /** Programs of the host that listen on a published port, and get none of its packets. */
  readonly unheard: readonly UnheardListener[]
}

/** How `Networks.reconcile` works. */
export type ReconcileOptions = ChangeOptions & {
  /** Removes the interfaces of ours that no record knows, and their rules; the default is `false`. */
  readonly removeStrays?: boolean
}

type Host = { readonly boot: string; readonly namespace: string }
const hostKey = 'host'

/** Runs before each change; costs one read of the store when there is nothing to do. */
export async function reconcileIfNeeded(context: Context): Promise<void> {
  const namespace = readlinkSync('/proc/self/ns/net')
  const isNeeded = await context.store.read((transaction) => {
    const host = transaction.record<Host>(hostKey)
    const isSame = host?.boot === transaction.bootId && host.namespace === namespace
    return !isSame || unfinished(transaction).length > 0
  })
  if (isNeeded) await reconcileNow(context)
}

/**
 * The kernel refuses a correct change when another program removed what the change builds on, as a reload of the firewall
 * does. Then this repairs the kernel and makes the change once more.
 */
export async function withRepair<T>(context: Context, change: () => Promise<T>): Promise<T> {
  try {
    return await change()
  } catch (error) {
    if (!(error instanceof NetdojoError) || error.code !== 'kernel-refused') throw error
    const { repaired } = await reconcileNow(context)
    if (repaired.length === 0) throw error
    return change()
  }
}

const heldByAnother =
  /^(address-taken|port-in-use|mac-taken|pool-exhausted|network-full|endpoint-differs)$/
export const pauseMilliseconds = 50
export const longestWait = 10

/**
 * Makes a change that needs what another endpoint has. If namespaces have ended since, it frees what they had, and makes the
 * change once more. The kernel removes the interfaces of a namespace a moment after its end.
 */
export async function withFreed<T>(context: Context, change: () => Promise<T>): Promise<T> {
  try {
    return await change()
  } catch (error) {
    if (!(error instanceof NetdojoError) || !heldByAnother.test(error.code)) throw error
    for (let round = 0; round < longestWait && (await mayHaveEnded(context)); round++) {
      if ((await reconcileNow(context)).lost.length > 0) return change()
      await sleep(pauseMilliseconds)
    }
    throw error
  }
}

/**
 * Whether the namespace of an endpoint has ended, or may have ended: of an interface that was handed over, only the end of its
 * veth pair shows that.
 */
async function mayHaveEnded({ store }: Context): Promise<boolean> {
  const endpoints = await store.read((transaction) => endpointsOf(transaction))
  return endpoints.some((endpoint) => !hasItsNamespace(endpoint))
}

function hasItsNamespace({ netns, netnsInode }: EndpointRecord): boolean {
  return netns !== undefined && inodeAt(netns) === netnsInode
}

/** Goes on after an error. @throws NetdojoError `teardown-incomplete` with all errors at the end */
export async function reconcileNow(
  context: Context,
  options: CheckOptions = { removeStrays: false },
): Promise<Reconciliation> {
  const errors: unknown[] = []
  const recovered = await recoverAll(context, errors)
  const dead = await dropDead(context)
  await syncCluster(context, errors)
  const { lost, repaired, strays } = await checkDrivers(context, options, errors)
  if (errors.length > 0) throw incomplete(errors)
  const namespace = readlinkSync('/proc/self/ns/net')
  await context.store.update((transaction) =>
    transaction.setRecord(hostKey, { boot: transaction.bootId, namespace } satisfies Host),
  )
  const unheard = await findUnheardListeners(
    await context.store.read((transaction) => endpointsOf(transaction)),
  )
  return { recovered, lost: [...dead, ...lost], repaired, strays, unheard }
}

/** Reads what other machines announce. While etcd does not answer, the last copy stays. */
async function syncCluster(context: Context, errors: unknown[]): Promise<void> {
  const { cluster, store } = context
  if (!cluster) return
  const networks = await store.read((transaction) =>
    allNetworks(transaction).filter(({ scope }) => scope === 'cluster'),
  )
  try {
    for (const network of networks) await syncPeers(context, cluster, network)
    await giveBack(store)
  } catch (error) {
    if (!(error instanceof NetdojoError && error.code === 'state-unavailable')) errors.push(error)
  }
}

async function recoverAll(
  context: Context,
  errors: unknown[],
): Promise<Reconciliation['recovered']> {
  const entries = await context.store.read(unfinished)
  // The writers of these entries are dead, since we hold the lock. Programs that they started may still run.
  if (entries.length > 0) await orphansEnded()
  const recovered = []
  for (const entry of entries) {
    try {
      await recover(context, entry)
      recovered.push({ change: entry.change, network: entry.network.name })
    } catch (error) {
      errors.push(error)
    }
  }
  return recovered
}

/** Drops the endpoints of earlier boots: no namespace survives a reboot. */
function dropDead({ store }: Context): Promise<readonly EndpointRecord[]> {
  return store.update((transaction) => {
    const owners = new Set(releaseDeadLeases(transaction).map(({ owner }) => owner))
    return dropAll(transaction, owners)
  })
}

async function checkDrivers(
  context: Context,
  options: CheckOptions,
  errors: unknown[],
): Promise<Pick<Reconciliation, 'lost' | 'repaired' | 'strays'>> {
  const lost: EndpointRecord[] = []
  const repaired: string[] = []
  const strays: string[] = []
  for (const driver of context.drivers.all()) {
    try {
      await driver.prepare(await context.store.read(changedSysctls))
      const attached = await context.store.read((transaction) =>
        attachedTo(context, transaction, driver),
      )
      const findings = await driver.check(attached, options)
      if (findings.steps.length > 0) context.onPlan({ change: 'reconcile', steps: findings.steps })
      const operations = operationsOf(findings.steps)
      await context.store.update((transaction) => rememberSysctls(transaction, operations))
      // The kernel removes the devices of a namespace a moment after its end, so a link may be gone by now.
      const isRemoval = ({ kind }: Operation) => kind === 'remove-link'
      await context.applier.apply(operations.filter(isRemoval), { tolerant: true })
      await context.applier.apply(operations.filter((operation) => !isRemoval(operation)))
      repaired.push(...findings.steps.map(({ title }) => title))
      lost.push(...(await dropLost(context, findings.lost)))
      strays.push(...(findings.strays ?? []))
    } catch (error) {
      errors.push(error)
    }
  }
  return { lost, repaired, strays }
}

/** The networks of the driver, and those that use its objects on this host. */
export function attachedTo(
  context: Context,
  transaction: ReadTransaction,
  { name }: NetworkDriver,
): readonly Attached[] {
  return allNetworks(transaction)
    .filter(({ driver }) => [driver, context.drivers.baseOf(driver)].includes(name))
    .map((network) => {
      const endpoints = endpointsOf(transaction, network.name).map((record) =>
        driverEndpoint(record),
      )
      const links = driverOf(context, network).otherInterfaces?.(network) ?? []
      if (network.scope !== 'cluster') return { network, endpoints, links }
      return { network, endpoints, links, peers: reachable(peersOf(transaction, network.id)) }
    })
}

/** In a namespace that goes on, the default route and the ports move to its other networks. */
async function dropLost(
  context: Context,
  ids: readonly string[],
): Promise<readonly EndpointRecord[]> {
  if (ids.length === 0) return []
  const lost = new Set(ids)
  const [changes, dropped] = await context.store.update((transaction) => {
    const ending = endpointsOf(transaction).filter(({ id }) => lost.has(id))
    const alive = Map.groupBy(ending.filter(hasItsNamespace), ({ netnsInode }) => netnsInode)
    const changes = [...alive].flatMap(([netnsInode, [first]]) => {
      const {
        first: before,
        last,
        others,
      } = withoutEndpoints(context, transaction, netnsInode, lost)
      const steps = [...before, ...last]
      if (first === undefined || (steps.length === 0 && others.others === undefined)) return []
      const { network, endpoint } = findEndpoint(transaction, first.network, first.id)
      const subject = { change: 'disconnect' as const, network, endpoint, ...others }
      return [writeJournal(transaction, subject, steps)]
    })
    const moving = new Set(changes.map(({ entry }) => entry.endpoint.id))
    dropAll(transaction, lost.difference(moving))
    return [changes, ending] as const
  })
  for (const change of changes) await tearDown(context, change)
  return dropped
}

function dropAll(transaction: Transaction, ids: ReadonlySet<string>): readonly EndpointRecord[] {
  if (ids.size === 0) return []
  const networks = new Map(allNetworks(transaction).map((network) => [network.name, network]))
  const dropped = endpointsOf(transaction).filter(({ id }) => ids.has(id))
  for (const endpoint of dropped) {
    const network = networks.get(endpoint.network)
    if (network) dropEndpoint(transaction, network, endpoint)
  }
  return dropped
}

function incomplete(errors: readonly unknown[]): NetdojoError {
  const [first] = errors
  if (errors.length === 1 && first instanceof NetdojoError) return first
  return new NetdojoError({
    code: 'teardown-incomplete',
    operation: 'reconcile',
    object: 'the networks',
    reason: errors
      .map((error) => (error instanceof Error ? error.message : String(error)))
      .join('; '),
    advice: ['everything else was reconciled; remove the cause and reconcile again'],
    cause: new AggregateError(errors),
  })
}
