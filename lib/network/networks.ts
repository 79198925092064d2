// Offers all operations on the networks of a state directory: each change runs alone, from a reconciled state, and happens completely or not at all.
import { NetdojoError } from '../errors.ts'
import { throwIfAborted } from '../kernel/plan.ts'
import type { Lock } from './lock.ts'
import type { Store } from '../store/store.ts'
import type { Context } from './context.ts'
import { createNetwork } from './create.ts'
import { disconnectEndpoint, removeNetwork } from './disconnect.ts'
import {
  endpointHandle,
  networkHandle,
  type ChangeOptions,
  type Endpoint,
  type Network,
} from './handles.ts'
import {
  withFreed,
  withRepair,
  reconcileIfNeeded,
  reconcileNow,
  type ReconcileOptions,
  type Reconciliation,
} from './reconcile.ts'
import { allNetworks, endpointsOf, findEndpoint, findNetwork } from './records.ts'
import {
  readConnect,
  readCreate,
  readOptions,
  type ConnectOptions,
  type CreateNetworkOptions,
} from './requests.ts'

export type RemoveOptions = ChangeOptions & {
  /** Default `false`. If `true`, connected endpoints are disconnected first; otherwise they are an error. */
  readonly force?: boolean
}

export type DisconnectOptions = ChangeOptions & {
  /** Default `false`. If `true`, no default route moves to another network of the namespace, since it is about to end. */
  readonly namespaceEnds?: boolean
}

export type ListOptions = {
  /** Only networks with all of these labels; default all networks. */
  readonly labels?: Readonly<Record<string, string>>
}

export class Networks implements AsyncDisposable {
  readonly #context: Context
  readonly #lock: Lock
  readonly #close: () => Promise<void>
  #isClosed = false

  /** Internal: users call `openNetworks`. */
  constructor(context: Context, lock: Lock, close: () => Promise<void>) {
    this.#context = context
    this.#lock = lock
    this.#close = close
  }

  /** The store of the networks; containers keep their records in it too. */
  get store(): Store {
    return this.#context.store
  }

  /**
   * Creates a network. It outlives this process. After a reboot, the next change rebuilds it.
   * @throws NetdojoError `name-taken`, `interface-exists`, `subnet-overlap` (with another network, or with a route or an
   * address of the host), `subnets-exhausted`, `driver-missing`, `option-unknown`, `firewall-taken`, `aborted`, or the code
   * of a malformed value
   */
  async create(request: CreateNetworkOptions, options?: ChangeOptions): Promise<Network> {
    const checked = readCreate(request)
    const record = await this.#change(options, (signal) =>
      createNetwork(this.#context, checked, signal),
    )
    return networkHandle(this, record)
  }

  /** @throws NetdojoError `network-missing` */
  async get(name: string): Promise<Network> {
    return networkHandle(this, await this.#read((transaction) => findNetwork(transaction, name)))
  }

  /** Returns the networks in the order of their names. @throws NetdojoError `usage` for malformed labels */
  async list(options: ListOptions = {}): Promise<readonly Network[]> {
    const wanted = Object.entries(readOptions(options).labels)
    const records = await this.#read(allNetworks)
    return records
      .filter(({ labels }) => wanted.every(([name, text]) => labels[name] === text))
      .map((record) => networkHandle(this, record))
  }

  /** Returns the endpoints of one network, or of all networks, the oldest first. @throws NetdojoError `network-missing` */
  async endpoints(name?: string): Promise<readonly Endpoint[]> {
    const records = await this.#read((transaction) =>
      name === undefined
        ? endpointsOf(transaction)
        : endpointsOf(transaction, findNetwork(transaction, name).name),
    )
    return records
      .toSorted((one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt))
      .map((record) => endpointHandle(this, record))
  }

  /** @throws NetdojoError `network-missing` or `endpoint-missing` */
  async endpoint(name: string, id: string): Promise<Endpoint> {
    const { endpoint } = await this.#read((transaction) => findEndpoint(transaction, name, id))
    return endpointHandle(this, endpoint)
  }

  /**
   * Connects a network namespace to the network: it gets an interface with addresses, and its ports are published on the
   * host. The default route of each family leads through the network with the highest `gatewayPriority`.
   * @throws NetdojoError `network-missing`, `netns-missing`, `netns-is-host`, `already-connected` (to this network, unless
   * an interface is named), `mac-taken`, `interface-exists`, `network-full`,
   * `pool-exhausted`, `address-taken`, `address-reserved`, `address-out-of-range`, `port-in-use` (by another endpoint),
   * `listener-in-the-way` (a program of the host), `port-unusable`, `ports-exhausted`, `aborted`, or the code of a malformed
   * value
   */
  async connect(name: string, request: ConnectOptions, options?: ChangeOptions): Promise<Endpoint> {
    const checked = readConnect(name, request)
    // Many processes open the networks for another change.
    const { connectEndpoint } = await import('./connect.ts')
    const record = await this.#change(options, (signal) =>
      withFreed(this.#context, () =>
        withRepair(this.#context, () => connectEndpoint(this.#context, name, checked, signal)),
      ),
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
    await this.#change(options, () => disconnectEndpoint(this.#context, name, id, namespaceEnds))
  }

  /** Removes the network. @throws NetdojoError `network-missing`, `network-in-use` (unless forced) or `teardown-incomplete` */
  async remove(name: string, options?: RemoveOptions): Promise<void> {
    await this.#change(options, () =>
      removeNetwork(this.#context, name, readOptions(options).force),
    )
  }

  /** Removes all networks without endpoints, and returns their names. @throws NetdojoError `teardown-incomplete` */
  async prune(options?: ChangeOptions): Promise<readonly string[]> {
    return this.#change(options, async (signal) => {
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
    return this.#alone(options, () => reconcileNow(this.#context, { removeStrays }))
  }

  /** Closes this object; the networks stay. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#close()
  }

  #read: Context['store']['read'] = async (body) => {
    this.#refuseClosed()
    return this.#context.store.read(body)
  }

  #change<T>(
    options: ChangeOptions | undefined,
    body: (signal: AbortSignal | undefined) => Promise<T>,
  ): Promise<T> {
    return this.#alone(options, async (signal) => {
      await reconcileIfNeeded(this.#context)
      throwIfAborted(signal)
      return body(signal)
    })
  }

  async #alone<T>(
    options: ChangeOptions | undefined,
    body: (signal: AbortSignal | undefined) => Promise<T>,
  ): Promise<T> {
    this.#refuseClosed()
    const { signal } = readOptions(options)
    return this.#lock.hold(() => body(signal), signal)
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
