// Keeps what this machine is in its cluster: its id and its address never change while it has endpoints, and another machine never has them.
import { createHash, randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { IpAddress } from '../../address/ip-address.ts'
import { tunnelOverhead } from '../../driver/overlay/tunnel.ts'
import { NetdojoError } from '../../errors.ts'
import { addressesOf } from '../../exec/lookup.ts'
import { readHost } from '../../kernel/read.ts'
import type { EtcdStoreOptions } from '../../store/etcd/etcd.ts'
import type { SplitStore } from '../../store/split.ts'
import type { ReadTransaction, Transaction } from '../../store/store.ts'
import { allNetworks } from '../records.ts'

/** This machine in its cluster. */
export type HostOptions = {
  /**
   * The address to which other machines send the packets of its containers; default the address from which it reaches etcd.
   */
  readonly address?: string
  /** What messages on other machines call this one; default its host name. */
  readonly name?: string
  /**
   * After how many seconds without a sign of life this machine forgets where the containers of another one are, and may give
   * their addresses to new ones when no others are left. Default 30.
   */
  readonly graceSeconds?: number
}

/** A machine as the cluster knows it. */
export type Machine = {
  readonly id: string
  /** For people: several machines can have the same host name. */
  readonly name: string
  readonly address: string
  /** The MTU of the interface with the address. */
  readonly mtu: number
  /** From 0: no two machines have the same number. */
  readonly number: number
}

/** What the store of the machine keeps of its cluster. */
export type Membership = {
  readonly id: string
  readonly etcd: EtcdStoreOptions
  readonly host: HostOptions
  /** The identity of the cluster; a record of an older version has none. */
  readonly cluster?: string
  /** Absent until the machine uses its first network of the cluster. */
  readonly machine?: Machine & { readonly boot: string }
}

export type Cluster = {
  readonly store: SplitStore
  readonly id: string
  /** What `register` remembers. */
  readonly wanted: Membership
  readonly graceSeconds: number
  /** Starts a process that follows the others, unless there is one. */
  readonly startFollower?: () => void
  /** Tells the driver the address of this machine. */
  readonly onRegistered?: (machine: Machine) => void
}

/** How long etcd keeps the sign of life of a machine that has died. */
export const leaseSeconds = 10

const membershipKey = 'cluster'
const inCluster = 'shared/cluster/'
export const machinesPrefix = `${inCluster}machine/`
export const machineKey = (id: string) => `${machinesPrefix}${id}`
export const aliveKey = (id: string) => `${inCluster}alive/${id}`
export const forgottenKey = (id: string) => `${inCluster}forgotten/${id}`

export function membershipOf(transaction: ReadTransaction): Membership | undefined {
  return transaction.record<Membership>(membershipKey)
}

/** The identity of a cluster, written by its first machine: endpoints of etcd can change, and this record does not. */
const identityKey = `${inCluster}identity`
/** The id that this machine has in its next cluster: its processes must agree on it before the machine is registered. */
const nextIdKey = 'cluster-id'

/**
 * What this machine is in the cluster of `etcd`. `register` remembers it: a refused command leaves what is remembered as it was.
 * @throws NetdojoError `usage` for a malformed address, or for another cluster while this machine has networks of the first
 */
export async function membershipFor(
  store: SplitStore,
  { endpoints, tls, prefix }: EtcdStoreOptions,
  host: HostOptions,
): Promise<Membership> {
  if (host.address !== undefined) parse(host.address)
  const etcd = { endpoints, ...(tls ? { tls } : {}), ...(prefix === undefined ? {} : { prefix }) }
  const known = await store.update((transaction): Membership => {
    const known = membershipOf(transaction)
    if (known) return known
    const id = transaction.record<string>(nextIdKey) ?? randomBytes(4).toString('hex')
    if (transaction.record(nextIdKey) === undefined) transaction.setRecord(nextIdKey, id)
    return { id, etcd, host }
  })
  const wanted: Membership = { ...known, etcd, host: { ...known.host, ...host } }
  if (!known.machine || isPartOf(etcd, known.etcd)) return wanted
  const names = await store.read(sharedHere)
  const { isSame, identity } = await store
    .read((transaction) => ({
      isSame: isSameCluster(transaction, known),
      identity: identityOf(transaction),
    }))
    .catch((error: unknown) => {
      // Networks of this machine alone need no etcd.
      if (names.length > 0 || !isUnanswered(error)) throw error
      return { isSame: false, identity: undefined }
    })
  if (isSame) return wanted
  if (names.length > 0) throw otherCluster(endpoints, known, names)
  // Each process of this machine must come to the same id.
  const digest = createHash('sha256').update(`${known.id} ${identity ?? endpoints.join(',')}`)
  return { id: digest.digest('hex').slice(0, 8), etcd, host }
}

/** After a change of a registered machine: later commands use the endpoints and the options of this one. */
export async function rememberOptions({ store, wanted }: Cluster): Promise<void> {
  const changed = (transaction: ReadTransaction): Membership | undefined => {
    const known = membershipOf(transaction)
    if (!known?.machine || known.id !== wanted.id) return undefined
    const { etcd, host } = wanted
    const next = { ...known, etcd, host }
    return JSON.stringify(next) === JSON.stringify(known) ? undefined : next
  }
  // Most changes name nothing new, and a change must not end with one more transaction.
  if (store.isCopy || !(await store.read(changed))) return
  await store.update((transaction) => {
    const next = changed(transaction)
    if (next) transaction.setRecord(membershipKey, next)
  })
}

/** Forgets the cluster on this machine. */
export function forgetMembership(transaction: Transaction): void {
  transaction.delete(membershipKey)
  transaction.delete(nextIdKey)
}

function isPartOf(one: EtcdStoreOptions, other: EtcdStoreOptions): boolean {
  return (
    one.prefix === other.prefix &&
    one.endpoints.every((endpoint) => other.endpoints.includes(endpoint))
  )
}

function identityOf(transaction: ReadTransaction): string | undefined {
  return transaction.record<{ readonly id: string }>(identityKey)?.id
}

/** A machine that an older version registered has not remembered the identity: its own record tells. */
function isSameCluster(transaction: ReadTransaction, { id, cluster }: Membership): boolean {
  if (cluster !== undefined) return identityOf(transaction) === cluster
  return transaction.record(machineKey(id)) !== undefined
}

function sharedHere(transaction: ReadTransaction): readonly string[] {
  const here = allNetworks(transaction).filter(({ scope }) => scope === 'cluster')
  return here.map(({ name }) => name)
}

/**
 * The etcd at the known endpoints can be another one, too. Without an identity it has lost its data, and this machine writes its
 * part again.
 * @throws NetdojoError `usage`
 */
export function refuseOtherCluster(transaction: ReadTransaction): void {
  const known = membershipOf(transaction)
  if (!known?.machine || identityOf(transaction) === undefined) return
  const names = sharedHere(transaction)
  if (names.length > 0 && !isSameCluster(transaction, known))
    throw otherCluster(known.etcd.endpoints, known, names)
}

function otherCluster(
  endpoints: readonly string[],
  { etcd }: Membership,
  names: readonly string[],
): NetdojoError {
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ' …' : '')
  return new NetdojoError({
    code: 'usage',
    operation: 'use the cluster in etcd at',
    object: endpoints.join(', '),
    reason: `a machine must be in one cluster at a time, and this one has networks (${shown}) of the cluster in etcd at ${etcd.endpoints.join(', ')}`,
    advice: [
      'leave NETDOJO_STORE out: the state directory remembers the cluster of these networks',
      'or leave that cluster first: NETDOJO_STORE= netdojo leave',
    ],
  })
}

