// What is about to be done is written down before it is: after a crash, building is taken back and removing is finished.
import { IpAddress } from '../address/ip-address.ts'
import { Subnet } from '../address/subnet.ts'
import { operationsOf, type Step } from '../driver/driver.ts'
import { NetdojoError } from '../errors.ts'
import { releaseAddress } from '../ipam/addresses.ts'
import { removePool } from '../ipam/remove-pool.ts'
import type { Operation } from '../kernel/operation.ts'
import { finish, rollBack } from '../kernel/undo.ts'
import type { ReadTransaction, Transaction } from '../store/store.ts'
import type { Context } from './context.ts'
import { givePortsBack } from './ports.ts'
import { journalEntryAt } from './record-shape.ts'
import {
  endpointKey,
  networkKey,
  customMacKey,
  slotKey,
  type EndpointRecord,
  type NetworkRecord,
} from './records.ts'

type Subject =
  | { readonly change: 'create' | 'remove'; readonly network: NetworkRecord }
  | {
      readonly change: 'connect' | 'disconnect'
      readonly network: NetworkRecord
      readonly endpoint: EndpointRecord
    }

export type JournalEntry = Subject & { readonly operations: readonly Operation[] }

const journalPrefix = 'journal/'

/** A change and the steps that it takes, on its way to the kernel. */
export type Begun = { readonly entry: JournalEntry; readonly steps: readonly Step[] }

/** To be called in the transaction that takes what the change needs: both are written, or neither. */
export function begin(transaction: Transaction, subject: Subject, steps: readonly Step[]): Begun {
  const entry = { ...subject, operations: operationsOf(steps) }
  transaction.setRecord(journalKey(entry), entry)
  return { entry, steps }
}

/** Applies what was begun. A failure takes it back; if even that fails, the entry stays for the next `reconcile`. */
export async function applyChange(
  context: Context,
  { entry, steps }: Begun,
  signal: AbortSignal | undefined,
): Promise<void> {
  context.onPlan({ change: entry.change, network: entry.network.name, steps })
  try {
    await context.applier.apply(entry.operations, signal ? { signal } : {})
    await context.store.update((transaction) => keep(transaction, entry))
  } catch (error) {
    await takeBack(context, entry, error)
    throw error
  }
}

/** Applies a removal that was begun. What fails is left in the journal, and tried again by the next `reconcile`. */
export async function tearDown(context: Context, { entry, steps }: Begun): Promise<void> {
  context.onPlan({ change: entry.change, network: entry.network.name, steps })
  await context.applier.apply(entry.operations, { tolerant: true })
  await context.store.update((transaction) => drop(transaction, entry))
}

export function unfinished(transaction: ReadTransaction): readonly JournalEntry[] {
  return transaction
    .records<JournalEntry>(journalPrefix)
    .map(([key, entry]) => journalEntryAt(key, entry))
}

/** Brings a change that somebody began and did not end to 'never happened' or to 'done'. */
export async function recover(context: Context, entry: JournalEntry): Promise<void> {
  const isSetup = entry.change === 'create' || entry.change === 'connect'
  await (isSetup ? rollBack : finish)(context.applier, entry.operations)
  await context.store.update((transaction) => drop(transaction, entry))
}

async function takeBack(context: Context, entry: JournalEntry, error: unknown): Promise<void> {
  try {
    await recover(context, entry)
  } catch (second) {
    throw new NetdojoError({
      code: 'teardown-incomplete',
      operation: entry.change,
      object: entry.network.name,
      reason: `it failed, and taking back what had been done failed too (${textOf(second)})`,
      advice: ['reconcile tries again'],
      cause: new AggregateError([error, second]),
    })
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function journalKey(subject: Subject): string {
  return `${journalPrefix}${'endpoint' in subject ? subject.endpoint.id : subject.network.id}`
}

function keep(transaction: Transaction, entry: JournalEntry): void {
  if ('endpoint' in entry)
    transaction.setRecord(endpointKey(entry.network.name, entry.endpoint.id), entry.endpoint)
  else transaction.setRecord(networkKey(entry.network.name), entry.network)
  transaction.delete(journalKey(entry))
}

function drop(transaction: Transaction, entry: JournalEntry): void {
  if ('endpoint' in entry) dropEndpoint(transaction, entry.network, entry.endpoint)
  else dropNetwork(transaction, entry.network)
  transaction.delete(journalKey(entry))
}

export function dropEndpoint(
  transaction: Transaction,
  network: NetworkRecord,
  endpoint: EndpointRecord,
): void {
  transaction.delete(endpointKey(network.name, endpoint.id))
  transaction.delete(slotKey(endpoint.netnsInode, endpoint.id))
  givePortsBack(transaction, endpoint.ports)
  for (const cidr of endpoint.addresses) {
    const address = IpAddress.parse(cidr.replace(/\/.*/, ''))
    const subnet = network.subnets
      .map(({ subnet }) => Subnet.parse(subnet))
      .find((subnet) => subnet.contains(address))
    // Released already by whoever found that it was given in an earlier boot.
    if (subnet)
      unlessGone(() => releaseAddress(transaction, subnet, { owner: endpoint.id, address }))
  }
}

function dropNetwork(transaction: Transaction, network: NetworkRecord): void {
  transaction.delete(networkKey(network.name))
  for (const key of transaction.keys(customMacKey(network.name, ''))) transaction.delete(key)
  for (const { subnet } of network.subnets)
    unlessGone(() => removePool(transaction, Subnet.parse(subnet)))
}

function unlessGone(release: () => void): void {
  try {
    release()
  } catch (error) {
    if (error instanceof NetdojoError && /^(address-not-owned|pool-missing)$/.test(error.code))
      return
    throw error
  }
}
