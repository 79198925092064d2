// Reads what the store keeps of networks and endpoints: plain JSON whose fields users see too, so no field and no key is ever renamed.
import { isName } from '../address/name.ts'
import type { Protocol } from '../address/port-mapping.ts'
import { quote } from '../address/quote.ts'
import { flag, matching, text, v } from '../address/schema.ts'
import { NetdojoError } from '../errors.ts'
import type { ReadTransaction, Transaction } from '../store/store.ts'
import { corruptValue, stored } from '../store/stored.ts'

/** A network as the store keeps it. */
export type NetworkRecord = {
  /** 16 hexadecimal digits, never used twice. */
  readonly id: string
  /** The name of the network. */
  readonly name: string
  /** The name of the driver. */
  readonly driver: string
  /** The interface on the host, at most 15 characters: the bridge. */
  readonly interface: string
  /** An IPv4 subnet, an IPv6 subnet, or both: `{ subnet: '192.168.0.0/24', gateway: '192.168.0.1' }`. */
  readonly subnets: readonly {
    /** In CIDR notation: `'192.168.0.0/24'`. */
    readonly subnet: string
    /** The gateway's address: `'192.168.0.1'`. */
    readonly gateway: string
  }[]
  /** The gateway of the first subnet. */
  readonly gateway: string
  /** Whether nothing enters or leaves the network. */
  readonly internal: boolean
  /** Whether packets that leave the network get the host's address as their source. */
  readonly masquerade: boolean
  /** Whether containers of the network reach each other. */
  readonly internalTraffic: boolean
  /** In bytes; the kernel's default when absent. */
  readonly mtu?: number
  /** Names and values of the user. */
  readonly labels: Readonly<Record<string, string>>
  /** The options of the driver. */
  readonly options: Readonly<Record<string, string>>
  /** Whether it spans the machines of a cluster; absent for a network of one machine. */
  readonly scope?: 'cluster'
  /** ISO 8601, UTC. */
  readonly createdAt: string
}

/** Where the container's end of an endpoint is. */
export type Attachment =
  | {
      /** netdojo entered the network namespace, and set up the interface in it. */
      readonly attachment: 'netns'
      /** Absolute path of the network namespace. */
      readonly netns: string
      /** The namespace's inode, which differs from that of a later namespace at the same path. */
      readonly netnsInode: number
    }
  | {
      /** The interface stayed on the host for an engine, which moves it, sets its addresses and routes, and switches it on. */
      readonly attachment: 'handed-over'
      /** Only the engine knows the namespace. */
      readonly netns?: never
      /** Only the engine knows the namespace. */
      readonly netnsInode?: never
    }

/** An endpoint as the store keeps it: the connection of a container to a network. */
export type EndpointRecord = Attachment & {
  /** 16 hexadecimal digits, never used twice. */
  readonly id: string
  /** The network's name. */
  readonly network: string
  /** The interface in the namespace; if it is handed over, its name on the host, which the engine may change. */
  readonly interface: string
  /** The interface on the host, at most 15 characters. */
  readonly hostInterface: string
  /** `'192.168.0.2/24'`, in the order of the network's subnets. */
  readonly addresses: readonly string[]
  /** `'02:42:ac:11:00:02'` */
  readonly mac: string
  /**
   * Whether a default route of the namespace leads through this network, of IPv4 or of IPv6. Never if the interface is handed
   * over: then the engine sets the routes.
   */
  readonly defaultRoute: boolean
  /** The gateways of these default routes, if they are only a part of the network's gateways. */
  readonly gateways?: readonly string[]
  /** The endpoint with the highest priority has the default route, among several the first one; 0 when absent. */
  readonly gatewayPriority?: number
  /** Whether the endpoint never has a default route, because the request said so. */
  readonly neverDefaultRoute?: true
  /** Families in which the namespace had a default route of another program, which this endpoint leaves as it is. */
  readonly foreignDefaultRoutes?: readonly (4 | 6)[]
  /** The key of the request: another request with it gets this endpoint. */
  readonly key?: string
  /** Further names of the container in this network, for name servers. */
  readonly aliases?: readonly string[]
  /** The ports that lead to its addresses: of each family, those of the whole namespace if it has the default route. */
  readonly ports: readonly PublishedPort[]
  /** The ports that its request named, if another endpoint of the namespace publishes some of them. */
  readonly publish?: readonly PublishedPort[]
  /** Names and values of the user. */
  readonly labels: Readonly<Record<string, string>>
  /** ISO 8601, UTC. */
  readonly createdAt: string
}

