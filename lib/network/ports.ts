// Gives host ports to endpoints: one endpoint a port, and no port on which a program of the host already listens.
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IpAddress } from '../address/ip-address.ts'
import { formatPortMapping, type PortMapping, type Protocol } from '../address/port-mapping.ts'
import { NetdojoError } from '../errors.ts'
import type { Forward } from '../firewall/firewall.ts'
import { hostAddresses } from '../kernel/host-subnets.ts'
import type { Listener } from '../kernel/listeners.ts'
import type { Transaction } from '../store/store.ts'
import { stored } from '../store/stored.ts'
import { endpointTitle, holderSchema, type PublishedPort } from './records.ts'

type Holder = { readonly network: string; readonly endpoint: string }
export type Listeners = ReadonlyMap<Protocol, readonly Listener[]>

const anyAddress = '*'
const portPrefix = ({ protocol, hostPort }: Pick<PublishedPort, 'protocol' | 'hostPort'>) =>
  `port/${protocol}/${hostPort}/`
const portKey = (port: PublishedPort) => `${portPrefix(port)}${port.hostAddress ?? anyAddress}`

/** Reads the host's listening sockets, for the protocols of the mappings. */
export async function readAllListeners(mappings: readonly PortMapping[]): Promise<Listeners> {
  const listeners = new Map<Protocol, readonly Listener[]>()
  if (mappings.length === 0) return listeners
  const { readListeners } = await import('../kernel/listeners.ts')
  for (const protocol of new Set(mappings.map(({ protocol }) => protocol)))
    listeners.set(protocol, await readListeners(protocol))
  return listeners
}

/**
 * Takes the host ports of the mappings for the holder, and chooses a free port where none is named.
 * @throws NetdojoError `port-in-use`, `listener-in-the-way`, `port-unusable` or `ports-exhausted`
 */
export function takePorts(
  transaction: Transaction,
  holder: Holder,
  mappings: readonly PortMapping[],
  listeners: Listeners,
): readonly PublishedPort[] {
  return mappings.flatMap((mapping) => {
    refuseForeignAddress(mapping)
    return portsOf(transaction, mapping, listeners).map((port) => {
      const other = conflicting(transaction, port)
      if (other?.endpoint === holder.endpoint) throw twice(port)
      if (other) throw inUse(port, other, endpointTitle(transaction, other.network, other.endpoint))
      const listener = listenerAt(port, listeners)
      if (listener) throw new ListenerInTheWay(port, listener)
      transaction.setRecord(portKey(port), holder)
      return port
    })
  })
}

export function givePortsBack(transaction: Transaction, ports: readonly PublishedPort[]): void {
  for (const port of ports) transaction.delete(portKey(port))
}

/** Returns a forward for each address of the container that a port leads to. @throws NetdojoError `port-unusable` for a port without one */
export function forwardsOf(
  ports: readonly PublishedPort[],
  addresses: readonly string[],
): readonly Forward[] {
  return ports.flatMap((port) => {
    const six = port.hostAddress?.includes(':')
    const targets = addresses
      .map((cidr) => cidr.replace(/\/.*/, ''))
      .filter((address) => six === undefined || address.includes(':') === six)
    if (targets.length === 0)
      throw unusable(`${port.hostAddress}`, `the network has no IPv${six ? 6 : 4} subnet`)
    const { protocol, hostAddress, hostPort, port: target } = port
    const host = hostAddress === undefined ? {} : { hostAddress }
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
  transaction: Transaction,
  mapping: PortMapping,
  listeners: Listeners,
): readonly PublishedPort[] {
  const { protocol, hostAddress, hostPorts, containerPorts } = mapping
  const length = containerPorts.last - containerPorts.first + 1
  const portAt = (first: number) => (offset: number) => ({
    protocol,
    ...(hostAddress === undefined ? {} : { hostAddress: `${hostAddress}` }),
    hostPort: first + offset,
    port: containerPorts.first + offset,
  })
  const from = (first: number) => Array.from({ length }, (_, offset) => portAt(first)(offset))
  if (hostPorts) return from(hostPorts.first)
  const isFree = (port: PublishedPort) =>
    conflicting(transaction, port) === undefined && listenerAt(port, listeners) === undefined
  for (const first of candidates(length)) {
    const ports = from(first)
    if (ports.every(isFree)) return ports
  }
  throw new NetdojoError({
    code: 'ports-exhausted',
    operation: 'choose a host port for',
    object: formatPortMapping(mapping),
    reason: 'all ports of net.ipv4.ip_local_port_range are in use',
    advice: ['name a host port', 'disconnect endpoints that are not needed'],
  })
}

/** Each possible first port once, from a random one on, so that a released port is not given again at once. */
function* candidates(length: number): Generator<number> {
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

/** A port on every address conflicts with the same port on one address. */
function conflicting(transaction: Transaction, port: PublishedPort): Holder | undefined {
  const found = transaction.records<Holder>(portPrefix(port)).find(([key]) => {
    const address = key.slice(portPrefix(port).length)
    return overlap(address === anyAddress ? undefined : address, port.hostAddress)
  })
  return found && stored(holderSchema, ...found)
}

function listenerAt(port: PublishedPort, listeners: Listeners): Listener | undefined {
  return listeners
    .get(port.protocol)
    ?.find(
      (listener) =>
        listener.port === port.hostPort &&
        overlap(listener.address && `${listener.address}`, port.hostAddress),
    )
}

function overlap(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b
}

function refuseForeignAddress({ hostAddress }: PortMapping): void {
  if (hostAddress === undefined) return
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

function unusable(address: string, reason: string): NetdojoError {
  return new NetdojoError({
    code: 'port-unusable',
    operation: 'publish a port on',
    object: address,
    reason,
    advice: ['leave the address out to publish on every address of the host'],
  })
}
