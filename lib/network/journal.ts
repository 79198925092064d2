// Journals each change before it is applied: after a crash, a half-done set-up is rolled back and a half-done removal is finished.
import { IpAddress } from '../address/ip-address.ts'
import { quote } from '../address/quote.ts'
import { listOf, matching, v } from '../address/schema.ts'
import { Subnet } from '../address/subnet.ts'
import { operationsOf, type Step } from '../driver/driver.ts'
import { NetdojoError } from '../errors.ts'
import { releaseAddress } from '../ipam/addresses.ts'
import { endPool } from '../ipam/pools.ts'
import { isKindOfOperation, kindsOfOperations } from '../kernel/plan.ts'
import type { Operation } from '../kernel/operation.ts'
import { brokenOwnRule, isOwnKind } from '../kernel/own-operations.ts'
import { finish, rollBack } from '../kernel/undo.ts'
import type { ReadTransaction, Transaction, TransactionOptions } from '../store/store.ts'
import { corruptValue, stored } from '../store/stored.ts'
import { changedSysctls, changesHost, forgetSysctls, rememberSysctls } from './changed-sysctls.ts'
import { claimsOf, networkClaims, surrender } from './cluster/claims.ts'
import type { Context } from './context.ts'
import { indexEndpoint, unindexEndpoint } from './endpoint-index.ts'
import { recordEvent } from './events.ts'
import { claimPorts, givePortsBack } from './ports.ts'
import {
  customMacKey,
  endpointKey,
  endpointSchema,
  findEndpoint,
  networkKey,
  networkSchema,
  slotKey,
  withAttachment,
  type EndpointRecord,
  type NetworkRecord,
} from './records.ts'

type NetworkChange = {
  readonly change: 'create' | 'remove'
  readonly network: NetworkRecord
  /** Only this machine joins or leaves the network, which the cluster keeps. */
  readonly joined?: true
}
type EndpointChange = {
  readonly change: 'connect' | 'disconnect' | 'update'
  readonly network: NetworkRecord
  readonly endpoint: EndpointRecord
  /** The other endpoints of the namespace as the change leaves them: default routes and ports move between them. */
  readonly others?: readonly EndpointRecord[]
  /** Bring back what a set-up replaced, after it was rolled back. */
  readonly restore?: readonly Operation[]
}
type Subject = NetworkChange | EndpointChange

export type JournalEntry = Subject & { readonly operations: readonly Operation[] }

/** A journaled change with the steps of its plan. */
export type Change<S extends Subject = Subject> = {
  readonly entry: S & { readonly operations: readonly Operation[] }
  readonly steps: readonly Step[]
}

const journalPrefix = 'journal/'

/** Belongs into the transaction that takes what the change needs: both are written, or neither. */
export function writeJournal<S extends Subject>(
  transaction: Transaction,
  subject: S,
  steps: readonly Step[],
): Change<S> {
  const entry = { ...subject, operations: operationsOf(steps) }
  refuseUnknownKinds(entry)
  transaction.setRecord(journalKey(entry), entry)
  if (entry.change === 'create') rememberSysctls(transaction, entry.operations)
  return { entry, steps }
}

/** A driver of a caller's own may plan what nothing here can apply, and what could not be rolled back either. */
function refuseUnknownKinds({ network, operations }: JournalEntry): void {
  const unknown = operations.find(({ kind }) => !isKindOfOperation(kind) && !isOwnKind(kind))
  const broken = operations.find((operation) => brokenOwnRule(operation) !== undefined)
  if (broken)
    throw new NetdojoError({
      code: 'usage',
      operation: 'apply the plan of',
      object: `the driver ${network.driver}`,
      reason: `the data of an operation ${broken.kind} must be ${brokenOwnRule(broken)}`,
    })
  if (!unknown) return
  throw new NetdojoError({
    code: 'usage',
    operation: 'apply the plan of',
    object: `the driver ${network.driver}`,
    reason: `${quote(unknown.kind)} is not a kind of operation`,
    advice: [`the kinds are ${kindsOfOperations.join(', ')}`],
  })
}

/** Applies a set-up. A failure rolls it back; if that fails too, the entry stays for the next `reconcile`. */
export async function applyChange(
  context: Context,
  change: Change,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { entry } = change
  await showPlan(context, change, (transaction) => drop(transaction, entry))
  try {
    await context.applier.apply(entry.operations, signal ? { signal } : {})
    await context.store.update((transaction) => keep(transaction, entry), survival(entry))
  } catch (error) {
    await rollBackChange(context, entry, error)
    throw error
  }
}

