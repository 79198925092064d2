// Finds records by what users call them, or says what there is instead.
import { quote } from '../address/quote.ts'
import { NetdojoError } from '../errors.ts'
import type { ReadTransaction } from '../store/store.ts'
import { endpointAt, networkAt } from './record-shape.ts'
import {
  allNetworks,
  endpointKey,
  endpointsOf,
  networkKey,
  type EndpointRecord,
  type NetworkRecord,
} from './records.ts'

/** @throws NetdojoError `network-missing` */
export function findNetwork(transaction: ReadTransaction, name: string): NetworkRecord {
  const found = isName(name) ? transaction.record<NetworkRecord>(networkKey(name)) : undefined
  if (found) return networkAt(networkKey(name), found)
  const names = allNetworks(transaction).map((network) => network.name)
  throw new NetdojoError({
    code: 'network-missing',
    operation: 'find the network',
    object: quote(name),
    reason: 'there is none of that name',
    advice: [names.length === 0 ? 'there is no network yet' : `there are: ${names.join(', ')}`],
  })
}

/** @throws NetdojoError `network-missing` or `endpoint-missing` */
export function findEndpoint(
  transaction: ReadTransaction,
  name: string,
  id: string,
): { readonly network: NetworkRecord; readonly endpoint: EndpointRecord } {
  const network = findNetwork(transaction, name)
  const endpoint = isName(id)
    ? transaction.record<EndpointRecord>(endpointKey(name, id))
    : undefined
  if (endpoint) return { network, endpoint: endpointAt(endpointKey(name, id), endpoint) }
  const ids = endpointsOf(transaction, name).map((other) => other.id)
  throw new NetdojoError({
    code: 'endpoint-missing',
    operation: 'find the endpoint',
    object: quote(id),
    reason: `the network ${name} has none of that id`,
    advice: [ids.length === 0 ? 'it has no endpoints' : `it has: ${ids.slice(0, 10).join(', ')}`],
  })
}

/** What cannot be a name is not looked up: a key made of it could be another record's. */
function isName(text: unknown): boolean {
  return typeof text === 'string' && /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(text)
}
