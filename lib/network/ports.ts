// Gives host ports to endpoints: one endpoint a port, and no port on which a program of the host already listens.
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IpAddress } from '../address/ip-address.ts'
import { formatPortMapping, type PortMapping, type Protocol } from '../address/port-mapping.ts'
import { NetdojoError } from '../errors.ts'
import type { Forward } from '../firewall/firewall.ts'
import { hostAddresses } from '../kernel/host-subnets.ts'
import type { Listener } from '../kernel/listeners.ts'
import type { ReadTransaction, Transaction } from '../store/store.ts'
import { stored } from '../store/stored.ts'
import {
  endpointOf,
  endpointTitle,
  holderSchema,
  type EndpointRecord,
  type PublishedPort,
} from './records.ts'

export type Family = 4 | 6
type Holder = { readonly network: string; readonly endpoint: string }
export type Listeners = ReadonlyMap<Protocol, readonly Listener[]>

const anyAddress = '*'
/** Stand for every address of their family. */
export const everyAddress = { 4: '0.0.0.0', 6: '::' } as const
const portPrefix = ({ protocol, hostPort }: Pick<PublishedPort, 'protocol' | 'hostPort'>) =>
  `port/${protocol}/${hostPort}/`
const portKey = (port: PublishedPort) => `${portPrefix(port)}${port.hostAddress ?? anyAddress}`

/** Reads the host's listening sockets, for the protocols of the mappings. */
export async function readAllListeners(
  mappings: readonly Pick<PortMapping, 'protocol'>[],
): Promise<Listeners> {
  const listeners = new Map<Protocol, readonly Listener[]>()
  if (mappings.length === 0) return listeners
  const { readListeners } = await import('../kernel/listeners.ts')
  for (const protocol of new Set(mappings.map(({ protocol }) => protocol)))
    listeners.set(protocol, await readListeners(protocol))
  return listeners
}

export type PortsRequest = {
  readonly mappings: readonly PortMapping[]
  /** The families of the networks: a mapping without an address is published in each of them. */
  readonly families: readonly Family[]
  readonly listeners: Listeners
}

/**
 * Returns the host ports of the mappings, with a free one where several are possible. Equal mappings are one.
 * @throws NetdojoError `port-in-use`, `listener-in-the-way`, `port-unusable` or `ports-exhausted`
 */
export function choosePorts(
  transaction: ReadTransaction,
  { mappings, families, listeners }: PortsRequest,
): readonly PublishedPort[] {
  const chosen: PublishedPort[] = []
  for (const mapping of new Map(mappings.map((each) => [formatPortMapping(each), each])).values()) {
    refuseForeignAddress(mapping)
    const refusal = (port: PublishedPort) =>
      chosen.some((other) => clash(port, other, families))
        ? twice(port)
        : refusalOf(transaction, port, families, listeners)
    for (const port of portsOf(mapping, families, (ports) => firstOf(ports, refusal))) {
      if (chosen.some((other) => isCovered(port, other))) continue
      const error = refusal(port)
      if (error) throw error
      chosen.push(port)
    }
  }
  // A port of every address makes the same port of one address superfluous.
  return chosen.filter((port) => !chosen.some((other) => other !== port && isCovered(port, other)))
}

/** @param own the endpoints that may already have the ports. @throws as `choosePorts` */
export function refuseTakenPorts(
  transaction: ReadTransaction,
  ports: readonly PublishedPort[],
  families: readonly Family[],
  listeners: Listeners,
  own: ReadonlySet<string> = new Set(),
): void {
  for (const port of ports) {
    const isOwn = claimsOf(transaction, port).some(({ holder }) => own.has(holder.endpoint))
    const error = refusalOf(transaction, port, families, isOwn ? new Map() : listeners, own)
    if (error) throw error
  }
}

type Claimant = Pick<EndpointRecord, 'network' | 'id' | 'addresses' | 'ports'>

