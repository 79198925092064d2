// Connects a namespace to a network: one transaction takes addresses, ports and an interface slot and journals the plan; then the kernel follows.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { macAddressFor } from '../address/mac-address.ts'
import { Subnet } from '../address/subnet.ts'
import { NetdojoError } from '../errors.ts'
import { allocateAddress } from '../ipam/addresses.ts'
import { readHostAddresses, type HostAddress } from '../kernel/read.ts'
import type { Transaction } from '../store/store.ts'
import { driverEndpoint, driverOf, type Context } from './context.ts'
import { applyChange, survival, writeJournal } from './journal.ts'
import { namespaceInode } from './namespace-path.ts'
import { explainListener, readAllListeners, takePorts } from './ports.ts'
import {
  customMacKey,
  endpointTitle,
  findNetwork,
  slotKey,
  slotsIn,
  type EndpointRecord,
  type InterfaceSlot,
  type NetworkRecord,
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
  const isAsked = request.address !== undefined || request.address6 !== undefined
  const hostAddresses = await readHostAddresses(isAsked)
  const id = randomBytes(8).toString('hex')
  const take = (transaction: Transaction) => {
    const network = findNetwork(transaction, name)
    refusePortsOfInternal(network, request)
    const driver = driverOf(context, network)
    const others = slotsIn(transaction, netnsInode)
    const addresses = takeAddresses(transaction, network, { owner: id, request, hostAddresses })
    const endpoint: EndpointRecord = {
      id,
      network: name,
      netns: request.netns,
      netnsInode,
      ...takeSlot(transaction, slotKey(netnsInode, id), others, request),
      hostInterface: driver.endpointInterface(id),
      addresses,
      mac: request.mac ?? macAddressFor(`${network.id}/${addresses[0]}`),
      ports: takePorts(transaction, { network: name, endpoint: id }, request.ports, listeners),
      labels: request.labels,
      createdAt: new Date().toISOString(),
    }
    const announce = mustAnnounce(transaction, endpoint, request)
    const isFirst = others.length === 0
    const steps = driver.connect(network, driverEndpoint(endpoint, { announce, isFirst }))
    return writeJournal(transaction, { change: 'connect', network, endpoint }, steps)
  }
  const taken = context.store.update(take, survival({ change: 'connect' }))
  const change = await taken.catch(async (error: unknown) => {
    throw await explainListener(error)
  })
  await applyChange(context, change, signal)
  return change.entry.endpoint
}

type AddressesToTake = {
  readonly owner: string
  readonly request: CheckedConnect
  /** Never given, also where they were added after the network was created. */
  readonly hostAddresses: readonly HostAddress[]
}

/** Takes one address of each subnet, and returns it with the prefix length. */
function takeAddresses(
  transaction: Transaction,
  network: NetworkRecord,
  { owner, request, hostAddresses }: AddressesToTake,
): readonly string[] {
  const subnets = network.subnets.map(({ subnet }) => Subnet.parse(subnet))
  const wanted = { 4: request.address, 6: request.address6 }
  for (const family of [4, 6] as const)
    if (wanted[family] && !subnets.some((subnet) => subnet.family === family))
      throw new NetdojoError({
        code: 'address-out-of-range',
        operation: 'allocate',
        object: `${wanted[family]}`,
        reason: `the network ${network.name} has no IPv${family} subnet`,
        advice: [`its subnets: ${subnets.join(', ')}`],
      })
  return subnets.map((subnet) => {
    const taken = allocateAddress(transaction, subnet, {
      owner,
      address: wanted[subnet.family],
      hostAddresses,
      nameOf: (owner) => endpointTitle(transaction, network.name, owner),
    })
    return `${taken}/${subnet.prefixLength}`
  })
}

/**
 * The MAC is made from the address, so an address keeps its MAC when its owner changes. A MAC from a request breaks that,
 * for this owner of the address and for all later ones: neighbours must be told.
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

/** Takes the interface name in the namespace, and the default route if it is free. */
function takeSlot(
  transaction: Transaction,
  key: string,
  others: readonly InterfaceSlot[],
  request: CheckedConnect,
): InterfaceSlot {
  const names = new Set(others.map((other) => other.interface))
  const free = Array.from({ length: names.size + 1 }, (_, index) => `eth${index}`)
  const slot = {
    interface: request.interface ?? free.find((name) => !names.has(name)) ?? 'eth0',
    defaultRoute: request.defaultRoute ?? !others.some(({ defaultRoute }) => defaultRoute),
  }
  transaction.setRecord(key, slot)
  return slot
}

function refusePortsOfInternal({ name, internal }: NetworkRecord, { ports }: CheckedConnect): void {
  if (!internal || ports.length === 0) return
  throw new NetdojoError({
    code: 'port-unusable',
    operation: 'publish a port on',
    object: `the network ${name}`,
    reason: 'the network is internal, so no packet enters it from outside',
    advice: ['connect the container to a second network that is not internal, and publish there'],
  })
}
