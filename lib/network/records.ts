// What the store keeps of networks and endpoints: plain JSON whose fields are also what users see, so none is renamed.
import type { Protocol } from '../address/port-mapping.ts'
import type { ReadTransaction } from '../store/store.ts'
import { endpointAt, networkAt, slotAt } from './record-shape.ts'

export type NetworkRecord = {
  /** 16 hexadecimal digits, never used twice. */
  readonly id: string
  readonly name: string
  readonly driver: string
  /** The interface on the host: the bridge. */
  readonly interface: string
  /** One of IPv4, one of IPv6, or both; in CIDR form. */
  readonly subnets: readonly { readonly subnet: string; readonly gateway: string }[]
  /** Of the first subnet. */
  readonly gateway: string
  readonly internal: boolean
  readonly masquerade: boolean
  readonly internalTraffic: boolean
  readonly mtu?: number
  readonly labels: Readonly<Record<string, string>>
  readonly options: Readonly<Record<string, string>>
  /** ISO 8601, UTC. */
  readonly createdAt: string
}

export type EndpointRecord = {
  readonly id: string
  /** The network's name. */
  readonly network: string
  /** Path of the network namespace, and the inode that tells it from a later one at the same path. */
  readonly netns: string
  readonly netnsInode: number
  /** The interface inside, and its other end on the host. */
  readonly interface: string
  readonly hostInterface: string
  /** With their prefix lengths, in the order of the network's subnets. */
  readonly addresses: readonly string[]
  readonly mac: string
  readonly defaultRoute: boolean
  readonly ports: readonly PublishedPort[]
  readonly labels: Readonly<Record<string, string>>
  readonly createdAt: string
}

export type PublishedPort = {
  readonly protocol: Protocol
  /** Absent: every address of the host. */
  readonly hostAddress?: string
  readonly hostPort: number
  /** The container's. */
  readonly port: number
}

const networkPrefix = 'network/'
const endpointPrefix = 'endpoint/'

export const networkKey = (name: string) => `${networkPrefix}${name}`
export const endpointKey = (network: string, id: string) => `${endpointPrefix}${network}/${id}`

/** What an endpoint takes inside its namespace, by the namespace: so that the next one there need not look at them all. */
export type InterfaceSlot = Pick<EndpointRecord, 'interface' | 'defaultRoute'>

export const slotKey = (netnsInode: number, id: string) => `place/${netnsInode}/${id}`

export function slotsIn(
  transaction: ReadTransaction,
  netnsInode: number,
): readonly InterfaceSlot[] {
  return transaction
    .records<InterfaceSlot>(slotKey(netnsInode, ''))
    .map(([key, slot]) => slotAt(key, slot))
}

/** An address that was once used with a MAC that is not the one made from it. */
export const customMacKey = (network: string, address: string) => `odd-mac/${network}/${address}`

export function allNetworks(transaction: ReadTransaction): readonly NetworkRecord[] {
  return transaction
    .records<NetworkRecord>(networkPrefix)
    .map(([key, record]) => networkAt(key, record))
}

/** Of one network, or of all. */
export function endpointsOf(
  transaction: ReadTransaction,
  network?: string,
): readonly EndpointRecord[] {
  const prefix = network === undefined ? endpointPrefix : endpointKey(network, '')
  return transaction.records<EndpointRecord>(prefix).map(([key, record]) => endpointAt(key, record))
}