/**
 * Makes the endpoint the owner of its ports, which must be free or of its own container. Another endpoint may have the same
 * port of every address in the other family.
 */
export function claimPorts(
  transaction: Transaction,
  { network, id, addresses, ports }: Claimant,
): void {
  const holder: Holder = { network, endpoint: id }
  for (const port of ports) {
    const other = transaction.record<Holder>(portKey(port))
    const isShared =
      other && other.endpoint !== id && endpointOf(transaction, other.network, other.endpoint)
    const families = familiesOf(addresses)
    const isApart =
      isShared && !familiesOf(isShared.addresses).some((family) => families.includes(family))
    const keys =
      isApart && port.hostAddress === undefined
        ? families.map((family) => `${portPrefix(port)}${everyAddress[family]}`)
        : [portKey(port)]
    for (const key of keys) transaction.setRecord(key, holder)
  }
}

/** Ports that another endpoint has taken over since stay. */
export function givePortsBack(
  transaction: Transaction,
  { id, ports }: Pick<Claimant, 'id' | 'ports'>,
): void {
  for (const port of ports)
    for (const address of [port.hostAddress ?? anyAddress, ...Object.values(everyAddress)]) {
      const key = `${portPrefix(port)}${address}`
      if (transaction.record<Holder>(key)?.endpoint === id) transaction.delete(key)
    }
}

/** The families of an address, or of every address. */
export function portFamilies(hostAddress: string | undefined): readonly Family[] {
  if (hostAddress === undefined) return [4, 6]
  return hostAddress.includes(':') ? [6] : [4]
}

export function familiesOf(cidrs: readonly string[]): readonly Family[] {
  return ([4, 6] as const).filter((family) =>
    cidrs.some((cidr) => cidr.includes(':') === (family === 6)),
  )
}

function isEveryAddress(hostAddress: string | undefined): boolean {
  return (
    hostAddress === undefined || hostAddress === everyAddress[4] || hostAddress === everyAddress[6]
  )
}

/** The ports of an endpoint with the addresses of the host that answer: a port of every address in each of its families. */
export function publishedPorts({
  ports,
  addresses,
}: Pick<EndpointRecord, 'ports' | 'addresses'>): readonly PublishedPort[] {
  return ports.flatMap(({ protocol, hostAddress, hostPort, port }) =>
    (hostAddress === undefined
      ? familiesOf(addresses).map((family) => everyAddress[family])
      : [hostAddress]
    ).map((address) => ({ protocol, hostAddress: address, hostPort, port })),
  )
}

/** Returns a forward for each address of the container that a port leads to. @throws NetdojoError `port-unusable` for a port without one */
export function forwardsOf(
  ports: readonly PublishedPort[],
  addresses: readonly string[],
): readonly Forward[] {
  return ports.flatMap((port) => {
    const { protocol, hostAddress, hostPort, port: target } = port
    const targets = addresses
      .map((cidr) => cidr.replace(/\/.*/, ''))
      .filter((address) => portFamilies(hostAddress).includes(address.includes(':') ? 6 : 4))
    if (targets.length === 0) throw noFamily(`${hostAddress}`)
    const host = isEveryAddress(hostAddress) ? {} : { hostAddress: `${hostAddress}` }
    return targets.map((address) =>
      Object.assign({ protocol, hostPort, address, port: target }, host),
    )
  })
}

/** Names the process that listens: finding it takes too long for a transaction. */
export async function explainListener(error: unknown): Promise<unknown> {
  if (!(error instanceof ListenerInTheWay)) return error
  const { port, listener } = error
  const { holderOf } = await import('../kernel/listeners.ts')
  const holder = (await holderOf(listener)) ?? 'a program of another user'
  return new NetdojoError({
    code: 'listener-in-the-way',
    operation: 'publish',
    object: `port ${port.hostPort}/${port.protocol} of the host`,
    reason: `${holder} listens on it at ${listener.address ?? 'every address'}`,
    advice: ['publish another host port', 'or stop the program'],
  })
}

