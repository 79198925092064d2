// Connects a namespace to a network: one transaction takes addresses, ports and an interface slot and journals the plan; then the kernel follows.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { existsSync } from 'node:fs'
import { macAddressFor } from '../address/mac-address.ts'
import { Subnet } from '../address/subnet.ts'
import type { NetworkDriver } from '../driver/driver.ts'
import { NetdojoError } from '../errors.ts'
import { allocateAddress } from '../ipam/addresses.ts'
import { namedNamespace } from '../kernel/operation.ts'
import {
  readHost,
  readHostAddresses,
  readNamespaceUse,
  type HostAddress,
  type NamespaceUse,
} from '../kernel/read.ts'
import type { Transaction } from '../store/store.ts'
import {
  announceEndpoint,
  CandidatesTaken,
  claimAddress,
  findCandidates,
  refuseUnlessAlive,
  type Candidates,
} from './cluster/claims.ts'
import { refuseRemoved } from './cluster/join.ts'
import { ownMachine } from './cluster/membership.ts'
import { driverEndpoint, driverOf, prepareDrivers, type Context } from './context.ts'
import { applyChange, survival, writeJournal } from './journal.ts'
import { namespaceInode } from './namespace-path.ts'
import { endpointByKey } from './endpoint-index.ts'
import { refuseOtherEndpoint } from './ensure.ts'
import { planNamespace } from './namespace-plan.ts'
import {
  choosePorts,
  claimPorts,
  explainListener,
  familiesOf,
  readAllListeners,
  refuseTakenPorts,
} from './ports.ts'
import { longestWait, pauseMilliseconds, reconcileNow } from './reconcile.ts'
import {
  containerNameLabel,
  customMacKey,
  endpointsOf,
  endpointTitle,
  findNetwork,
  membersOf,
  namespaceRecord,
  slotKey,
  titleOf,
  type EndpointRecord,
  type InterfaceSlot,
  type Member,
  type NetworkRecord,
} from './records.ts'
import type { CheckedConnect } from './requests.ts'

