// Keeps what this machine is in its cluster: its id and its address never change while it has endpoints, and another machine never has them.
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { hostname } from 'node:os'
import { IpAddress } from '../../address/ip-address.ts'
import { tunnelOverhead } from '../../driver/overlay/tunnel.ts'
import { NetdojoError } from '../../errors.ts'
import { readHost } from '../../kernel/read.ts'
import type { EtcdStoreOptions } from '../../store/etcd/etcd.ts'
import type { SplitStore } from '../../store/split.ts'
import type { HostStore, ReadTransaction, Store } from '../../store/store.ts'

/** This machine in its cluster. */
export type HostOptions = {
  /**
   * The address to which other machines send the packets of its containers; default the address from which it reaches etcd.
   */
  readonly address?: string
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
  /** Absent until the machine uses its first network of the cluster. */
  readonly machine?: Machine & { readonly boot: string }
}

export type Cluster = {
  readonly store: SplitStore
  readonly id: string
  readonly graceSeconds: number
  /** Starts a process that follows the others, unless there is one. */
  readonly startFollower?: () => void
  /** Tells the driver the address of this machine. */
  readonly onRegistered?: (machine: Machine) => void
}

const membershipKey = 'cluster'
const inCluster = 'shared/cluster/'
export const machinesPrefix = `${inCluster}machine/`
export const machineKey = (id: string) => `${machinesPrefix}${id}`
export const aliveKey = (id: string) => `${inCluster}alive/${id}`
export const forgottenKey = (id: string) => `${inCluster}forgotten/${id}`

export function membershipOf(transaction: ReadTransaction): Membership | undefined {
  return transaction.record<Membership>(membershipKey)
}

/**
 * Remembers how the cluster is reached, so that later commands need not be told.
 * @throws NetdojoError `usage` for a malformed address, which is not remembered
 */
export function rememberCluster(
  store: HostStore | Store,
  etcd: EtcdStoreOptions,
  host: HostOptions,
): Promise<Membership> {
  if (host.address !== undefined) parse(host.address)
  return store.update((transaction) => {
    const known = membershipOf(transaction)
    const { endpoints, tls, prefix } = etcd
    const wanted: Membership = {
      ...known,
      id: known?.id ?? randomBytes(4).toString('hex'),
      etcd: { endpoints, ...(tls ? { tls } : {}), ...(prefix === undefined ? {} : { prefix }) },
      host: { ...known?.host, ...host },
    }
    if (JSON.stringify(wanted) !== JSON.stringify(known))
      transaction.setRecord(membershipKey, wanted)
    return wanted
  })
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
  const machine = await registered(cluster, isAgain)
  cluster.onRegistered?.(machine)
  return machine
}

async function registered({ store }: Cluster, isAgain: boolean): Promise<Machine> {
  const membership = await store.read(membershipOf)
  const bootId = await store.read((transaction) => transaction.bootId)
  if (!membership) throw new Error('the machine has no cluster')
  const { id, etcd, host, machine } = membership
  if (machine?.boot === bootId && !isAgain) return machine
  const address = host.address ?? (await sourceTowards(etcd.endpoints))
  const mtu = await mtuOf(address)
  return store.update((transaction) => {
    const machines = transaction.records<Machine>(machinesPrefix).map(([, each]) => each)
    const same = machines.find((each) => each.address === address && each.id !== id)
    if (same) {
      if (transaction.record(aliveKey(same.id)) !== undefined) throw taken(address, same)
      // The same machine with a new state: nobody else answers at its address.
      transaction.delete(machineKey(same.id))
      transaction.setRecord(forgottenKey(same.id), { replacedBy: id })
    }
    const numbers = new Set(machines.map(({ number }) => number))
    const free = Array.from({ length: numbers.size + 1 }, (_, number) => number)
    const known = machines.find((each) => each.id === id)
    const own: Machine = {
      id,
      name: hostname(),
      address,
      mtu,
      number: known?.number ?? free.find((number) => !numbers.has(number)) ?? numbers.size,
    }
    if (JSON.stringify(known) !== JSON.stringify(own)) transaction.setRecord(machineKey(id), own)
    const before = membershipOf(transaction)
    transaction.setRecord(membershipKey, { ...before, machine: { ...own, boot: bootId } })
    return own
  })
}

/** The source address of the route to the first member of etcd: connecting a UDP socket sends nothing. */
async function sourceTowards(endpoints: readonly string[]): Promise<string> {
  for (const endpoint of endpoints) {
    const { hostname: name, port } = new URL(endpoint)
    const address = await sourceOf(name.replaceAll(/[[\]]/g, ''), Number(port || 2379))
    if (address !== undefined && !/^(127\.|::1$)/.test(address)) return address
  }
  throw unusable(
    `it must be known, and the way to etcd (${endpoints.join(', ')}) does not show it: etcd is on this machine, its name is unknown, or no route leads to it`,
    '',
  )
}

function sourceOf(name: string, port: number): Promise<string | undefined> {
  const socket = createSocket(name.includes(':') ? 'udp6' : 'udp4')
  return new Promise<string | undefined>((resolve) => {
    socket.once('error', () => resolve(undefined))
    // A callback of connect would also be called when the name is unknown, and the address would be 0.0.0.0.
    socket.once('connect', () => resolve(socket.address().address.replace(/%.*/, '')))
    socket.connect(port, name)
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