class ListenerInTheWay extends Error {
  readonly port: PublishedPort
  readonly listener: Listener

  constructor(port: PublishedPort, listener: Listener) {
    super('a program listens on the port')
    this.port = port
    this.listener = listener
  }
}

function portsOf(
  mapping: PortMapping,
  families: readonly Family[],
  firstFree: (candidates: Iterable<readonly PublishedPort[]>) => readonly PublishedPort[],
): readonly PublishedPort[] {
  const { protocol, hostAddress, hostPorts, containerPorts } = mapping
  const length = containerPorts.last - containerPorts.first + 1
  const host = hostAddress === undefined ? {} : { hostAddress: `${hostAddress}` }
  if (!portFamilies(host.hostAddress).some((family) => families.includes(family)))
    throw noFamily(`${hostAddress}`)
  const from = (first: number) =>
    Array.from({ length }, (_, offset) => ({
      protocol,
      ...host,
      hostPort: first + offset,
      port: containerPorts.first + offset,
    }))
  if (hostPorts && hostPorts.last - hostPorts.first + 1 === length) return from(hostPorts.first)
  const candidates = hostPorts
    ? Array.from({ length: hostPorts.last - hostPorts.first + 1 }, (_, at) => hostPorts.first + at)
    : freePorts(length)
  const found = firstFree(Iterator.from(candidates).map(from))
  if (found.length > 0) return found
  throw new NetdojoError({
    code: 'ports-exhausted',
    operation: 'choose a host port for',
    object: formatPortMapping(mapping),
    reason: `all ports of ${hostPorts ? `${hostPorts.first}-${hostPorts.last}` : 'net.ipv4.ip_local_port_range'} are in use`,
    advice: ['name another host port', 'disconnect endpoints that are not needed'],
  })
}

function firstOf(
  candidates: Iterable<readonly PublishedPort[]>,
  refusal: (port: PublishedPort) => Error | undefined,
): readonly PublishedPort[] {
  for (const ports of candidates) if (!ports.some(refusal)) return ports
  return []
}

/** Each possible first port once, from a random one on, so that a released port is not given again at once. */
function* freePorts(length: number): Generator<number> {
  const [low = 32_768, high = 60_999] = readFileSync(
    '/proc/sys/net/ipv4/ip_local_port_range',
    'utf8',
  )
    .trim()
    .split(/\s+/)
    .map(Number)
  const count = high - low + 2 - length
  if (count <= 0) return
  const start = randomInt(count)
  for (let step = 0; step < count; step++) yield low + ((start + step) % count)
}

/** Why the port cannot be published; undefined when it can. */
function refusalOf(
  transaction: ReadTransaction,
  port: PublishedPort,
  families: readonly Family[],
  listeners: Listeners,
  own: ReadonlySet<string> = new Set(),
): Error | undefined {
  const wanted = new Set(
    portFamilies(port.hostAddress).filter((family) => families.includes(family)),
  )
  const claim = claimsOf(transaction, port).find(
    ({ holder, hostAddress, families: claimed }) =>
      !own.has(holder.endpoint) &&
      claimed.some((family) => wanted.has(family)) &&
      meet(hostAddress, port.hostAddress),
  )
  if (claim) return inUse(port, claim.holder, titleOf(transaction, claim.holder))
  const listener = listenerOn(port, families, listeners)
  return listener && new ListenerInTheWay(port, listener)
}

/** The program of the host that listens on the port of an endpoint with these families. */
export function listenerOn(
  port: PublishedPort,
  families: readonly Family[],
  listeners: Listeners,
): Listener | undefined {
  const wanted = portFamilies(port.hostAddress).filter((family) => families.includes(family))
  return listeners.get(port.protocol)?.find(
    ({ address, port: number, family }) =>
      number === port.hostPort &&
      // A socket of every IPv6 address usually receives what is sent to IPv4 addresses, too (ipv6(7), IPV6_V6ONLY).
      (family === 6 && address === undefined ? wanted.length > 0 : wanted.includes(family)) &&
      meet(address && `${address}`, port.hostAddress),
  )
}

