// Claims names, subnets, VNIs and addresses for a machine in its cluster. What is no longer needed is noted on the machine first, so
// that a claim is given back even when etcd does not answer at that moment.
import { IpAddress } from '../../address/ip-address.ts'
import { quote } from '../../address/quote.ts'
import { Subnet } from '../../address/subnet.ts'
import { NetdojoError } from '../../errors.ts'
import {
  claimKey,
  claimsPrefix,
  exhausted,
  freeAddresses,
  type Claim,
} from '../../ipam/shared-addresses.ts'
import { reasonToKeep } from '../../ipam/pool.ts'
import { readPool } from '../../ipam/pool-records.ts'
import type { UsedSubnet } from '../../ipam/pools.ts'
import type { ReadTransaction, Store, Transaction } from '../../store/store.ts'
import {
  allNetworks,
  containerNameLabel,
  networkKey,
  sharedNetworkKey,
  type EndpointRecord,
  type NetworkRecord,
} from '../records.ts'
import { aliveKey, forgottenKey, machineKey, type Cluster, type Machine } from './membership.ts'

/** A network as the cluster keeps it, with what each machine needs to make the same pools. */
export type SharedNetwork = {
  /** The id of the network. */
  readonly owner: string
  readonly network: NetworkRecord
  readonly pools: readonly {
    readonly subnet: string
    readonly range: string
    readonly reserved: readonly string[]
  }[]
}

const networksPrefix = sharedNetworkKey('')
const subnetsPrefix = 'shared/cluster/subnet/'
const vnisPrefix = 'shared/cluster/vni/'
const firstVni = 4096
const lastVni = 2 ** 24 - 1

export function sharedNetwork(
  transaction: ReadTransaction,
  name: string,
): SharedNetwork | undefined {
  return transaction.record<SharedNetwork>(sharedNetworkKey(name))
}

function sharedNetworks(transaction: ReadTransaction): readonly NetworkRecord[] {
  return transaction.records<SharedNetwork>(networksPrefix).map(([, { network }]) => network)
}

/** The subnets of all networks of the cluster, none of which another network may have. */
export function sharedSubnets(
  transaction: ReadTransaction,
  except?: string,
): readonly UsedSubnet[] {
  return transaction
    .records<{ readonly owner: string; readonly name: string }>(subnetsPrefix)
    .filter(([, { owner }]) => owner !== except)
    .map(([key, { name }]) => ({
      subnet: Subnet.parse(key.slice(subnetsPrefix.length)),
      use: `the network ${name} of the cluster`,
    }))
}

/** @throws NetdojoError `vni-taken`, `usage` or `name-taken` */
export function claimNetwork(transaction: Transaction, network: NetworkRecord): void {
  const { id, name, subnets } = network
  const pools = subnets.map(({ subnet }) => {
    const { range, reserved } = readPool(transaction, Subnet.parse(subnet))
    return { subnet, range: `${range}`, reserved: reserved.map(String) }
  })
  transaction.setRecord(sharedNetworkKey(name), {
    owner: id,
    network,
    pools,
  } satisfies SharedNetwork)
  for (const { subnet } of subnets)
    transaction.setRecord(`${subnetsPrefix}${subnet}`, { owner: id, name })
  transaction.setRecord(`${vnisPrefix}${network.options.vni}`, { owner: id, name })
}

