// Makes the objects that users get for networks and endpoints: the record's fields, methods, and `await using` to undo.
import type { EndpointRecord, NetworkRecord } from './records.ts'
import type { ConnectOptions } from './requests.ts'

export type ChangeOptions = {
  /** Cancels the change: it is rolled back, and the promise rejects with `aborted`. */
  readonly signal?: AbortSignal
}

/** A network's record with methods. The methods are hidden: `JSON.stringify` shows the record. */
export type Network = NetworkRecord & NetworkActions
/** An endpoint's record with methods, hidden likewise. */
export type Endpoint = EndpointRecord & EndpointActions

type NetworkActions = AsyncDisposable & {
  /** See `Networks.connect`. */
  connect(request: ConnectOptions, options?: ChangeOptions): Promise<Endpoint>
  /** See `Networks.endpoints`. */
  endpoints(): Promise<readonly Endpoint[]>
  /** See `Networks.remove`. */
  remove(options?: { readonly force?: boolean; readonly signal?: AbortSignal }): Promise<void>
}

type EndpointActions = AsyncDisposable & {
  /** See `Networks.disconnect`. */
  disconnect(options?: ChangeOptions): Promise<void>
}

/** The calls of `Networks` that the methods use. */
type Calls = {
  connect(name: string, request: ConnectOptions, options?: ChangeOptions): Promise<Endpoint>
  disconnect(name: string, id: string, options?: ChangeOptions): Promise<void>
  endpoints(name: string): Promise<readonly Endpoint[]>
  remove(name: string, options?: ChangeOptions & { readonly force?: boolean }): Promise<void>
}

/** `await using` removes the network and its endpoints at the end, if they still exist. */
export function networkHandle(networks: Calls, record: NetworkRecord): Network {
  return withActions(record, {
    connect: (request, options) => networks.connect(record.name, request, options),
    endpoints: () => networks.endpoints(record.name),
    remove: (options) => networks.remove(record.name, options),
    [Symbol.asyncDispose]: () =>
      unlessGone(() => networks.remove(record.name, { force: true }), 'network-missing'),
  } satisfies NetworkActions)
}

/** `await using` disconnects the endpoint at the end, if it is still connected. */
export function endpointHandle(networks: Calls, record: EndpointRecord): Endpoint {
  const disconnect = (options?: ChangeOptions) =>
    networks.disconnect(record.network, record.id, options)
  return withActions(record, {
    disconnect,
    [Symbol.asyncDispose]: () => unlessGone(disconnect, 'endpoint-missing', 'network-missing'),
  } satisfies EndpointActions)
}

/** Adds methods that are not enumerable: the object prints, compares and serializes as its record. */
export function withActions<Record extends object, Actions extends object>(
  record: Record,
  actions: Actions,
): Record & Actions {
  const names: readonly (string | symbol)[] = Reflect.ownKeys(actions)
  const hidden = names.map((name) => [name, { value: Reflect.get(actions, name) }] as const)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- defineProperties adds them
  return Object.defineProperties({ ...record }, Object.fromEntries(hidden)) as Record & Actions
}

/** Ignores an error that says that the object does not exist any more. */
export async function unlessGone(
  action: () => Promise<void>,
  ...codes: readonly string[]
): Promise<void> {
  try {
    await action()
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && codes.includes(String(error.code))
    if (!isGone) throw error
  }
}
