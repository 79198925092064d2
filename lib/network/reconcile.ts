// Makes the kernel and the records agree again, whatever happened in between: a crash, a reboot, a namespace that is gone, a flushed firewall.
import { readlinkSync } from 'node:fs'
import { operationsOf } from '../driver/driver.ts'
import { NetdojoError } from '../errors.ts'
import { orphansEnded } from '../exec/processes.ts'
import { releaseDeadLeases } from '../ipam/addresses.ts'
import type { Operation } from '../kernel/operation.ts'
import type { ReadTransaction } from '../store/store.ts'
import type { Context } from './context.ts'
import { driverEndpoint, driverNetwork } from './driver-view.ts'
import { dropEndpoint, recover, unfinished } from './journal.ts'
import { allNetworks, endpointsOf, type EndpointRecord } from './records.ts'

export type Reconciliation = {
  /** Changes that a crash had left half done; building was taken back, removing finished. */
  readonly recovered: readonly { readonly change: string; readonly network: string }[]
  /** Endpoints whose namespace is gone: their addresses and ports are free again. */
  readonly lost: readonly EndpointRecord[]
  /** What was brought back in the kernel. */
  readonly repaired: readonly string[]
}

type Host = { readonly boot: string; readonly namespace: string }
const hostKey = 'host'

/** Costs one look at the store when there is nothing to do: part of the start of every change. */
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
 * The kernel refuses what would be in order when somebody took away what it builds on, as a firewall's reload does:
 * then that is brought back, and the change made once more.
 */
export async function mendingOnce<T>(context: Context, change: () => Promise<T>): Promise<T> {
  try {
    return await change()
  } catch (error) {
    if (!(error instanceof NetdojoError) || error.code !== 'kernel-refused') throw error
    const { repaired } = await reconcileNow(context)
    if (repaired.length === 0) throw error
    return change()
  }
}

/** @throws NetdojoError `teardown-incomplete` when something could not be brought to an end; the rest was. */
export async function reconcileNow(context: Context): Promise<Reconciliation> {
  const errors: unknown[] = []
  const recovered = await recoverAll(context, errors)
  const dead = await dropDead(context)
  const { lost, repaired } = await checkDrivers(context, errors)
  if (errors.length > 0) throw incomplete(errors)
  const namespace = readlinkSync('/proc/self/ns/net')
  await context.store.update((transaction) =>
    transaction.setRecord(hostKey, { boot: transaction.bootId, namespace } satisfies Host),
  )
  return { recovered, lost: [...dead, ...lost], repaired }
}

async function recoverAll(
  context: Context,
  errors: unknown[],
): Promise<Reconciliation['recovered']> {
  const entries = await context.store.read(unfinished)
  // Whoever wrote these is dead, since we hold the lock; the program that it had started may still be at work.
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

/** What lived in an earlier boot: no namespace survives a boot. */
function dropDead({ store }: Context): Promise<readonly EndpointRecord[]> {
  return store.update((transaction) => {
    const owners = new Set(releaseDeadLeases(transaction).map(({ owner }) => owner))
    const dead = endpointsOf(transaction).filter(({ id }) => owners.has(id))
    const networks = new Map(allNetworks(transaction).map((network) => [network.name, network]))
    for (const endpoint of dead) {
      const network = networks.get(endpoint.network)
      if (network) dropEndpoint(transaction, network, endpoint)
    }
    return dead
  })
}

async function checkDrivers(
  context: Context,
  errors: unknown[],
): Promise<Pick<Reconciliation, 'lost' | 'repaired'>> {
  const lost: EndpointRecord[] = []
  const repaired: string[] = []
  for (const driver of context.drivers.all()) {
    try {
      await driver.prepare()
      const attached = await context.store.read((transaction) =>
        attachedTo(transaction, driver.name),
      )
      const findings = await driver.check(attached)
      if (findings.steps.length > 0) context.onPlan({ change: 'reconcile', steps: findings.steps })
      const operations = operationsOf(findings.steps)
      // The kernel takes the devices of a namespace that has ended away a moment later: one that was seen may be gone by now.
      const isStray = ({ kind }: Operation) => kind === 'remove-link'
      await context.applier.apply(operations.filter(isStray), { tolerant: true })
      await context.applier.apply(operations.filter((operation) => !isStray(operation)))
      repaired.push(...findings.steps.map(({ title }) => title))
      lost.push(...(await dropLost(context, findings.lost)))
    } catch (error) {
      errors.push(error)
    }
  }
  return { lost, repaired }
}

function attachedTo(transaction: ReadTransaction, driver: string) {
  return allNetworks(transaction)
    .filter((network) => network.driver === driver)
    .map((network) => ({
      network: driverNetwork(network),
      endpoints: endpointsOf(transaction, network.name).map((record) => driverEndpoint(record)),
    }))
}

function dropLost({ store }: Context, ids: readonly string[]): Promise<readonly EndpointRecord[]> {
  return store.update((transaction) => {
    const networks = new Map(allNetworks(transaction).map((network) => [network.name, network]))
    const lost = endpointsOf(transaction).filter(({ id }) => ids.includes(id))
    for (const endpoint of lost) {
      const network = networks.get(endpoint.network)
      if (network) dropEndpoint(transaction, network, endpoint)
    }
    return lost
  })
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
    advice: ['everything else was reconciled; mend the cause and reconcile again'],
    cause: new AggregateError(errors),
  })
}