/** Applies a removal. After a failure the entry stays in the journal, and the next `reconcile` tries again. */
export async function tearDown(context: Context, change: Change): Promise<void> {
  const { entry } = change
  await showPlan(context, change, (transaction) => transaction.delete(journalKey(entry)))
  await context.applier.apply(entry.operations, { tolerant: true })
  await context.store.update((transaction) => drop(transaction, entry), survival(entry))
}

/** An `onPlan` that throws stops the change before the kernel has seen any of it: `forget` then removes it from the journal. */
async function showPlan(
  { onPlan, store }: Context,
  { entry, steps }: Change,
  forget: (transaction: Transaction) => void,
): Promise<void> {
  try {
    onPlan({ change: entry.change, network: entry.network.name, steps })
  } catch (error) {
    await store.update(forget, survival(entry))
    throw error
  }
}

/** No endpoint survives a reboot, so what describes one need not survive a power cut: that saves a write to the disk. */
export function survival({ change }: Pick<JournalEntry, 'change'>): TransactionOptions {
  return { survives: change === 'create' || change === 'remove' ? 'power-cut' : 'crash' }
}

export function unfinished(transaction: ReadTransaction): readonly JournalEntry[] {
  return transaction
    .records<JournalEntry>(journalPrefix)
    .map(([key, entry]) => checkedEntry(key, entry))
}

/** Brings a change that was journaled and not completed to its end: a set-up never happened, a removal is done. */
export async function recover(context: Context, entry: JournalEntry): Promise<void> {
  const isSetup = /^(create|connect|update)$/.test(entry.change)
  const operations = await ofThisBoot(context, entry.operations)
  await (isSetup ? rollBack : finish)(context.applier, operations)
  if ('restore' in entry) await context.applier.apply(entry.restore ?? [], { tolerant: true })
  await context.store.update((transaction) => drop(transaction, entry), survival(entry))
}

/** After a reboot, the sysctls of the host are what the new boot made of them. */
async function ofThisBoot(
  { store }: Context,
  operations: readonly Operation[],
): Promise<readonly Operation[]> {
  if (!operations.some(changesHost)) return operations
  const changed = await store.read(changedSysctls)
  return operations.filter(
    (operation) => !changesHost(operation) || changed.some(({ key }) => key === operation.key),
  )
}

const operations = {
  create: 'create',
  remove: 'remove',
  connect: 'connect to',
  disconnect: 'disconnect from',
  update: 'update an endpoint of',
} as const

async function rollBackChange(
  context: Context,
  entry: JournalEntry,
  error: unknown,
): Promise<void> {
  try {
    await recover(context, entry)
  } catch (second) {
    // Who may not change the network has not changed it: there is nothing to roll back.
    if (isNotPermitted(error) && isNotPermitted(second))
      return context.store.update((transaction) => drop(transaction, entry), survival(entry))
    throw new NetdojoError({
      code: 'teardown-incomplete',
      operation: operations[entry.change],
      object: `the network ${entry.network.name}`,
      reason: `it failed (${textOf(error)}), and rolling it back failed too (${textOf(second)})`,
      advice: ['netdojo reconcile tries the roll-back again'],
      cause: new AggregateError([error, second]),
    })
  }
}