export async function connectEndpoint(
  context: Context,
  name: string,
  request: CheckedConnect,
  signal: AbortSignal | undefined,
): Promise<EndpointRecord> {
  const { netns } = request
  const isAssumed = netns !== undefined && context.assumeNamespaces && !existsSync(netns)
  const netnsInode = netns === undefined ? undefined : isAssumed ? 0 : namespaceInode(netns)
  await dropLost(context, netnsInode)
  const known = await knownEndpoint(context, name, netnsInode, request)
  if (known) return known
  const wanted = await context.store.read((transaction) => namespaceRecord(transaction, netnsInode))
  const listeners = await readAllListeners([...request.ports, ...(wanted?.ports ?? [])])
  const isAsked = request.address !== undefined || request.address6 !== undefined
  const hostAddresses = await readHostAddresses(isAsked)
  await prepareDrivers(context)
  const use = isAssumed ? { links: [], defaultRoutes: [] } : await useOf(netns)
  const id = randomBytes(8).toString('hex')
  const take = (candidates: Candidates) => (transaction: Transaction) => {
    const network = findNetwork(transaction, name)
    const { cluster } = context
    const isShared = network.scope === 'cluster' && cluster !== undefined
    if (isShared) {
      refuseUnlessAlive(transaction, cluster)
      refuseRemoved(transaction, network)
    }
    refusePortsOfInternal(network, request)
    const driver = driverOf(context, network)
    refuseHandOver(driver, network, request)
    const members = membersOf(transaction, netnsInode)
    refuseTwice(members, name, request)
    refuseInterface(use, request)
    const addresses = takeAddresses(transaction, network, {
      owner: id,
      request,
      hostAddresses,
      candidates,
    })
    const families = familiesOf(addresses)
    const foreign = foreignRoutes(use, members, families)
    if (request.defaultRoute === true) refuseSecondRoute(request, foreign)
    const mac = chooseMac(transaction, network, `${network.id}/${addresses[0]}`, id, request)
    const ports = choosePorts(transaction, {
      mappings: request.ports,
      families: familiesOf([
        ...addresses,
        ...members
          .filter((member) => !member.network.internal)
          .flatMap(({ endpoint }) => endpoint.addresses),
      ]),
      listeners,
    })
    const draft: EndpointRecord = {
      id,
      network: name,
      ...(netns === undefined || netnsInode === undefined
        ? { attachment: 'handed-over' as const }
        : { attachment: 'netns' as const, netns, netnsInode }),
      interface: request.handOver ?? request.interface ?? freeInterface(use),
      hostInterface: driver.endpointInterface(id),
      addresses,
      mac,
      defaultRoute: false,
      ...(request.gatewayPriority === 0 ? {} : { gatewayPriority: request.gatewayPriority }),
      ...(request.defaultRoute === false ? { neverDefaultRoute: true } : {}),
      ...(foreign.length > 0 ? { foreignDefaultRoutes: foreign.map(({ family }) => family) } : {}),
      ...(request.key === undefined ? {} : { key: request.key }),
      ...(request.aliases === undefined ? {} : { aliases: request.aliases }),
      ports,
      labels: { ...wanted?.labels, ...request.labels },
      createdAt: new Date().toISOString(),
    }
    const plan = planNamespace(
      context,
      members,
      [...members, { network, endpoint: draft }],
      wanted?.ports ?? [],
    )
    const endpoint = plan.after.at(-1)?.endpoint ?? draft
    const own = new Set(members.map((member) => member.endpoint.id))
    for (const { addresses, ports } of [endpoint, ...plan.changed])
      refuseTakenPorts(transaction, ports, familiesOf(addresses), listeners, own)
    claimPorts(transaction, endpoint)
    // Other machines make their entries while this one makes the interface.
    if (isShared) announceEndpoint(transaction, network, endpoint, cluster.id)
    if (netnsInode !== undefined)
      transaction.setRecord(slotKey(netnsInode, id), {
        interface: endpoint.interface,
        network: name,
      } satisfies InterfaceSlot)
    const announce = mustAnnounce(transaction, endpoint, network)
    const first = { announce, isFirst: members.length === 0, routes: plan.routes }
    const steps = [
      ...plan.unpublish,
      ...driver.connect(network, driverEndpoint(endpoint, first)),
      ...plan.publish,
    ]
    const { changed: others, restore } = plan
    return writeJournal(
      transaction,
      {
        change: 'connect',
        network,
        endpoint,
        ...(others.length > 0 ? { others } : {}),
        ...(restore.length > 0 ? { restore } : {}),
      },
      steps,
    )
  }
  const taken = withCandidates(context, name, hostAddresses, (candidates) =>
    context.store.update(take(candidates), survival({ change: 'connect' })),
  )
  const change = await taken.catch(async (error: unknown) => {
    throw await explainListener(error)
  })
  await applyChange(context, change, signal)
  return change.entry.endpoint
}

/** How often a machine looks again for free addresses, when others took those that it had found. */
const mostSearches = 5

/** In a network of a cluster, looks for free addresses before the transaction that claims one of them. */
async function withCandidates<T>(
  context: Context,
  name: string,
  hostAddresses: readonly HostAddress[],
  claim: (candidates: Candidates) => Promise<T>,
): Promise<T> {
  const kept = hostAddresses.map(({ address }) => address)
  for (let search = 1; ; search++) {
    const candidates: Candidates = await context.store.read((transaction) => {
      const network = findNetwork(transaction, name)
      const machine = network.scope === 'cluster' ? ownMachine(transaction) : undefined
      return machine ? findCandidates(transaction, network, machine, kept) : new Map()
    })
    try {
      return await claim(candidates)
    } catch (error) {
      if (!(error instanceof CandidatesTaken)) throw error
      const isEmpty = [...candidates.values()].some(({ length }) => length === 0)
      if (isEmpty || search === mostSearches) throw error.error
    }
  }
}