/** A port of the host that leads to a port of a container. */
export type PublishedPort = {
  /** `'tcp'`, `'udp'` or `'sctp'`. */
  readonly protocol: Protocol
  /**
   * Every address of the host in the families of the endpoint when absent; every IPv4 address is `0.0.0.0`, and every IPv6
   * address is `::`.
   */
  readonly hostAddress?: string
  /** The port of the host, 1 to 65535. */
  readonly hostPort: number
  /** The container's port. */
  readonly port: number
  /** Whether the request of another endpoint, or of the container, named the port: it moves with the default route. */
  readonly shared?: true
}

/**
 * What an endpoint takes in its namespace. A key of its own for each namespace keeps the look-up short. A record of version
 * 0.1.0 has no network.
 */
export type InterfaceSlot = Pick<EndpointRecord, 'interface'> & { readonly network?: string }

/** What a container wants of each network that its namespace is connected to. */
export type NamespaceRecord = {
  /** The boot in which the namespace exists: a later one may have the same inode. */
  readonly boot: string
  readonly labels: Readonly<Record<string, string>>
  readonly ports: readonly PublishedPort[]
}

/** The label that gives the name of the container that an endpoint belongs to. */
export const containerNameLabel = 'netdojo.container.name'

const networkPrefix = 'network/'
const endpointPrefix = 'endpoint/'
export const networkKey = (name: string) => `${networkPrefix}${name}`
export const sharedNetworkKey = (name: string) => `shared/cluster/network/${name}`
export const endpointKey = (network: string, id: string) => `${endpointPrefix}${network}/${id}`
export const slotKey = (netnsInode: number, id: string) => `place/${netnsInode}/${id}`
const namespaceKey = (netnsInode: number) => `namespace/${netnsInode}`
/** An address that was once used with a MAC other than the one made from it. */
export const customMacKey = (network: string, address: string) => `odd-mac/${network}/${address}`

export function allNetworks(transaction: ReadTransaction): readonly NetworkRecord[] {
  return transaction
    .records<NetworkRecord>(networkPrefix)
    .map(([key, record]) => checkedNetwork(key, record))
}

/** The endpoints of one network, or of all networks. */
export function endpointsOf(
  transaction: ReadTransaction,
  network?: string,
): readonly EndpointRecord[] {
  const prefix = network === undefined ? endpointPrefix : endpointKey(network, '')
  return transaction
    .records<EndpointRecord>(prefix)
    .map(([key, record]) => checkedEndpoint(key, record))
}

export function slotsIn(transaction: ReadTransaction, netnsInode: number) {
  return transaction
    .records<InterfaceSlot>(slotKey(netnsInode, ''))
    .map(([key, slot]) => stored(slotSchema, key, slot))
}

/** An endpoint with its network. */
export type Member = { readonly network: NetworkRecord; readonly endpoint: EndpointRecord }

/** The endpoints that share the namespace of an endpoint, itself among them; one that is handed over shares none. */
export function membersWith(transaction: ReadTransaction, member: Member): readonly Member[] {
  const { netnsInode } = member.endpoint
  return netnsInode === undefined ? [member] : membersOf(transaction, netnsInode)
}

/** The endpoints of a namespace, the oldest first. */
export function membersOf(
  transaction: ReadTransaction,
  netnsInode: number | undefined,
): readonly Member[] {
  if (netnsInode === undefined) return []
  const prefix = slotKey(netnsInode, '')
  const slots = transaction.records<InterfaceSlot>(prefix)
  const found = slots.map(([key, { network }]) =>
    network === undefined ? undefined : endpointOf(transaction, network, key.slice(prefix.length)),
  )
  const isComplete = found.every((endpoint) => endpoint !== undefined)
  return (isComplete ? found : endpointsOf(transaction))
    .filter((endpoint) => endpoint?.netnsInode === netnsInode)
    .flatMap((endpoint) =>
      endpoint ? [{ endpoint, network: findNetwork(transaction, endpoint.network) }] : [],
    )
    .toSorted(({ endpoint: a }, { endpoint: b }) => compare(a, b))
}