/** The wanted VNI, or the next free one. @throws NetdojoError `vni-taken` */
export function chooseVni(
  transaction: ReadTransaction,
  { name, options }: Pick<NetworkRecord, 'name' | 'options'>,
): string {
  const wanted = options.vni
  if (wanted !== undefined) {
    const holder = transaction.record<{ readonly name: string }>(`${vnisPrefix}${Number(wanted)}`)
    if (!holder) return String(Number(wanted))
    throw new NetdojoError({
      code: 'vni-taken',
      operation: 'create',
      object: `the network ${name}`,
      reason: `a VNI must be that of one network, and ${holder.name} has ${wanted}`,
      advice: ['name another one, or none to have one chosen'],
    })
  }
  const taken = transaction.keys(vnisPrefix).map((key) => Number(key.slice(vnisPrefix.length)))
  const next = Math.max(firstVni - 1, ...taken.filter((vni) => vni >= firstVni)) + 1
  if (next <= lastVni) return String(next)
  const all = new Set(taken)
  for (let vni = firstVni; vni <= lastVni; vni++) if (!all.has(vni)) return String(vni)
  throw new NetdojoError({
    code: 'vni-taken',
    operation: 'create',
    object: `the network ${name}`,
    reason: `every VNI from ${firstVni} to ${lastVni} is that of another network`,
    advice: [`name one below ${firstVni}: -o vni=1`, 'or remove networks that are not needed'],
  })
}

/** Nothing else is asked before it. @throws NetdojoError `usage` */
export function refuseBadTunnel(name: string, options: Readonly<Record<string, string>>): void {
  refuseBadNumber(name, 'port', options.port, 65_535)
  refuseBadNumber(name, 'vni', options.vni, lastVni)
}

function refuseBadNumber(
  name: string,
  option: string,
  text: string | undefined,
  greatest: number,
): void {
  if (text === undefined) return
  if (/^\d{1,8}$/.test(text) && Number(text) >= 1 && Number(text) <= greatest) return
  throw new NetdojoError({
    code: 'usage',
    operation: 'create',
    object: `the network ${name}`,
    reason: `the option ${option} must be a whole number between 1 and ${greatest}, not ${quote(text)}`,
  })
}

/** Refuses the removal of a network with endpoints on machines that are not forgotten. @throws NetdojoError `network-in-use` */
export function unclaimNetwork(
  transaction: Transaction,
  { id, name, subnets, options }: NetworkRecord,
  own: string,
): void {
  const claims = transaction.records<Claim>(claimsPrefix(id))
  const others = claims.filter(
    ([, { host }]) => host !== own && transaction.record(forgottenKey(host)) === undefined,
  )
  const [first] = others
  if (first)
    throw inUse(
      transaction,
      name,
      others.map(([, claim]) => claim),
    )
  if (sharedNetwork(transaction, name)?.owner === id) transaction.delete(sharedNetworkKey(name))
  for (const key of [
    ...subnets.map(({ subnet }) => `${subnetsPrefix}${subnet}`),
    `${vnisPrefix}${options.vni}`,
  ])
    if (transaction.record<{ owner: string }>(key)?.owner === id) transaction.delete(key)
  // The claims of forgotten machines: with more of them, the rest goes with the next removal.
  for (const [key] of claims.slice(0, mostDeletions)) transaction.delete(key)
}

/** Less than etcd allows in one transaction. */
const mostDeletions = 90

function inUse(transaction: ReadTransaction, name: string, claims: readonly Claim[]): NetdojoError {
  const hosts = [...new Set(claims.map(({ host }) => host))].map(
    (id) => transaction.record<Machine>(machineKey(id))?.name ?? id,
  )
  const what = claims.map(({ names, address }) => names[0] ?? address)
  const shown =
    what.slice(0, 5).join(', ') + (what.length > 5 ? ` and ${what.length - 5} more` : '')
  return new NetdojoError({
    code: 'network-in-use',
    operation: 'remove',
    object: `the network ${name}`,
    reason: `${shown} ${what.length === 1 ? 'is' : 'are'} connected to it on ${hosts.slice(0, 5).join(', ')}`,
    advice: ['disconnect them there first: only the machine of an endpoint can disconnect it'],
  })
}

const cursorKey = (networkId: string, family: 4 | 6) => `cluster-cursor/${networkId}/${family}`

/** Addresses to try in the transaction that claims one of them: by subnet. */
export type Candidates = ReadonlyMap<string, readonly IpAddress[]>

