// Offers all operations on the networks of a state directory: each change runs alone, from a reconciled state, and happens completely or not at all.
import { setTimeout as sleep } from 'node:timers/promises'
import { NetdojoError } from '../errors.ts'
import { throwIfAborted } from '../kernel/plan.ts'
import type { Lock } from './lock.ts'
import type { Store } from '../store/store.ts'
import { allKnownNetworks, refuseBadTunnel } from './cluster/claims.ts'
import { joinIfNeeded } from './cluster/join.ts'
import { isUnanswered, rememberOptions } from './cluster/membership.ts'
import type { Context } from './context.ts'
import { createNetwork } from './create.ts'
import { disconnectEndpoint, removeNetwork } from './disconnect.ts'
import type { Difference } from './check.ts'
import { traced, type Call } from './diagnostics.ts'
import { endpointsBy } from './endpoint-index.ts'
import { refuseOtherNetwork } from './ensure.ts'
import { watchEvents, type NetworkEvent, type WatchOptions } from './events.ts'
import { endpointHandle, networkHandle, type Endpoint, type Network } from './handles.ts'
import { ipamOf, type Ipam } from './ipam.ts'
import { inodeAt } from './namespace-path.ts'
import {
  withFreed,
  withRepair,
  reconcileIfNeeded,
  reconcileNow,
  type ReconcileOptions,
  type Reconciliation,
} from './reconcile.ts'
import {
  allNetworks,
  endpointsOf,
  findEndpoint,
  findNetwork,
  networkKey,
  type NetworkRecord,
} from './records.ts'
import {
  readConnect,
  readCreate,
  readEndpointsOptions,
  readOptions,
  readEndpointName,
  readUpdate,
  type ChangeOptions,
  type CheckedCreate,
  type ConnectOptions,
  type CreateNetworkOptions,
  type EndpointsOptions,
  type UpdateOptions,
} from './requests.ts'

/** How a network is removed. */
export type RemoveOptions = ChangeOptions & {
  /** Default `false`. If `true`, connected endpoints are disconnected first; otherwise they are an error. */
  readonly force?: boolean
}

/** How an endpoint is disconnected. */
export type DisconnectOptions = ChangeOptions & {
  /** Default `false`. If `true`, no default route moves to another network of the namespace, since it is about to end. */
  readonly namespaceEnds?: boolean
}

/** Selects networks. */
export type ListOptions = {
  /** Only networks with all of these labels; default all networks. */
  readonly labels?: Readonly<Record<string, string>>
}

/** Names an endpoint: its network and its id. The object of an endpoint will do. */
export type EndpointName = {
  /** The network's name. */
  readonly network: string
  /** The endpoint's id, 16 hexadecimal digits. */
  readonly id: string
}

/** How `Networks.follow` works. */
export type FollowNetworksOptions = {
  /** Ends it. */
  readonly signal?: AbortSignal
  /** Called with what goes wrong, such as etcd that does not answer; it goes on. */
  readonly onError?: (error: unknown) => void
  /** Default `false`. If `true`, it ends when this machine has no network of the cluster. */
  readonly endsWhenIdle?: boolean
}

/** A follower that was stopped, or cut off from etcd, needs up to 10 seconds to see that its lease has ended. */
const longestWaitForFollower = 20_000

/** The networks of a state directory. `await using` closes this object at the end of the block; the networks stay. */
export class Networks implements AsyncDisposable {
  readonly #context: Context
  readonly #lock: Lock
  readonly #close: () => Promise<void>
  /** The state directory, whose processes follow the other machines one at a time. */
  readonly #directory: string
  readonly #following: Promise<unknown>[] = []
  readonly #nameListeners: (() => Promise<void>)[] = []
  #isClosed = false

  readonly #closed = new AbortController()
  #ipam: Ipam | undefined

  /** @internal users call `openNetworks`. */
  constructor(context: Context, lock: Lock, directory: string, close: () => Promise<void>) {
    this.#context = context
    this.#lock = lock
    this.#directory = directory
    this.#close = close
  }

  /** The store of the networks; containers keep their records in it too. */
  get store(): Store {
    return this.#context.store
  }