function compare(a: EndpointRecord, b: EndpointRecord): number {
  return (
    a.createdAt.localeCompare(b.createdAt) ||
    a.interface.localeCompare(b.interface, 'en', { numeric: true })
  )
}

export function namespaceRecord(
  transaction: ReadTransaction,
  netnsInode: number | undefined,
): NamespaceRecord | undefined {
  if (netnsInode === undefined) return undefined
  const key = namespaceKey(netnsInode)
  const record = transaction.record<NamespaceRecord>(key)
  if (record?.boot !== transaction.bootId) return undefined
  return stored(namespaceSchema, key, record)
}

/** Without a record, what the namespace wants is forgotten. */
export function setNamespaceRecord(
  transaction: Transaction,
  netnsInode: number,
  record: Omit<NamespaceRecord, 'boot'> | undefined,
): void {
  if (record === undefined) transaction.delete(namespaceKey(netnsInode))
  else
    transaction.setRecord(namespaceKey(netnsInode), {
      boot: transaction.bootId,
      ...record,
    } satisfies NamespaceRecord)
}

/** @throws NetdojoError `network-missing` */
export function findNetwork(transaction: ReadTransaction, name: string): NetworkRecord {
  // A key made of something other than a name could be the key of another record.
  if (isName(name)) {
    const found = transaction.record<NetworkRecord>(networkKey(name))
    if (found) return checkedNetwork(networkKey(name), found)
    // The cluster may have a network that this machine has not joined; without a cluster there are no such keys.
    const key = sharedNetworkKey(name)
    const shared = transaction.record<{ readonly network: NetworkRecord }>(key)?.network
    if (shared) return stored(networkSchema, key, shared)
  }
  const names = allNetworks(transaction).map((network) => network.name)
  throw new NetdojoError({
    code: 'network-missing',
    operation: 'find the network',
    object: quote(name),
    reason: 'no network has that name',
    advice: [
      names.length === 0 ? 'there are no networks yet' : `existing networks: ${some(names)}`,
    ],
  })
}

/** @throws NetdojoError `network-missing` or `endpoint-missing` */
export function findEndpoint(
  transaction: ReadTransaction,
  name: string,
  id: string,
): { readonly network: NetworkRecord; readonly endpoint: EndpointRecord } {
  const network = findNetwork(transaction, name)
  const endpoint = isName(id) ? endpointOf(transaction, name, id) : undefined
  if (endpoint) return { network, endpoint }
  const ids = endpointsOf(transaction, name).map((other) => other.id)
  throw new NetdojoError({
    code: 'endpoint-missing',
    operation: 'find the endpoint',
    object: quote(id),
    reason: `the network ${name} has no endpoint with that id`,
    advice: [ids.length === 0 ? 'it has no endpoints' : `its endpoints: ${some(ids)}`],
  })
}

/** An endpoint as error messages call it: by the container's name, or by the path of its namespace. */
export function endpointTitle(transaction: ReadTransaction, network: string, id: string): string {
  const endpoint = endpointOf(transaction, network, id)
  return endpoint ? titleOf(endpoint) : `the endpoint ${id}`
}

export function titleOf(endpoint: EndpointRecord): string {
  const { labels, netns } = endpoint
  const container = labels[containerNameLabel]
  if (container !== undefined) return `the container ${container}`
  return netns === undefined
    ? `the container that got the interface ${endpoint.interface}`
    : `the namespace ${netns}`
}

export function endpointOf(
  transaction: ReadTransaction,
  network: string,
  id: string,
): EndpointRecord | undefined {
  const key = endpointKey(network, id)
  const found = transaction.record<EndpointRecord>(key)
  return found && checkedEndpoint(key, found)
}

function some(names: readonly string[]): string {
  return names.length > 10 ? `${names.slice(0, 10).join(', ')} …` : names.join(', ')
}

