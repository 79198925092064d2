// Keeps a copy of what other machines announce, and the kernel's entries in step with it: networks and hosts files need no etcd.
import { operationsOf, type Peer } from '../../driver/driver.ts'
import { claimsPrefix, type Claim } from '../../ipam/shared-addresses.ts'
import type { ReadTransaction } from '../../store/store.ts'
import { driverOf, type Context } from '../context.ts'
import { unfinished } from '../journal.ts'
import { endpointsOf, type NetworkRecord } from '../records.ts'
import { claimsOf, surrender } from './claims.ts'
import { forgottenKey, machineKey, type Cluster, type Machine } from './membership.ts'

/** An address of an endpoint on another machine. */
export type PeerRecord = Claim & {
  /** The address of its machine; absent when the machine is unknown or forgotten, and then there are no entries. */
  readonly machine?: string
}

const peersPrefix = (networkId: string) => `peer/${networkId}/`

export function peersOf(transaction: ReadTransaction, networkId: string): readonly PeerRecord[] {
  return transaction.records<PeerRecord>(peersPrefix(networkId)).map(([, peer]) => peer)
}

/** Those that the kernel must know. */
export function reachable(peers: readonly PeerRecord[]): readonly Peer[] {
  return peers.flatMap(({ address, mac, machine }) =>
    machine === undefined ? [] : [{ address, mac, machine }],
  )
}

/**
 * Brings the copy and the kernel up to date: for these claims, or for all of the network. The caller has the lock.
 * @returns whether names have changed
 */
export async function syncPeers(
  context: Context,
  cluster: Cluster,
  network: NetworkRecord,
  keys?: ReadonlySet<string>,
): Promise<boolean> {
  const prefix = claimsPrefix(network.id)
  const wanted = await context.store.read((transaction) => {
    const claims = keys
      ? [...keys].map((key) => [key, transaction.record<Claim>(key)] as const)
      : transaction.records<Claim>(prefix)
    const ways = new Map<string, string | undefined>()
    const wayTo = (host: string) => {
      if (!ways.has(host)) {
        const isForgotten = transaction.record(forgottenKey(host)) !== undefined
        const machine = transaction.record<Machine>(machineKey(host))
        ways.set(host, isForgotten ? undefined : machine?.address)
      }
      return ways.get(host)
    }
    return claims.map(([key, claim]) => {
      const peer = claim && claim.host !== cluster.id ? peerOf(claim, wayTo(claim.host)) : undefined
      return { key: peersPrefix(network.id) + key.slice(prefix.length), claimKey: key, claim, peer }
    })
  })
  const { added, removed, renamed } = await context.store.update(
    (transaction) => {
      const old = new Map(
        keys
          ? wanted.map(({ key }) => [key, transaction.record<PeerRecord>(key)] as const)
          : transaction.records<PeerRecord>(peersPrefix(network.id)),
      )
      const now = new Map(wanted.map(({ key, peer }) => [key, peer]))
      const changed = [...new Set([...old.keys(), ...now.keys()])]
        .map((key) => ({ key, before: old.get(key), after: now.get(key) }))
        .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))
      for (const { key, after } of changed) {
        if (after) transaction.setRecord(key, after)
        else transaction.delete(key)
      }
      if (!keys) surrenderOrphans(transaction, network, cluster, wanted)
      const present = (peers: readonly (PeerRecord | undefined)[]) =>
        reachable(peers.filter((peer) => peer !== undefined))
      const added = present(changed.map(({ after }) => after))
      const isKept = ({ address, mac, machine }: Peer) =>
        added.some(
          (peer) => peer.address === address && peer.mac === mac && peer.machine !== machine,
        )
      return {
        added,
        removed: present(changed.map(({ before }) => before)).filter((peer) => !isKept(peer)),
        renamed: changed.length > 0,
      }
    },
    { survives: 'crash' },
  )
  const steps = driverOf(context, network).peers?.(network, { added, removed }) ?? []
  if (steps.length > 0) {
    context.onPlan({ change: 'reconcile', network: network.name, steps })
    await context.applier.apply(operationsOf(steps), { tolerant: true })
  }
  return renamed
}

function peerOf(
  { owner, host, address, mac, names }: Claim,
  machine: string | undefined,
): PeerRecord {
  return { owner, host, address, mac, names, ...(machine === undefined ? {} : { machine }) }
}

/** A claim of this machine without an endpoint: a crash came between the commits of the two stores. */
function surrenderOrphans(
  transaction: Parameters<typeof surrender>[0],
  network: NetworkRecord,
  cluster: Cluster,
  claims: readonly { readonly claimKey: string; readonly claim: Claim | undefined }[],
): void {
  const own = claims.filter(({ claim }) => claim?.host === cluster.id)
  if (own.length === 0) return
  const known = new Set([
    ...endpointsOf(transaction, network.name).map(({ id }) => id),
    ...unfinished(transaction).flatMap((entry) => ('endpoint' in entry ? entry.endpoint.id : [])),
  ])
  const orphans = Map.groupBy(
    own.filter(({ claim }) => claim && !known.has(claim.owner)),
    ({ claim }) => claim?.owner ?? '',
  )
  for (const [owner, all] of orphans)
    surrender(
      transaction,
      owner,
      all.map(({ claimKey }) => claimKey),
    )
}

/** The networks in which a machine has endpoints: their entries change with the machine. */
export function keysOfMachine(
  transaction: ReadTransaction,
  network: NetworkRecord,
  host: string,
): ReadonlySet<string> {
  const prefix = peersPrefix(network.id)
  return new Set(
    transaction
      .records<PeerRecord>(prefix)
      .filter(([, peer]) => peer.host === host)
      .map(([key]) => claimsPrefix(network.id) + key.slice(prefix.length)),
  )
}

/**
 * After this machine was forgotten, or etcd lost data: claims the addresses of its endpoints again.
 * @returns the endpoints whose address another machine has by now
 */
export function claimAgain(
  transaction: Parameters<typeof surrender>[0],
  cluster: Cluster,
  network: NetworkRecord,
): readonly string[] {
  const lost: string[] = []
  for (const endpoint of endpointsOf(transaction, network.name)) {
    const claims = claimsOf(network, endpoint, cluster.id)
    const others = claims.filter(([key]) => {
      const holder = transaction.record<Claim>(key)
      return holder !== undefined && holder.owner !== endpoint.id
    })
    if (others.length > 0) lost.push(endpoint.id)
    else
      for (const [key, claim] of claims)
        if (!transaction.record<Claim>(key)) transaction.setRecord(key, claim)
  }
  return lost
}