export function isUnanswered(error: unknown): error is NetdojoError {
  return error instanceof NetdojoError && error.code === 'state-unavailable'
}

/** The machine of the last registration; the tunnels of this machine have its address. */
export function ownMachine(transaction: ReadTransaction): Machine | undefined {
  return membershipOf(transaction)?.machine
}

/**
 * Registers this machine, once a boot, or again where `isAgain`.
 * @throws NetdojoError `host-address-unusable`
 */
export async function register(cluster: Cluster, isAgain = false): Promise<Machine> {
  const until = performance.now() + (isAgain ? 0 : leaseSeconds * 1000)
  for (;;) {
    try {
      const machine = await registered(cluster, isAgain)
      cluster.onRegistered?.(machine)
      return machine
    } catch (error) {
      if (!(error instanceof AddressHeld)) throw error
      // The same machine with a new state: the key of the old one ends with its lease.
      if (performance.now() >= until) throw error.error
      await sleep(500)
    }
  }
}

/** Another machine that is alive has the address. */
class AddressHeld extends Error {
  readonly error: NetdojoError

  constructor(error: NetdojoError) {
    super(error.message)
    this.error = error
  }
}

async function registered({ store, wanted }: Cluster, isAgain: boolean): Promise<Machine> {
  const { id } = wanted
  const { known, bootId, identity } = await store.read((transaction) => ({
    known: membershipOf(transaction),
    bootId: transaction.bootId,
    identity: identityOf(transaction),
  }))
  const machine = known?.id === id ? known.machine : undefined
  const isCurrent = identity !== undefined && identity === known?.cluster
  if (machine?.boot === bootId && isCurrent && !isAgain) return machine
  const { address, mtu } = await placeOf(wanted)
  const fresh = randomBytes(8).toString('hex')
  return store.update((transaction) => {
    refuseOtherCluster(transaction)
    const machines = transaction.records<Machine>(machinesPrefix).map(([, each]) => each)
    const same = machines.find((each) => each.address === address && each.id !== id)
    if (same) {
      if (transaction.record(aliveKey(same.id)) !== undefined)
        throw new AddressHeld(taken(address, same))
      // The same machine with a new state: nobody else answers at its address.
      transaction.delete(machineKey(same.id))
      transaction.setRecord(forgottenKey(same.id), { replacedBy: id })
    }
    const numbers = new Set(machines.map(({ number }) => number))
    const free = Array.from({ length: numbers.size + 1 }, (_, number) => number)
    const known = machines.find((each) => each.id === id)
    const own: Machine = {
      id,
      name: wanted.host.name ?? hostname(),
      address,
      mtu,
      number: known?.number ?? free.find((number) => !numbers.has(number)) ?? numbers.size,
    }
    if (JSON.stringify(known) !== JSON.stringify(own)) transaction.setRecord(machineKey(id), own)
    const before = membershipOf(transaction)
    const here = identityOf(transaction)
    const cluster = here ?? (before?.id === id ? before.cluster : undefined) ?? fresh
    if (here === undefined) transaction.setRecord(identityKey, { id: cluster })
    const next: Membership = { ...wanted, cluster, machine: { ...own, boot: bootId } }
    transaction.setRecord(membershipKey, next)
    return own
  })
}