/**
 * The endpoint of the key. One whose namespace has ended is freed first: here where the namespace has the inode of the old one,
 * and otherwise by `withFreed`. @throws NetdojoError `endpoint-differs`
 */
async function knownEndpoint(
  context: Context,
  name: string,
  netnsInode: number | undefined,
  request: CheckedConnect,
): Promise<EndpointRecord | undefined> {
  const { key, netns } = request
  if (key === undefined) return undefined
  const find = () => context.store.read((transaction) => endpointByKey(transaction, name, key))
  let known = await find()
  if (known) refuseOtherEndpoint(known, netnsInode, request)
  for (let round = 0; round < longestWait && known; round++) {
    const { links } = await useOf(netns)
    // The engine may have moved and renamed its end.
    if (links.includes(netns === undefined ? known.hostInterface : known.interface)) return known
    // The kernel removes the interfaces of a namespace a moment after its end.
    await sleep(pauseMilliseconds)
    await reconcileNow(context)
    known = await find()
  }
  return known
}

/** The interfaces of the namespace, or of the host, where an interface that is handed over stays. */
async function useOf(netns: string | undefined): Promise<NamespaceUse> {
  if (netns !== undefined) return readNamespaceUse(netns)
  return { links: (await readHost()).links.map(({ name }) => name), defaultRoutes: [] }
}

function refuseHandOver(
  { handsOver = false, name }: NetworkDriver,
  network: NetworkRecord,
  { handOver }: CheckedConnect,
): void {
  if (handOver === undefined || handsOver) return
  throw new NetdojoError({
    code: 'usage',
    operation: 'connect to',
    object: `the network ${network.name}`,
    reason: `handOver must be left out: the driver ${name} cannot hand over an interface`,
    advice: ['name the network namespace of the container as netns'],
  })
}

/** The inode of a namespace that has ended can be that of a new one, which must not inherit interfaces and routes. */
async function dropLost(context: Context, netnsInode: number | undefined): Promise<void> {
  const members = await context.store.read((transaction) => membersOf(transaction, netnsInode))
  if (members.length === 0) return
  const { links } = await readHost()
  const exists = ({ endpoint }: Member) => links.some(({ name }) => name === endpoint.hostInterface)
  if (!members.every(exists)) await reconcileNow(context)
}

function refuseTwice(
  members: readonly Member[],
  name: string,
  { netns, interface: link }: CheckedConnect,
): void {
  const other = members.find(({ network }) => network.name === name)?.endpoint
  if (!other || link !== undefined) return
  const word = other.labels[containerNameLabel] ?? (netns && namedNamespace(netns)) ?? netns
  throw new NetdojoError({
    code: 'already-connected',
    operation: 'connect to',
    object: `the network ${name}`,
    reason: `${titleOf(other)} is connected to it already, by its interface ${other.interface}`,
    advice: [
      'name an interface to connect it once more: --interface NAME',
      `or disconnect it first: netdojo network disconnect ${name} ${word}`,
    ],
  })
}

function refuseInterface(
  { links }: NamespaceUse,
  { netns, handOver, interface: link = handOver }: CheckedConnect,
): void {
  if (link === undefined || !links.includes(link)) return
  const place = netns === undefined ? 'the host' : `the namespace ${netns}`
  throw new NetdojoError({
    code: 'interface-exists',
    operation: 'connect',
    object: netns === undefined ? `the interface ${link}` : place,
    reason: `${place} has the interface ${link} already`,
    advice: [
      netns === undefined
        ? 'hand over under another name'
        : 'name another interface, or none to get the first free of eth0, eth1 …',
    ],
  })
}

/** A namespace of another program may have an `eth0` of its own. */
function freeInterface({ links }: NamespaceUse): string {
  const names = new Set(links)
  const free = Array.from({ length: names.size + 1 }, (_, index) => `eth${index}`)
  return free.find((name) => !names.has(name)) ?? 'eth0'
}