  /** Pools and addresses that are requested apart from networks. */
  get ipam(): Ipam {
    return (this.#ipam ??= ipamOf(this.#context.store, () => this.#refuseClosed()))
  }

  /**
   * Creates a network. It outlives this process. After a reboot, the next change rebuilds it.
   * @throws NetdojoError `name-taken`, `interface-exists`, `subnet-overlap` (with another network, or with a route or an
   * address of the host), `subnet-too-small`, `subnet-unusable`, `subnets-exhausted`, `pool-missing`, `pool-in-use`, `address-taken` (the gateway), `kernel-feature-missing` (IPv6), `driver-missing`, `option-unknown`, `vni-taken`, `mtu-too-large`, `host-address-unusable`, `firewall-taken`, `aborted`, or the code
   * of a malformed value
   */
  async create(request: CreateNetworkOptions, options?: ChangeOptions): Promise<Network> {
    const checked = checkedCreate(request)
    const record = await this.#change(
      { operation: 'create', network: checked.name },
      options,
      (signal) => createNetwork(this.#context, checked, signal),
    )
    return networkHandle(this, record)
  }

  /**
   * Creates the network unless it exists. Repeating the call is no error, also after another process made the network.
   * @returns the network, and whether this call created it.
   * @throws NetdojoError `network-differs` if a field of the options differs from the network that exists, or as `create`
   */
  async ensure(
    request: CreateNetworkOptions,
    options?: ChangeOptions,
  ): Promise<{
    /** The network, new or found. */
    readonly network: Network
    /** Whether this call created it. */
    readonly created: boolean
  }> {
    const checked = checkedCreate(request)
    const call = { operation: 'ensure', network: checked.name } as const
    const { record, created } = await this.#change(call, options, async (signal) => {
      const found = await this.#context.store.read((transaction) => {
        if (!transaction.record(networkKey(checked.name))) return undefined
        const network = findNetwork(transaction, checked.name)
        refuseOtherNetwork(transaction, network, checked, request)
        return network
      })
      return found
        ? { record: found, created: false }
        : { record: await createNetwork(this.#context, checked, signal), created: true }
    })
    return { network: networkHandle(this, record), created }
  }

  /** Finds a network by its name. @throws NetdojoError `network-missing` */
  async get(name: string): Promise<Network> {
    return networkHandle(this, await this.#read((transaction) => findNetwork(transaction, name)))
  }

  /** Returns the networks in the order of their names. @throws NetdojoError `usage` for malformed labels */
  async list(options: ListOptions = {}): Promise<readonly Network[]> {
    const wanted = Object.entries(readOptions(options).labels)
    const records = await this.#knownNetworks()
    return records
      .filter(({ labels }) => wanted.every(([name, text]) => labels[name] === text))
      .map((record) => networkHandle(this, record))
  }

  /**
   * Returns the endpoints that match the filter, or all endpoints, the oldest first.
   * @throws NetdojoError `network-missing` for a network of the filter, or `usage`
   */
  async endpoints(filter?: EndpointsOptions): Promise<readonly Endpoint[]> {
    const { netns, network, key, labels = {} } = readEndpointsOptions(filter)
    const netnsInode = netns === undefined ? undefined : (inodeAt(netns) ?? 0)
    const records = await this.#read((transaction) => {
      if (network !== undefined) findNetwork(transaction, network)
      return endpointsBy(transaction, { network, netnsInode, key, labels })
    })
    return records
      .toSorted((one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt))
      .map((record) => endpointHandle(this, record))
  }

  /** Finds an endpoint by its network and its id. @throws NetdojoError `network-missing` or `endpoint-missing` */
  async endpoint(name: string, id: string): Promise<Endpoint> {
    const { endpoint } = await this.#read((transaction) => findEndpoint(transaction, name, id))
    return endpointHandle(this, endpoint)
  }

  /**
   * Connects a network namespace to the network: it gets an interface with addresses, and its ports are published on the
   * host. The default route of each family leads through the network with the highest `gatewayPriority`. With a `key`, a
   * second call returns the endpoint of the first.
   * @throws NetdojoError `network-missing`, `netns-missing`, `netns-is-host`, `already-connected` (to this network, unless
   * an interface is named), `default-route-exists`, `endpoint-differs` (a field differs from the endpoint with this key), `mac-taken`, `interface-exists`, `network-full`,
   * `pool-exhausted`, `address-taken`, `address-reserved`, `address-out-of-range`, `port-in-use` (by another endpoint),
   * `listener-in-the-way` (a program of the host), `port-unusable`, `ports-exhausted`, `aborted`, or the code of a malformed
   * value
   */
  async connect(name: string, request: ConnectOptions, options?: ChangeOptions): Promise<Endpoint> {
    const checked = readConnect(name, request)
    // Many processes open the networks for another change.
    const { connectEndpoint } = await import('./connect.ts')
    const record = await this.#whileAlive(name, () =>
      this.#change({ operation: 'connect', network: name }, options, async (signal) => {
        await joinIfNeeded(this.#context, name, signal)
        return withFreed(this.#context, () =>
          withRepair(this.#context, () => connectEndpoint(this.#context, name, checked, signal)),
        )
      }),
    )
    return endpointHandle(this, record)
  }

  /**
   * Disconnects the endpoint from its running namespace, and ends its interface, addresses, ports and connections. A default
   * route that led through it leads through the next network of the namespace.
   * @throws NetdojoError `network-missing`, `endpoint-missing` or `teardown-incomplete`
   */
  async disconnect(name: string, id: string, options?: DisconnectOptions): Promise<void> {
    const { namespaceEnds } = readOptions(options)
    await this.#change({ operation: 'disconnect', network: name }, options, () =>
      disconnectEndpoint(this.#context, name, id, namespaceEnds),
    )
  }

  /**
   * Changes a connected endpoint, whose interface and addresses stay. Connections to ports that stay go on.
   * @throws NetdojoError `network-missing`, `endpoint-missing`, `port-in-use`, `listener-in-the-way`, `port-unusable`,
   * `ports-exhausted`, `aborted`, or the code of a malformed value
   */
  async update(endpoint: EndpointName, options: UpdateOptions): Promise<Endpoint> {
    const { network, id } = readEndpointName(endpoint, 'update')
    const checked = readUpdate(id, options)
    const { updateEndpoint } = await import('./update.ts')
    const call = { operation: 'update', network } as const
    const record = await this.#change(call, { ...options }, (signal) =>
      withRepair(this.#context, () => updateEndpoint(this.#context, network, id, checked, signal)),
    )
    return endpointHandle(this, record)
  }

  /**
   * Compares an endpoint with the kernel and changes nothing; `reconcile` repairs.
   * @returns nothing if they agree. @throws NetdojoError `network-missing`, `endpoint-missing` or `usage`
   */
  async check(endpoint: EndpointName): Promise<readonly Difference[]> {
    this.#refuseClosed()
    const { network, id } = readEndpointName(endpoint, 'check')
    const { checkEndpoint } = await import('./check.ts')
    return checkEndpoint(this.#context, network, id)
  }

  /**
   * Yields what happens to networks and endpoints, in order, whichever process does it. An event is written in the
   * transaction of its change. Nothing is asked while nothing happens: inotify tells of each change. (A store of your own
   * without `watch` is asked once a second.) The loop ends with the signal, and when this object is closed. The state keeps the
   * last 1,000 events.
   * @throws NetdojoError `events-lost` when the events after `since` are not kept any more, or `usage`
   */
  watch(options: WatchOptions = {}): AsyncIterable<NetworkEvent> {
    this.#refuseClosed()
    const { since, signal } = readOptions(options)
    const wanted = { ...(since === undefined ? {} : { since }), ...(signal ? { signal } : {}) }
    return watchEvents(this.#context.store, wanted, this.#closed.signal)
  }

  /**
   * Removes the network. A pool that it has adopted is free for another network.
   * @throws NetdojoError `network-missing`, `network-in-use` or `pool-in-use` (an address of its own pool is requested) unless
   * forced, or `teardown-incomplete`
   */
  async remove(name: string, options?: RemoveOptions): Promise<void> {
    await this.#change({ operation: 'remove', network: name }, options, () =>
      removeNetwork(this.#context, name, readOptions(options).force),
    )
  }

  /** Removes all networks without endpoints, and returns their names. @throws NetdojoError `teardown-incomplete` */
  async prune(options?: ChangeOptions): Promise<readonly string[]> {
    return this.#change({ operation: 'prune' }, options, async (signal) => {
      const unused = await this.#context.store.read((transaction) =>
        allNetworks(transaction)
          .map(({ name }) => name)
          .filter((name) => endpointsOf(transaction, name).length === 0),
      )
      for (const name of unused) {
        throwIfAborted(signal)
        await removeNetwork(this.#context, name, false)
      }
      return unused
    })
  }

  /**
   * Compares all records with the kernel and repairs the differences. Each change does this by itself after a crash or a
   * reboot. Call it when another program may have changed the kernel, or when namespaces may be gone.
   * @throws NetdojoError `teardown-incomplete`
   */
  async reconcile(options?: ReconcileOptions): Promise<Reconciliation> {
    const { removeStrays } = readOptions(options)
    return this.#alone({ operation: 'reconcile' }, options, () =>
      reconcileNow(this.#context, { removeStrays }),
    )
  }

  /**
   * Follows the machines that share the store, until the signal is aborted or this object is closed. It tells them that this
   * machine is alive, and keeps what this machine knows of their endpoints up to date. If several processes of a machine follow,
   * one works and the others wait. `openNetworks` does this by itself unless its option `follow` is `false`.
   * @throws NetdojoError `usage` without such a store
   */
  async follow(options: FollowNetworksOptions = {}): Promise<void> {
    this.#refuseClosed()
    const { cluster } = this.#context
    if (!cluster)
      throw new NetdojoError({
        code: 'usage',
        operation: 'follow',
        object: 'the other machines',
        reason: 'this machine has no store that machines share',
        advice: ['say where etcd is: NETDOJO_STORE=http://10.0.0.9:2379'],
      })
    const { signal, onError = () => {}, endsWhenIdle = false } = options
    const end = signal ? AbortSignal.any([signal, this.#closed.signal]) : this.#closed.signal
    const { followAlone } = await import('./cluster/follow.ts')
    const following = followAlone(this.#context, cluster, this.#lock, {
      signal: end,
      onNames: async () => {
        for (const listener of this.#nameListeners) await listener()
      },
      onError,
      endsWhenIdle,
      directory: this.#directory,
    })
    this.#following.push(following)
    return following
  }

  /**
   * Leaves the cluster of this machine: its networks end here and stay in the cluster, and the state directory forgets the store.
   * With `force` the store need not answer; the other machines then forget this one after the grace time.
   * @throws NetdojoError `usage` without such a store, `network-in-use` while endpoints are connected, `state-unavailable` unless
   * forced, or `teardown-incomplete`
   */
  async leave(options?: RemoveOptions): Promise<void> {
    const { force } = readOptions(options)
    const { leaveCluster } = await import('./cluster/leave.ts')
    await this.#alone({ operation: 'leave' }, options, async () => {
      await reconcileIfNeeded(this.#context)
      await leaveCluster(this.#context, force)
    })
  }

  /**
   * @internal Calls the listener when names of containers on other machines change, while this process follows them.
   * @throws NetdojoError `closed`
   */
  onNames(listener: () => Promise<void>): void {
    this.#refuseClosed()
    this.#nameListeners.push(listener)
  }

  /** Closes this object; the networks stay. Closing it twice is no error. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#closed.abort()
    await Promise.allSettled(this.#following)
    await this.#close()
  }

  /** `await using` closes this object at the end of the block, as `close` does; the networks stay. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** While the store that machines share does not answer, the networks that this machine has not joined are left out. */
  async #knownNetworks(): Promise<readonly NetworkRecord[]> {
    if (!this.#context.cluster) return this.#read(allNetworks)
    try {
      return await this.#read(allKnownNetworks)
    } catch (error) {
      if (isUnanswered(error)) return this.#read(allNetworks)
      throw error
    }
  }

  #read: Context['store']['read'] = async (body) => {
    this.#refuseClosed()
    return this.#context.store.read(body)
  }

  /**
   * In a network of a cluster only a machine that tells the others that it is alive gives addresses. Waits until its follower says so,
   * without the lock, which the follower needs. A busy follower may lose the key before the change has begun: then waits again.
   */
  async #whileAlive<T>(name: string, change: () => Promise<T>): Promise<T> {
    const { cluster, store } = this.#context
    if (!cluster) return change()
    const { isOfCluster, isShownAlive, NotShownAlive } = await import('./cluster/claims.ts')
    if (!(await store.read((transaction) => isOfCluster(transaction, name)))) return change()
    const isAlive = () => store.read((transaction) => isShownAlive(transaction, cluster))
    const wait = cluster.store.isCopy ? 0 : longestWaitForFollower
    for (;;) {
      cluster.startFollower?.()
      const until = performance.now() + wait
      while (!(await isAlive()) && performance.now() < until) await sleep(50)
      const isLate = performance.now() >= until
      try {
        return await change()
      } catch (error) {
        if (!(error instanceof NotShownAlive)) throw error
        if (isLate) throw error.error
      }
    }
  }

  #change<T>(
    call: Call,
    options: ChangeOptions | undefined,
    body: (signal: AbortSignal | undefined) => Promise<T>,
  ): Promise<T> {
    return this.#alone(call, options, async (signal) => {
      await reconcileIfNeeded(this.#context)
      throwIfAborted(signal)
      const result = await body(signal)
      if (this.#context.cluster) await rememberOptions(this.#context.cluster)
      return result
    })
  }

  async #alone<T>(
    call: Call,
    options: ChangeOptions | undefined,
    body: (signal: AbortSignal | undefined) => Promise<T>,
  ): Promise<T> {
    this.#refuseClosed()
    const { signal } = readOptions(options)
    return traced(call, this.#context.diagnostics, (begin) =>
      this.#lock.hold(() => {
        begin()
        return body(signal)
      }, signal),
    )
  }

  #refuseClosed(): void {
    if (!this.#isClosed) return
    throw new NetdojoError({
      code: 'closed',
      operation: 'use',
      object: 'the networks',
      reason: 'this object was closed',
      advice: ['open the networks again with openNetworks'],
    })
  }
}

/** The options of a tunnel are checked before etcd or the lock is asked. */
function checkedCreate(request: CreateNetworkOptions): CheckedCreate {
  const checked = readCreate(request)
  if (checked.driver === 'overlay') refuseBadTunnel(checked.name, checked.options)
  return checked
}
