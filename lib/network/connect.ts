// Plugs a namespace into a network: addresses and host ports are taken and the plan journaled together, then the kernel follows.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { IpAddress } from '../address/ip-address.ts'
import { macAddressFor } from '../address/mac-address.ts'
import { Subnet } from '../address/subnet.ts'
import { NetdojoError } from '../errors.ts'
import { allocateAddress } from '../ipam/addresses.ts'
import type { Transaction } from '../store/store.ts'
import { driverOf, type Context } from './context.ts'
import { driverEndpoint, driverNetwork } from './driver-view.ts'
import { begin, applyChange } from './journal.ts'
import { findNetwork } from './lookup.ts'
import { namespaceInode } from './namespace-path.ts'
import { explainListener, readAllListeners, takePorts } from './ports.ts'
import {
  customMacKey,
  slotKey,
  slotsIn,
  type EndpointRecord,
  type NetworkRecord,
  type InterfaceSlot,
} from './records.ts'
import type { CheckedConnect } from './requests.ts'

export async function connectEndpoint(
  context: Context,
  name: string,
  request: CheckedConnect,
  signal: AbortSignal | undefined,
): Promise<EndpointRecord> {
  const isAssumed = context.assumeNamespaces && !existsSync(request.netns)
  const netnsInode = isAssumed ? 0 : namespaceInode(request.netns)
  const listeners = await readAllListeners(request.ports)
  const id = randomBytes(8).toString('hex')
  const take = (transaction: Transaction) => {
    const network = findNetwork(transaction, name)
    refusePortsOfInternal(network, request)
    const driver = driverOf(context, network)
    const isFirst = slotsIn(transaction, netnsInode).length === 0
    const addresses = takeAddresses(transaction, network, id, request)
    const ports = takePorts(transaction, { network: name, endpoint: id }, request.ports, listeners)
    const endpoint: EndpointRecord = {
      id,
      network: name,
      netns: request.netns,
      netnsInode,
      ...takeSlot(transaction, id, netnsInode, request),
      hostInterface: driver.endpointInterface(id),
      addresses,
      mac: request.mac ?? macAddressFor(`${network.id}/${addresses[0]}`),
      ports,
      labels: request.labels,
      createdAt: new Date().toISOString(),
    }
    const announce = mustAnnounce(transaction, endpoint, request)
    const steps = driver.connect(
      driverNetwork(network),
      driverEndpoint(endpoint, { announce, isFirst }),
    )
    return { ...begin(transaction, { change: 'connect', network, endpoint }, steps), endpoint }
  }
  const begun = await context.store.update(take).catch(async (error: unknown) => {
    throw await explainListener(error)
  })
  await applyChange(context, begun, signal)
  return begun.endpoint
}

/** One of each subnet, with its prefix length. */
function takeAddresses(
  transaction: Transaction,
  network: NetworkRecord,
  owner: string,
  request: CheckedConnect,
): readonly string[] {
  const wanted: (IpAddress | undefined)[] = [request.address, request.address6]
  const subnets = network.subnets.map(({ subnet }) => Subnet.parse(subnet))
  for (const address of wanted)
    if (address && !subnets.some(({ family }) => family === address.family))
      throw new NetdojoError({
        code: 'address-out-of-range',
        operation: 'allocate',
        object: `${address}`,
        reason: `the network ${network.name} has no IPv${address.family} subnet`,
        advice: [`its subnets: ${subnets.join(', ')}`],
      })
  return subnets.map((subnet) => {
    const address = wanted.find((address) => address?.family === subnet.family)
    const taken = allocateAddress(transaction, subnet, { owner, ...(address ? { address } : {}) })
    return `${taken}/${subnet.prefixLength}`
  })
}

/**
 * The MAC comes from the address, so that an address keeps its MAC whoever has it. One that was asked for breaks that,
 * for this owner of the address and for all later ones.
 */
function mustAnnounce(
  transaction: Transaction,
  { network, addresses }: EndpointRecord,
  { mac }: CheckedConnect,
): boolean {
  const keys = addresses.map((address) => customMacKey(network, address))
  if (mac !== undefined) for (const key of keys) transaction.setRecord(key, mac)
  return keys.some((key) => transaction.record(key) !== undefined)
}

/** Which interface it is inside, and whether the way out leads through it. */
function takeSlot(
  transaction: Transaction,
  id: string,
  netnsInode: number,
  request: CheckedConnect,
): InterfaceSlot {
  const others = slotsIn(transaction, netnsInode)
  const names = new Set(others.map((other) => other.interface))
  const free = Array.from({ length: names.size + 1 }, (_, index) => `eth${index}`)
  const slot = {
    interface: request.interface ?? free.find((name) => !names.has(name)) ?? 'eth0',
    defaultRoute: request.defaultRoute ?? !others.some(({ defaultRoute }) => defaultRoute),
  }
  transaction.setRecord(slotKey(netnsInode, id), slot)
  return slot
}

function refusePortsOfInternal({ name, internal }: NetworkRecord, { ports }: CheckedConnect): void {
  if (!internal || ports.length === 0) return
  throw new NetdojoError({
    code: 'port-unusable',
    operation: 'publish a port on',
    object: `the network ${name}`,
    reason: 'it is internal: nothing comes in from outside',
    advice: ['connect the container to a second network that is not internal, and publish there'],
  })
}