function checkedNetwork(key: string, value: NetworkRecord): NetworkRecord {
  const record = stored(networkSchema, key, value)
  if (key === networkKey(record.name)) return record
  throw corruptValue(key, `its name must be the one in its key, not ${quote(record.name)}`)
}

/** Versions that could only enter a namespace wrote no type of attachment. */
export function withAttachment(record: EndpointRecord): EndpointRecord {
  // oxlint-disable-next-line typescript/no-unnecessary-condition -- a stored record of an older version
  if (record.attachment !== undefined) return record
  return Object.assign({ attachment: 'netns' as const }, record)
}

function checkedEndpoint(key: string, value: EndpointRecord): EndpointRecord {
  const record = withAttachment(stored(endpointSchema, key, value))
  if (key === endpointKey(record.network, record.id)) return record
  throw corruptValue(key, 'its network and its id must be those in its key')
}

const hex16 = matching(/^[0-9a-f]{16}$/, '16 hexadecimal digits')
const name = v.custom<string>(isName, 'a name')
const link = matching(/^[A-Za-z0-9_.-]{1,15}$/, 'an interface name')
const address = matching(/^[0-9a-f.:]+$/, 'an address')
const cidr = matching(/^[0-9a-f.:]+\/\d{1,3}$/, 'an address and a prefix length')
const stringMap = v.record(text, text)
const number = v.pipe(v.number('a number'), v.safeInteger('a whole number'))

export const networkSchema = v.object({
  id: hex16,
  name,
  driver: text,
  interface: link,
  subnets: v.array(v.object({ subnet: cidr, gateway: address })),
  gateway: address,
  internal: flag,
  masquerade: flag,
  internalTraffic: flag,
  mtu: v.optional(number),
  labels: stringMap,
  options: stringMap,
  scope: v.optional(v.literal('cluster', "'cluster'")),
  createdAt: text,
} satisfies Record<keyof NetworkRecord, v.GenericSchema>)

const portSchema = v.object({
  protocol: text,
  hostAddress: v.optional(address),
  hostPort: number,
  port: number,
  shared: v.optional(v.literal(true, 'true')),
} satisfies Record<keyof PublishedPort, v.GenericSchema>)

const endpointFields = {
  id: hex16,
  network: name,
  interface: link,
  hostInterface: link,
  addresses: v.array(cidr),
  mac: text,
  defaultRoute: flag,
  gateways: v.optional(v.array(address)),
  gatewayPriority: v.optional(number),
  neverDefaultRoute: v.optional(v.literal(true, 'true')),
  foreignDefaultRoutes: v.optional(v.array(v.picklist([4, 6], '4 or 6'))),
  key: v.optional(text),
  aliases: v.optional(v.array(name)),
  ports: v.array(portSchema),
  publish: v.optional(v.array(portSchema)),
  labels: stringMap,
  createdAt: text,
} satisfies Record<Exclude<keyof EndpointRecord, keyof Attachment>, v.GenericSchema>
const handedOverSchema = v.object({
  ...endpointFields,
  attachment: v.literal('handed-over'),
  netns: v.optional(v.never('absent')),
  netnsInode: v.optional(v.never('absent')),
} satisfies Record<keyof EndpointRecord, v.GenericSchema>)
const netnsSchema = v.object({
  ...endpointFields,
  attachment: v.optional(v.literal('netns', 'netns or handed-over')),
  netns: matching(/^\//, 'an absolute path'),
  netnsInode: number,
} satisfies Record<keyof EndpointRecord, v.GenericSchema>)
export const endpointSchema = v.lazy((input) =>
  typeof input === 'object' && input !== null && Reflect.get(input, 'attachment') === 'handed-over'
    ? handedOverSchema
    : netnsSchema,
)

const slotSchema = v.object({
  interface: link,
  network: v.optional(name),
} satisfies Record<keyof InterfaceSlot, v.GenericSchema>)

const namespaceSchema = v.object({
  boot: text,
  labels: stringMap,
  ports: v.array(portSchema),
} satisfies Record<keyof NamespaceRecord, v.GenericSchema>)

/** Who holds a host port. */
export const holderSchema = v.object({ network: name, endpoint: hex16 })