/** One default route of each family that the network has, if it leads by none of our interfaces. */
function foreignRoutes(
  { defaultRoutes }: NamespaceUse,
  members: readonly Member[],
  families: readonly (4 | 6)[],
): NamespaceUse['defaultRoutes'] {
  const own = new Set(members.map(({ endpoint }) => endpoint.interface))
  const foreign = defaultRoutes.filter(({ link }) => link === undefined || !own.has(link))
  return families.flatMap((family) => foreign.find((route) => route.family === family) ?? [])
}

function refuseSecondRoute(
  { netns }: CheckedConnect,
  [route]: NamespaceUse['defaultRoutes'],
): void {
  if (!route) return
  const { family, link } = route
  throw new NetdojoError({
    code: 'default-route-exists',
    operation: 'set the default route of',
    object: `the namespace ${netns}`,
    reason: `a namespace must have one default route, and another program made one for IPv${family}${link === undefined ? '' : ` by ${link}`}`,
    advice: [
      'leave defaultRoute out: the network then adds none',
      `or delete that route first: ip -${family} route delete default, in the namespace`,
    ],
  })
}

type AddressesToTake = {
  readonly owner: string
  readonly request: CheckedConnect
  /** Never given, also where they were added after the network was created. */
  readonly hostAddresses: readonly HostAddress[]
  /** For a network of a cluster. */
  readonly candidates: Candidates
}

/** Takes one address of each subnet, and returns it with the prefix length. */
function takeAddresses(
  transaction: Transaction,
  network: NetworkRecord,
  { owner, request, hostAddresses, candidates }: AddressesToTake,
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
    const free =
      network.scope === 'cluster'
        ? claimAddress(transaction, network, subnet, {
            wanted: wanted[subnet.family],
            candidates: candidates.get(`${subnet}`) ?? [],
          })
        : wanted[subnet.family]
    const taken = allocateAddress(transaction, subnet, {
      owner,
      address: free,
      hostAddresses,
      nameOf: (owner) => endpointTitle(transaction, network.name, owner),
    })
    return `${taken}/${subnet.prefixLength}`
  })
}

/** @throws NetdojoError `mac-taken` */
function chooseMac(
  transaction: Transaction,
  network: NetworkRecord,
  seed: string,
  id: string,
  { mac }: CheckedConnect,
): string {
  const usual = macAddressFor(seed)
  // The usual MAC of an address is in use only if another endpoint has asked for it.
  const customs = transaction.records<string>(customMacKey(network.name, ''))
  if (mac === undefined && !customs.some(([, custom]) => custom === usual)) return usual
  const holder = macHolder(transaction, network, mac ?? usual)
  if (holder === undefined) return mac ?? usual
  if (mac === undefined) return macAddressFor(`${seed}/${id}`)
  throw new NetdojoError({
    code: 'mac-taken',
    operation: 'use the MAC address',
    object: mac,
    reason: `a MAC address must be unique in its network, and ${holder} has it in ${network.name}`,
    advice: ['name another one, or none to have one made from the address'],
  })
}

/** Both ends of a veth pair are known to the bridge. The drivers make all MACs that no request names from an id. */
function macHolder(
  transaction: Transaction,
  network: NetworkRecord,
  mac: string,
): string | undefined {
  if (mac === macAddressFor(network.id)) return `the bridge ${network.interface}`
  const other = endpointsOf(transaction, network.name).find(
    (endpoint) => endpoint.mac === mac || mac === macAddressFor(endpoint.id),
  )
  return other && titleOf(other)
}

/**
 * The MAC is made from the address, so an address keeps its MAC when its owner changes. Another MAC breaks that, for this
 * owner of the address and for all later ones: neighbours must be told.
 */
function mustAnnounce(
  transaction: Transaction,
  { addresses, mac }: EndpointRecord,
  { id, name }: NetworkRecord,
): boolean {
  const keys = addresses.map((address) => customMacKey(name, address))
  if (mac !== macAddressFor(`${id}/${addresses[0]}`))
    for (const key of keys) transaction.setRecord(key, mac)
  return keys.some((key) => transaction.record(key) !== undefined)
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