function isNotPermitted(error: unknown): boolean {
  return error instanceof NetdojoError && error.code === 'not-permitted'
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function journalKey(subject: Subject): string {
  return `${journalPrefix}${'endpoint' in subject ? subject.endpoint.id : subject.network.id}`
}

function keep(transaction: Transaction, entry: JournalEntry): void {
  if ('endpoint' in entry)
    for (const endpoint of [...(entry.others ?? []), entry.endpoint])
      changeEndpoint(transaction, endpoint)
  else {
    transaction.setRecord(networkKey(entry.network.name), entry.network)
    recordEvent(transaction, { kind: 'network-created', network: entry.network })
  }
  transaction.delete(journalKey(entry))
}

function drop(transaction: Transaction, entry: JournalEntry): void {
  if (entry.change === 'update') {
    // The ports that it would have published are free again, and the earlier ones stay.
    const changed = [entry.endpoint, ...(entry.others ?? [])]
    for (const endpoint of changed) givePortsBack(transaction, endpoint)
    for (const { network, id } of changed)
      changeEndpoint(transaction, findEndpoint(transaction, network, id).endpoint)
  } else if ('endpoint' in entry) {
    dropEndpoint(transaction, entry.network, entry.endpoint)
    // A connect that was rolled back leaves the others, and the ports that it would have taken from them, as they were.
    for (const other of entry.others ?? [])
      changeEndpoint(
        transaction,
        entry.change === 'connect'
          ? findEndpoint(transaction, other.network, other.id).endpoint
          : other,
      )
  } else {
    dropNetwork(transaction, entry.network)
    // A removal has given the claims back before it began.
    if (entry.change === 'create' && entry.network.scope === 'cluster' && !entry.joined)
      surrender(transaction, entry.network.id, networkClaims(entry.network))
    forgetSysctls(transaction, entry.operations)
  }
  transaction.delete(journalKey(entry))
}

/** Writes the record, and the owner of each of its ports. */
function changeEndpoint(transaction: Transaction, endpoint: EndpointRecord): void {
  const { network, id } = endpoint
  const before = transaction.record<EndpointRecord>(endpointKey(network, id))
  if (before) givePortsBack(transaction, before)
  transaction.setRecord(endpointKey(network, id), endpoint)
  indexEndpoint(transaction, endpoint, before)
  claimPorts(transaction, endpoint)
  if (JSON.stringify(before) === JSON.stringify(endpoint)) return
  const kind = before ? 'endpoint-updated' : 'endpoint-connected'
  recordEvent(transaction, { kind, network, endpoint })
}

export function dropEndpoint(
  transaction: Transaction,
  network: NetworkRecord,
  endpoint: EndpointRecord,
): void {
  // The endpoint of a connect that was rolled back has no record yet.
  if (transaction.record(endpointKey(network.name, endpoint.id)))
    recordEvent(transaction, { kind: 'endpoint-disconnected', network: network.name, endpoint })
  transaction.delete(endpointKey(network.name, endpoint.id))
  if (network.scope === 'cluster')
    surrender(
      transaction,
      endpoint.id,
      claimsOf(network, endpoint, '').map(([key]) => key),
    )
  unindexEndpoint(transaction, endpoint)
  if (endpoint.attachment === 'netns') transaction.delete(slotKey(endpoint.netnsInode, endpoint.id))
  givePortsBack(transaction, endpoint)
  for (const cidr of endpoint.addresses) {
    const address = IpAddress.parse(cidr.replace(/\/.*/, ''))
    const subnet = network.subnets
      .map(({ subnet }) => Subnet.parse(subnet))
      .find((subnet) => subnet.contains(address))
    // An address from an earlier boot is released already: see releaseDeadLeases.
    if (subnet)
      unlessGone(() => releaseAddress(transaction, subnet, { owner: endpoint.id, address }))
  }
}

function dropNetwork(transaction: Transaction, network: NetworkRecord): void {
  if (transaction.record(networkKey(network.name)))
    recordEvent(transaction, { kind: 'network-removed', network })
  transaction.delete(networkKey(network.name))
  for (const key of transaction.keys(customMacKey(network.name, ''))) transaction.delete(key)
  for (const prefix of [`peer/${network.id}/`, `cluster-cursor/${network.id}/`])
    for (const key of transaction.keys(prefix)) transaction.delete(key)
  for (const { subnet } of network.subnets)
    unlessGone(() => endPool(transaction, Subnet.parse(subnet)))
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

const operationList = listOf(
  v.object({
    // An operation of a driver that this process has not is refused when it is applied.
    kind: v.custom<string>(
      (kind) => isKindOfOperation(kind) || (typeof kind === 'string' && kind.includes(':')),
      'a kind of operation',
    ),
  }),
)

const entrySchema = v.object({
  change: matching(/^(create|remove|connect|disconnect|update)$/, 'a change'),
  network: networkSchema,
  joined: v.optional(v.literal(true, 'true')),
  endpoint: v.optional(endpointSchema),
  others: v.optional(listOf(endpointSchema)),
  restore: v.optional(operationList),
  operations: operationList,
})

function withAttachments(entry: JournalEntry): JournalEntry {
  if (!('endpoint' in entry)) return entry
  const { others } = entry
  return {
    ...entry,
    endpoint: withAttachment(entry.endpoint),
    ...(others ? { others: others.map(withAttachment) } : {}),
  }
}

/** @throws NetdojoError `state-corrupt` */
function checkedEntry(key: string, value: JournalEntry): JournalEntry {
  const entry = withAttachments(stored(entrySchema, key, value))
  for (const operation of entry.operations) {
    const rule = brokenOwnRule(operation)
    if (rule !== undefined) throw corruptValue(key, `${operation.kind} must have ${rule}`)
  }
  if (/^(create|remove)$/.test(entry.change) !== 'endpoint' in entry) return entry
  throw corruptValue(
    key,
    `${entry.change} must ${'endpoint' in entry ? 'not ' : ''}have an endpoint`,
  )
}
