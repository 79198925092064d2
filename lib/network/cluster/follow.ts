// Follows the cluster for this machine: tells the others that it is alive, keeps the entries of its networks in step with what others announce, and
// forgets machines that have died. One process of a machine does this at a time.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { claimsPrefix } from '../../ipam/shared-addresses.ts'
import type { Context } from '../context.ts'
import { disconnectEndpoint } from '../disconnect.ts'
import { tryLock, type Lock } from '../lock.ts'
import { reconcileNow } from '../reconcile.ts'
import { allNetworks, endpointsOf, networkKey, type NetworkRecord } from '../records.ts'
import { claimNetwork, giveBack, sharedNetwork } from './claims.ts'
import { leaveNetwork } from './join.ts'
import {
  aliveKey,
  forgottenKey,
  leaseSeconds,
  machinesPrefix,
  membershipOf,
  placeOf,
  register,
  type Cluster,
  type Machine,
} from './membership.ts'
import { claimAgain, keysOfMachine, syncPeers } from './peers.ts'

/** How often the follower looks for what no event tells it: new networks of this machine, and machines that stay silent. */
const roundMilliseconds = 500

/** How often it looks whether the address of this machine has changed. */
const addressMilliseconds = 5000

const sharedLength = 'shared/'.length

export type FollowOptions = {
  readonly signal: AbortSignal
  /** Called when names of containers on other machines may have changed. */
  readonly onNames: () => Promise<void> | void
  /** Called with what goes wrong; the follower goes on. */
  readonly onError: (error: unknown) => void
  /** Ends the follower when this machine has no network of the cluster. */
  readonly endsWhenIdle?: boolean
}

/** Follows once no other process of the state directory does. @param directory has the lock of followers, and the pid of the one that has it */
export async function followAlone(
  context: Context,
  cluster: Cluster,
  lock: Lock,
  { directory, ...options }: FollowOptions & { readonly directory: string },
): Promise<void> {
  while (!options.signal.aborted) {
    const path = join(directory, 'follower')
    using turn = await tryLock(path)
    if (turn) {
      const inode = inodeOf(path)
      return await follow(context, cluster, lock, options, () => inodeOf(path) === inode)
    }
    await sleep(waitingMilliseconds, undefined, { signal: options.signal }).catch(() => {})
  }
}

const waitingMilliseconds = 1000

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino
}