/** Where other machines send the packets of this one. @throws NetdojoError `host-address-unusable` */
export async function placeOf({
  etcd,
  host,
}: Membership): Promise<Pick<Machine, 'address' | 'mtu'>> {
  const address = host.address ?? (await sourceTowards(etcd.endpoints))
  return { address, mtu: await mtuOf(address) }
}

/** The source address of the route to the first member of etcd: connecting a UDP socket sends nothing. */
async function sourceTowards(endpoints: readonly string[]): Promise<string> {
  for (const endpoint of endpoints) {
    const { hostname: name, port } = new URL(endpoint)
    const address = await sourceOf(name, Number(port || 2379))
    if (address !== undefined && !/^(127\.|::1$)/.test(address)) return address
  }
  throw unusable(
    `it must be known, and the way to etcd (${endpoints.join(', ')}) does not show it: etcd is on this machine, its name is unknown, or no route leads to it`,
    '',
  )
}

async function sourceOf(name: string, port: number): Promise<string | undefined> {
  const [found] = await addressesOf(name).catch(() => [])
  if (!found) return undefined
  const socket = createSocket(`udp${found.family}`)
  return new Promise<string | undefined>((resolve) => {
    socket.once('error', () => resolve(undefined))
    // A callback of connect would also be called after an error, and the address would be 0.0.0.0.
    socket.once('connect', () => resolve(socket.address().address.replace(/%.*/, '')))
    socket.connect(port, found.address)
  }).finally(() => socket.close())
}

async function mtuOf(text: string): Promise<number> {
  const address = parse(text)
  const { links } = await readHost()
  const link = links.find(({ addresses }) =>
    addresses.some((own) => parse(own.address).equals(address)),
  )
  if (link) return link.mtu
  throw unusable('an interface of this machine must have it, and none has', text)
}

function parse(text: string): IpAddress {
  return IpAddress.parse(text)
}

/** The greatest MTU of containers on these machines: a tunnel adds a header to each packet. */
export function greatestMtu(machines: readonly Pick<Machine, 'address' | 'mtu'>[]): number {
  return Math.min(65_535, ...machines.map(({ address, mtu }) => mtu - tunnelOverhead(address)))
}

const nameAnother =
  'name the address: NETDOJO_HOST_ADDRESS=… netdojo …, or host: { address } in the library'

function taken(address: string, { id, name }: Machine): NetdojoError {
  return unusable(
    `it must be of this machine alone, and the machine ${name} (${id}) has it`,
    address,
  )
}

function unusable(reason: string, address: string): NetdojoError {
  return new NetdojoError({
    code: 'host-address-unusable',
    operation: 'use for tunnels',
    object: address === '' ? 'the address of this machine' : `the address ${address}`,
    reason,
    advice: [nameAnother],
  })
}