export function findCandidates(
  transaction: ReadTransaction,
  network: NetworkRecord,
  machine: Machine,
  kept: readonly string[],
): Candidates {
  return new Map(
    network.subnets.map(({ subnet }) => {
      const pool = readPool(transaction, Subnet.parse(subnet))
      const { family } = pool.subnet
      const last = BigInt(transaction.record<string>(cursorKey(network.id, family)) ?? '-1')
      const search = { networkId: network.id, pool, last, machine: machine.number, kept }
      const free = freeAddresses(transaction, search)
      return [subnet, free.length > 0 ? free : reclaimable(transaction, network.id, pool.subnet)]
    }),
  )
}

/** When no other address is left: those of machines that the cluster has forgotten. */
function reclaimable(
  transaction: ReadTransaction,
  networkId: string,
  { family }: Subnet,
): readonly IpAddress[] {
  return transaction
    .records<Claim>(`${claimsPrefix(networkId)}${family}/`)
    .filter(([, { host }]) => transaction.record(forgottenKey(host)) !== undefined)
    .slice(0, 8)
    .map(([, { address }]) => IpAddress.parse(address))
}

/** None of the candidates is free any more: look for others. */
export class CandidatesTaken extends Error {
  readonly error: NetdojoError

  constructor(error: NetdojoError) {
    super(error.message)
    this.error = error
  }
}

/**
 * Claims the wanted address, or the first candidate that is still free.
 * @throws NetdojoError `address-taken`, `address-reserved` or `address-out-of-range`; CandidatesTaken
 */
export function claimAddress(
  transaction: Transaction,
  network: NetworkRecord,
  subnet: Subnet,
  {
    wanted,
    candidates,
  }: { readonly wanted: IpAddress | undefined; readonly candidates: readonly IpAddress[] },
): IpAddress {
  const pool = readPool(transaction, subnet)
  const holder = (address: IpAddress) => {
    const claim = transaction.record<Claim>(claimKey(network.id, pool, address))
    if (!claim || transaction.record(forgottenKey(claim.host)) !== undefined) return undefined
    return claim
  }
  if (wanted) {
    // What is wrong with the address itself is said by the pool of this machine.
    if (!subnet.contains(wanted) || reasonToKeep(pool, wanted) !== undefined) return wanted
    const claim = holder(wanted)
    if (!claim) return wanted
    const machine = transaction.record<Machine>(machineKey(claim.host))?.name ?? claim.host
    const who = claim.names[0] === undefined ? 'an endpoint' : `the container ${claim.names[0]}`
    throw new NetdojoError({
      code: 'address-taken',
      operation: 'allocate',
      object: `${wanted}`,
      reason: `${who} on the machine ${machine} has it`,
      advice: ['request another address, or none to get the next free one'],
    })
  }
  const free = candidates.find((address) => holder(address) === undefined)
  if (!free) throw new CandidatesTaken(exhausted(pool))
  transaction.setRecord(
    cursorKey(network.id, subnet.family),
    String(free.value - subnet.first.value),
  )
  return free
}

/** Whether the network is one of the cluster, which this machine may have joined or not. */
export function isOfCluster(transaction: ReadTransaction, name: string): boolean {
  const here = transaction.record<NetworkRecord>(networkKey(name))
  return here ? here.scope === 'cluster' : sharedNetwork(transaction, name) !== undefined
}

/** The networks of this machine, and those of the cluster that it has not joined, in the order of their names. */
export function allKnownNetworks(transaction: ReadTransaction): readonly NetworkRecord[] {
  const here = allNetworks(transaction)
  const names = new Set(here.map(({ name }) => name))
  return [...here, ...sharedNetworks(transaction).filter(({ name }) => !names.has(name))].toSorted(
    (one, other) => (one.name < other.name ? -1 : 1),
  )
}

export function isShownAlive(transaction: ReadTransaction, { id }: Cluster): boolean {
  return (
    transaction.record(aliveKey(id)) !== undefined &&
    transaction.record(forgottenKey(id)) === undefined
  )
}