type Claim = {
  readonly holder: Holder
  readonly hostAddress: string | undefined
  readonly families: readonly Family[]
}

/** A port of every address is claimed in the families of its endpoint. */
function claimsOf(transaction: ReadTransaction, port: PublishedPort): readonly Claim[] {
  const prefix = portPrefix(port)
  return transaction.records<Holder>(prefix).map(([key, record]) => {
    const holder = stored(holderSchema, key, record)
    const address = key.slice(prefix.length)
    if (address !== anyAddress)
      return { holder, hostAddress: address, families: portFamilies(address) }
    const endpoint = endpointOf(transaction, holder.network, holder.endpoint)
    return {
      holder,
      hostAddress: undefined,
      families: familiesOf(endpoint?.addresses ?? ['.', ':']),
    }
  })
}

function titleOf(transaction: ReadTransaction, { network, endpoint }: Holder): string {
  return endpointTitle(transaction, network, endpoint)
}

function meet(a: string | undefined, b: string | undefined): boolean {
  return isEveryAddress(a) || isEveryAddress(b) || a === b
}

/** Whether two mappings of one request give a host port two meanings. */
function clash(port: PublishedPort, other: PublishedPort, families: readonly Family[]): boolean {
  const shared = portFamilies(port.hostAddress).filter((family) =>
    portFamilies(other.hostAddress).includes(family),
  )
  return (
    port.protocol === other.protocol &&
    port.hostPort === other.hostPort &&
    port.port !== other.port &&
    shared.some((family) => families.includes(family)) &&
    meet(port.hostAddress, other.hostAddress)
  )
}

/** Whether the other mapping publishes all that this one does. */
function isCovered(port: PublishedPort, other: PublishedPort): boolean {
  return (
    port.protocol === other.protocol &&
    port.hostPort === other.hostPort &&
    port.port === other.port &&
    (port.hostAddress === other.hostAddress ||
      (isEveryAddress(other.hostAddress) &&
        portFamilies(port.hostAddress).every((family) =>
          portFamilies(other.hostAddress).includes(family),
        )))
  )
}

function refuseForeignAddress({ hostAddress }: PortMapping): void {
  if (hostAddress === undefined || isEveryAddress(`${hostAddress}`)) return
  if (`${hostAddress}` === '::1')
    throw unusable('::1', 'the kernel never forwards packets for ::1 (it can for 127.0.0.1)')
  if (isLoopback(hostAddress) || hostAddresses().some((own) => own.equals(hostAddress))) return
  throw unusable(`${hostAddress}`, 'no interface of the host has this address')
}

function isLoopback(address: IpAddress): boolean {
  return address.family === 4 && address.value >> 24n === 127n
}

function inUse(port: PublishedPort, { network }: Holder, title: string): NetdojoError {
  return new NetdojoError({
    code: 'port-in-use',
    operation: 'publish',
    object: `port ${port.hostPort}/${port.protocol} of the host`,
    reason: `${title} publishes it on the network ${network}`,
    advice: ['publish another host port', `or disconnect ${title} from ${network} first`],
  })
}

function twice(port: PublishedPort): NetdojoError {
  return new NetdojoError({
    code: 'port-in-use',
    operation: 'publish',
    object: `port ${port.hostPort}/${port.protocol} of the host`,
    reason: 'a host port must lead to one port of the container, and the request names it twice',
    advice: ['publish another host port'],
  })
}

function noFamily(address: string): NetdojoError {
  const family = portFamilies(address).join()
  return unusable(
    address,
    `the container has no IPv${family} address on a network that is not internal`,
  )
}

function unusable(address: string, reason: string): NetdojoError {
  return new NetdojoError({
    code: 'port-unusable',
    operation: 'publish a port on',
    object: address,
    reason,
    advice: ['leave the address out to publish on every address of the host'],
  })
}