/** @param hasState whether the state directory is still the one in which it began */
async function follow(
  context: Context,
  cluster: Cluster,
  lock: Lock,
  { signal: outer, onNames, onError, endsWhenIdle = false }: FollowOptions,
  hasState: () => boolean,
): Promise<void> {
  const { store } = context
  const { shared } = cluster.store
  const end = new AbortController()
  const signal = AbortSignal.any([outer, end.signal])
  const followed = new Map<string, AbortController>()
  /** Claims that changed, by network; `undefined` for all of them. */
  const changed = new Map<string, Set<string> | undefined>()
  const running: Promise<unknown>[] = []
  let clusterChanged = true
  let mustReturn = true
  let wake = () => {}
  const ring = () => wake()
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work()
      return true
    } catch (error) {
      if (!signal.aborted) onError(error)
      return false
    }
  }

  let isRegistered = false
  let lookedAt = performance.now()
  let place: Pick<Machine, 'address' | 'mtu'> | undefined
  let wasReconciled = false
  const absent = new Map<string, number>()
  const known = new Map<string, string>()
  let idleRounds = 0

  const watchNetwork = ({ id }: NetworkRecord) => {
    const stop = new AbortController()
    followed.set(id, stop)
    const prefix = claimsPrefix(id)
    running.push(
      shared.follow(
        prefix.slice(sharedLength),
        (keys) => {
          const all = changed.get(id)
          // After a full read, etcd may have lost what this machine has claimed.
          if (!keys) mustReturn = true
          if (!keys) changed.set(id, undefined)
          else if (!changed.has(id)) changed.set(id, new Set(keys.map((key) => `shared/${key}`)))
          else for (const key of keys) all?.add(`shared/${key}`)
          ring()
        },
        AbortSignal.any([signal, stop.signal]),
      ),
    )
  }

  const networksHere = () =>
    store.read((transaction) =>
      membershipOf(transaction)?.id === cluster.id
        ? allNetworks(transaction).filter(({ scope }) => scope === 'cluster')
        : undefined,
    )

  /** What the cluster says of networks and machines. */
  const lookAtCluster = async (networks: readonly NetworkRecord[]) => {
    const { machines, forgotten, alive, missing } = await store.read((transaction) => ({
      machines: transaction.records<Machine>(machinesPrefix).map(([, machine]) => machine),
      forgotten: new Set(transaction.keys(forgottenKey('')).map((key) => key.split('/').at(-1))),
      alive: new Set(transaction.keys(aliveKey('')).map((key) => key.split('/').at(-1))),
      missing: networks.filter(({ name, id }) => sharedNetwork(transaction, name)?.owner !== id),
    }))
    for (const network of missing) await lock.hold(() => withoutShared(context, network))
    for (const machine of machines) {
      const state = `${machine.address} ${forgotten.has(machine.id)}`
      if (known.get(machine.id) !== state && known.has(machine.id))
        for (const network of networks) {
          const keys = await store.read((transaction) =>
            keysOfMachine(transaction, network, machine.id),
          )
          const all = changed.get(network.id)
          if (keys.size > 0 && (!changed.has(network.id) || all))
            changed.set(network.id, new Set([...(all ?? []), ...keys]))
        }
      // A machine that was unknown may have announced endpoints already.
      if (!known.has(machine.id)) for (const { id } of networks) changed.set(id, undefined)
      known.set(machine.id, state)
      const isSilent = !alive.has(machine.id) && machine.id !== cluster.id
      if (!isSilent || forgotten.has(machine.id)) absent.delete(machine.id)
      else if (!absent.has(machine.id)) absent.set(machine.id, performance.now())
    }
    // Of a machine that comes back, the entries are made again: its claims may come before its record.
    const present = new Set(machines.map(({ id }) => id))
    for (const id of known.keys()) if (!present.has(id)) known.delete(id)
    // Without its record, for example after a restored backup, the others cannot send anything to this machine.
    if (forgotten.has(cluster.id) || !present.has(cluster.id)) mustReturn = true
  }

  const forgetSilent = async () => {
    for (const [id, since] of absent) {
      if (performance.now() - since < cluster.graceSeconds * 1000) continue
      await store.update((transaction) => {
        if (transaction.record(aliveKey(id)) !== undefined) return
        if (transaction.record(forgottenKey(id)) === undefined)
          transaction.setRecord(forgottenKey(id), { by: cluster.id })
      })
      absent.delete(id)
      clusterChanged = true
    }
  }

  /** Claims what this machine has, and ends the endpoints whose address was given to others meanwhile. */
  const comeBack = async (networks: readonly NetworkRecord[]) => {
    await registerAgain()
    await lock.hold(async () => {
      const lost = await store.update((transaction) => {
        const found = networks.map(({ name, ...network }) => ({
          name,
          ids: claimAgain(transaction, cluster, { name, ...network }),
        }))
        if (transaction.record(forgottenKey(cluster.id)) !== undefined)
          transaction.delete(forgottenKey(cluster.id))
        return found
      })
      for (const { name, ids } of lost)
        for (const id of ids) await attempt(() => disconnectEndpoint(context, name, id))
    })
    mustReturn = false
  }

  /** Under the lock, which a machine that leaves holds: it must not be registered again. */
  const registerAgain = () =>
    lock.hold(async () => {
      if (isRegistered && (await store.read(membershipOf))?.id !== cluster.id) return
      const before = place
      place = await register(cluster, true)
      // Tunnels with another address are made anew.
      if (before !== undefined && before.address !== place.address) wasReconciled = false
    })

  /** The address of this machine, or the MTU of its interface, may have changed. */
  const lookAtAddress = async () => {
    lookedAt = performance.now()
    const { address, mtu } = await placeOf(cluster.wanted)
    if (address !== place?.address || mtu !== place.mtu) await registerAgain()
  }

  const round = async () => {
    // Another program has removed the state of this machine: with the next one it gets another id.
    if (!hasState()) return end.abort()
    if (!isRegistered) {
      await registerAgain()
      isRegistered = true
      running.push(
        shared.announce(
          aliveKey(cluster.id).slice(sharedLength),
          () => ({ since: new Date().toISOString() }),
          { seconds: leaseSeconds, signal },
          (isThere) => {
            if (isThere) mustReturn = true
            ring()
          },
        ),
        shared.follow(
          'cluster/',
          (keys) => {
            clusterChanged = true
            if (!keys) mustReturn = true
            // Claims may have been read while the record of their machine was missing.
            if (!keys) for (const id of followed.keys()) changed.set(id, undefined)
            ring()
          },
          signal,
        ),
      )
    }
    const networks = await networksHere()
    // The machine has left the cluster, or is in another one: another follower has its networks.
    if (!networks) return end.abort()
    idleRounds = networks.length === 0 ? idleRounds + 1 : 0
    if (endsWhenIdle && idleRounds > 10) return end.abort()
    if (!wasReconciled) {
      await lock.hold(() => reconcileNow(context))
      wasReconciled = true
    }
    for (const network of networks) if (!followed.has(network.id)) watchNetwork(network)
    for (const [id, stop] of followed)
      if (!networks.some((network) => network.id === id)) {
        stop.abort()
        followed.delete(id)
        changed.delete(id)
      }
    if (clusterChanged) {
      clusterChanged = false
      await lookAtCluster(networks)
    }
    if (performance.now() - lookedAt > addressMilliseconds) await attempt(lookAtAddress)
    if (mustReturn) await comeBack(networks)
    await forgetSilent()
    let areRenamed = false
    for (const network of networks) {
      if (!changed.has(network.id)) continue
      const keys = changed.get(network.id)
      changed.delete(network.id)
      const isDone = await attempt(() =>
        lock.hold(async () => {
          const isHere = await store.read(
            (transaction) => transaction.record(networkKey(network.name)) !== undefined,
          )
          if (isHere) areRenamed = (await syncPeers(context, cluster, network, keys)) || areRenamed
        }),
      )
      // The kernel refused: the next round compares everything.
      if (!isDone) changed.set(network.id, undefined)
    }
    if (areRenamed) await onNames()
    if (idleRounds === 0) await giveBack(store)
  }

  while (!signal.aborted) {
    const rung = new Promise<void>((resolve) => (wake = resolve))
    const isDone = await attempt(round)
    if (changed.size > 0 && isDone && [...changed.values()].every((keys) => keys)) continue
    await Promise.race([rung, sleep(roundMilliseconds, undefined, { signal }).catch(() => {})])
  }
  end.abort()
  await Promise.allSettled(running)
}

/** The cluster does not know a network of this machine: another machine removed it, or etcd has lost it. */
async function withoutShared(context: Context, network: NetworkRecord): Promise<void> {
  const state = await context.store.read((transaction) => ({
    isHere: transaction.record(networkKey(network.name)) !== undefined,
    isUsed: endpointsOf(transaction, network.name).length > 0,
    isShared: sharedNetwork(transaction, network.name)?.owner === network.id,
  }))
  if (!state.isHere || state.isShared) return
  // No machine removes a network with endpoints: etcd has lost it, for example by an old backup.
  if (state.isUsed)
    await context.store.update((transaction) => {
      if (!sharedNetwork(transaction, network.name)) claimNetwork(transaction, network)
    })
  else await leaveNetwork(context, network.name)
}