/** The key of this machine is missing, or others have forgotten it: its follower is about to bring it back. */
export class NotShownAlive extends Error {
  readonly error: NetdojoError

  constructor(error: NetdojoError) {
    super(error.message)
    this.error = error
  }
}

/** Only a machine whose sign of life is in etcd gives addresses. @throws NotShownAlive */
export function refuseUnlessAlive(transaction: ReadTransaction, { id }: Cluster): void {
  const isAlive = transaction.record(aliveKey(id)) !== undefined
  if (isAlive && transaction.record(forgottenKey(id)) === undefined) return
  const error = new NetdojoError({
    code: 'state-unavailable',
    operation: 'take an address in',
    object: 'the cluster',
    reason: isAlive
      ? 'the other machines have forgotten this one, and its follower has not brought it back yet'
      : 'this machine must tell the others that it is alive, and its key in etcd is missing',
    advice: [
      'wait a few seconds and try again',
      'netdojo follow shows why the key is missing, or the file follower.log of the state directory',
    ],
  })
  throw new NotShownAlive(error)
}

/** Announces the endpoint to the other machines: with its addresses, so that both are there or neither is. */
export function announceEndpoint(
  transaction: Transaction,
  network: NetworkRecord,
  endpoint: EndpointRecord,
  host: string,
): void {
  for (const [key, claim] of claimsOf(network, endpoint, host)) transaction.setRecord(key, claim)
}

export function claimsOf(
  network: NetworkRecord,
  { id, addresses, mac, labels, aliases = [] }: EndpointRecord,
  host: string,
): readonly (readonly [key: string, claim: Claim])[] {
  const own = [
    labels[containerNameLabel],
    ...(labels['netdojo.aliases']?.split(',') ?? []),
    ...aliases,
  ]
  const names = [...new Set(own.filter((name) => name !== undefined))]
  return addresses.flatMap((cidr) => {
    const address = IpAddress.parse(cidr.replace(/\/.*/, ''))
    const subnet = network.subnets
      .map(({ subnet }) => Subnet.parse(subnet))
      .find((each) => each.contains(address))
    if (!subnet) return []
    const claim = { owner: id, host, address: `${address}`, mac, names }
    return [[claimKey(network.id, { subnet }, address), claim] as const]
  })
}

const surrenderPrefix = 'cluster-surrender/'

/** Keys of the cluster that an owner on this machine no longer needs. */
type Surrender = { readonly owner: string; readonly keys: readonly string[] }

/** Notes what `giveBack` gives back when etcd answers. */
export function surrender(transaction: Transaction, owner: string, keys: readonly string[]): void {
  if (keys.length > 0)
    transaction.setRecord(`${surrenderPrefix}${owner}`, { owner, keys } satisfies Surrender)
}

export function networkClaims({ name, subnets, options }: NetworkRecord): readonly string[] {
  return [
    sharedNetworkKey(name),
    ...subnets.map(({ subnet }) => `${subnetsPrefix}${subnet}`),
    `${vnisPrefix}${options.vni}`,
  ]
}

/** What is noted and was not given back stays in etcd. */
export function forgetSurrenders(transaction: Transaction): void {
  for (const key of transaction.keys(surrenderPrefix)) transaction.delete(key)
}

/** Gives back what was noted, unless another owner has it by now. @returns whether nothing is left */
export async function giveBack(store: Store): Promise<boolean> {
  const noted = await store.read((transaction) => transaction.keys(surrenderPrefix))
  for (const key of noted) {
    try {
      await store.update((transaction) => {
        const { owner, keys = [] } = transaction.record<Surrender>(key) ?? {}
        for (const each of keys)
          if (transaction.record<Surrender>(each)?.owner === owner) transaction.delete(each)
        transaction.delete(key)
      })
    } catch (error) {
      if (error instanceof NetdojoError && error.code === 'state-unavailable') return false
      throw error
    }
  }
  return true
}
