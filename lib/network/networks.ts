// All networks of a state directory: each change starts from a reconciled state, alone, and happens whole or not at all.
import { NetdojoError } from '../errors.ts'
import { throwIfAborted } from '../kernel/plan.ts'
import type { Lock } from './lock.ts'
import type { Store } from '../store/store.ts'
import { connectEndpoint } from './connect.ts'
import type { Context } from './context.ts'
import { createNetwork } from './create.ts'
import { disconnectEndpoint, removeNetwork } from './disconnect.ts'
import * as fields from './fields.ts'
import {
  endpointHandle,
  networkHandle,
  type ChangeOptions,
  type Endpoint,
  type Network,
} from './handles.ts'
import { findEndpoint, findNetwork } from './lookup.ts'
import { mendingOnce, reconcileIfNeeded, reconcileNow, type Reconciliation } from './reconcile.ts'
import { allNetworks, endpointsOf } from './records.ts'
import { checkConnect, checkCreate, type ConnectEndpoint, type CreateNetwork } from './requests.ts'

export type RemoveOptions = ChangeOptions & {
  /** Disconnects the endpoints instead of refusing. */
  readonly force?: boolean
}

export type ListOptions = {
  /** Only networks with all of these labels. */
  readonly labels?: Readonly<Record<string, string>>
}

export class Networks implements AsyncDisposable {
  readonly #context: Context
  readonly #lock: Lock
  readonly #close: () => Promise<void>
  #isClosed = false

  /** Not for users: see `openNetworks`. */
  constructor(context: Context, lock: Lock, close: () => Promise<void>) {
    this.#context = context
    this.#lock = lock
    this.#close = close
  }

  /** Where they are kept: for records that belong to them, and are kept beside them. */
  get store(): Store {
    return this.#context.store
  }

  /**
   * Makes a network; when the promise is fulfilled it is there, and survives this process and a restart.
   * @throws NetdojoError `name-taken`, `interface-exists`, `subnet-overlap` (with another network, or with what the host
   * uses), `driver-missing`, `option-unknown`, `firewall-taken`, or the code of a malformed value
   */
  async create(request: CreateNetwork, options?: ChangeOptions): Promise<Network> {
    const checked = checkCreate(request)
    const record = await this.#change(options, (signal) =>
      createNetwork(this.#context, checked, signal),
    )
    return networkHandle(this, record)
  }

  /** @throws NetdojoError `network-missing` */
  async get(name: string): Promise<Network> {
    return networkHandle(this, await this.#read((transaction) => findNetwork(transaction, name)))
  }

  /** In the order of their names. */
  async list(options: ListOptions = {}): Promise<readonly Network[]> {
    const wanted = Object.entries(
      fields.guarded('the options', () => fields.texts('labels', options.labels)),
    )
    const records = await this.#read(allNetworks)
    return records
      .filter(({ labels }) => wanted.every(([name, text]) => labels[name] === text))
      .map((record) => networkHandle(this, record))
  }

  /** Of one network, or of all, the oldest first. @throws NetdojoError `network-missing` */
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
   * Plugs a network namespace into the network: an interface inside with its addresses and the way out, and its ports
   * published on the host.
   * @throws NetdojoError `network-missing`, `netns-missing`, `netns-is-host`, `interface-exists`, `network-full`,
   * `pool-exhausted`, `address-taken`, `address-reserved`, `address-out-of-range`, `port-in-use` (by another endpoint),
   * `listener-in-the-way` (a program of the host), `port-unusable`, `ports-exhausted`, or the code of a malformed value
   */
  async connect(
    name: string,
    request: ConnectEndpoint,
    options?: ChangeOptions,
  ): Promise<Endpoint> {
    const checked = checkConnect(request)
    const record = await this.#change(options, (signal) =>
      mendingOnce(this.#context, () => connectEndpoint(this.#context, name, checked, signal)),
    )
    return endpointHandle(this, record)
  }

  /**
   * Unplugs the endpoint from its running namespace: interface, addresses, ports and connections are gone.
   * @throws NetdojoError `network-missing`, `endpoint-missing` or `teardown-incomplete`
   */
  async disconnect(name: string, id: string, options?: ChangeOptions): Promise<void> {
    await this.#change(options, () => disconnectEndpoint(this.#context, name, id))
  }

  /** @throws NetdojoError `network-missing`, `network-in-use` (unless forced) or `teardown-incomplete` */
  async remove(name: string, options?: RemoveOptions): Promise<void> {
    await this.#change(options, () => removeNetwork(this.#context, name, options?.force ?? false))
  }

  /** Removes every network that has no endpoint, and returns their names. */
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
   * Compares everything with the kernel and mends what differs. Every change does this by itself after a crash or a
   * reboot; call it when somebody else may have changed the kernel, or namespaces may have gone.
   * @throws NetdojoError `teardown-incomplete`
   */
  async reconcile(options?: ChangeOptions): Promise<Reconciliation> {
    return this.#alone(options, () => reconcileNow(this.#context))
  }

  /** Networks stay as they are; this object cannot be used any more. */
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
    const signal = fields.guarded('the options', () => fields.signal(options?.signal))
    return this.#lock.hold(() => body(signal), signal)
  }

  #refuseClosed(): void {
    if (!this.#isClosed) return
    throw new NetdojoError({
      code: 'closed',
      operation: 'use',
      object: 'the networks',
      reason: 'they were closed',
      advice: ['open them again with openNetworks'],
    })
  }
}
