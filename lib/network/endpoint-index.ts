// Finds endpoints by key, label or namespace without a look at the others; the index changes in the transaction of its endpoint.
import { createHash } from 'node:crypto'
import type { ReadTransaction, Transaction } from '../store/store.ts'
import { endpointOf, endpointsOf, membersOf, type EndpointRecord } from './records.ts'

type Target = { readonly network: string; readonly id: string }

const prefixOf = (index: 'key' | 'label', text: string) =>
  // A key of the store has no spaces and at most 512 characters.
  `endpoint-${index}/${createHash('sha256').update(text).digest('hex')}/`
const labelPrefix = ([name, text]: readonly [string, string]) =>
  prefixOf('label', JSON.stringify([name, text]))
/** Written with the first endpoint that is indexed. Version 0.1.0 wrote no index. */
const builtKey = 'endpoint-index'

/** The endpoint of the network that was connected with this key. */
export function endpointByKey(
  transaction: ReadTransaction,
  network: string,
  key: string,
): EndpointRecord | undefined {
  const target = transaction.record<Target>(`${prefixOf('key', key)}${network}`)
  return target && endpointOf(transaction, network, target.id)
}

/** Writes the index of an endpoint, in place of that of its earlier record. */
export function indexEndpoint(
  transaction: Transaction,
  endpoint: EndpointRecord,
  before?: EndpointRecord,
): void {
  if (before) unindexEndpoint(transaction, before)
  if (!transaction.record(builtKey)) {
    transaction.setRecord(builtKey, true)
    for (const other of endpointsOf(transaction)) write(transaction, other)
  }
  write(transaction, endpoint)
}

export function unindexEndpoint(transaction: Transaction, endpoint: EndpointRecord): void {
  for (const key of indexKeys(endpoint)) transaction.delete(key)
}

export type EndpointFilter = {
  readonly network?: string | undefined
  readonly netnsInode?: number | undefined
  readonly key?: string | undefined
  readonly labels?: Readonly<Record<string, string>>
}

/** @returns the endpoints that match all parts of the filter, in no order. */
export function endpointsBy(
  transaction: ReadTransaction,
  { network, netnsInode, key, labels = {} }: EndpointFilter,
): readonly EndpointRecord[] {
  const wanted = Object.entries(labels)
  return candidates().filter(
    (endpoint) =>
      (network === undefined || endpoint.network === network) &&
      (netnsInode === undefined || endpoint.netnsInode === netnsInode) &&
      (key === undefined || endpoint.key === key) &&
      wanted.every(([name, text]) => endpoint.labels[name] === text),
  )

  function candidates(): readonly EndpointRecord[] {
    if (key !== undefined) return targets(prefixOf('key', key))
    if (netnsInode !== undefined)
      return membersOf(transaction, netnsInode).map(({ endpoint }) => endpoint)
    const [label] = wanted
    if (label && transaction.record(builtKey)) return targets(labelPrefix(label))
    return endpointsOf(transaction, network)
  }

  function targets(prefix: string): readonly EndpointRecord[] {
    return transaction
      .records<Target>(prefix)
      .flatMap(([, target]) => endpointOf(transaction, target.network, target.id) ?? [])
  }
}

function write(transaction: Transaction, endpoint: EndpointRecord): void {
  const { network, id } = endpoint
  for (const key of indexKeys(endpoint))
    transaction.setRecord(key, { network, id } satisfies Target)
}

function indexKeys({ id, network, key, labels }: EndpointRecord): readonly string[] {
  return [
    ...(key === undefined ? [] : [`${prefixOf('key', key)}${network}`]),
    ...Object.entries(labels).map((label) => `${labelPrefix(label)}${id}`),
  ]
}
