// Makes the objects that users get for networks and endpoints: the record's fields, methods, and `await using` to undo.
import type { EndpointRecord, NetworkRecord } from './records.ts'
import type { Difference } from './check.ts'
import type { ChangeOptions, ConnectOptions, EndpointsOptions, UpdateOptions } from './requests.ts'

/** A network's record with methods. The methods are hidden: `JSON.stringify` shows the record. */
export type Network = NetworkRecord & NetworkActions
/** An endpoint's record with methods, hidden likewise. */
export type Endpoint = EndpointRecord & EndpointActions

// A class in the types, and never at run time: TypeScript then knows that `{ ...network }` copies the record and no method.

/** What can be done with a network. The methods can be taken out of the object: `const { connect } = network`. */
export declare abstract class NetworkActions implements AsyncDisposable {
  /** See `Networks.connect`. */
  connect(this: void, request: ConnectOptions, options?: ChangeOptions): Promise<Endpoint>
  /** The endpoints of this network: see `Networks.endpoints`. */
  endpoints(this: void, filter?: Omit<EndpointsOptions, 'network'>): Promise<readonly Endpoint[]>
  /** See `Networks.remove`. */
  remove(
    this: void,
    options?: ChangeOptions & {
      /** Default `false`. If `true`, connected endpoints are disconnected first; otherwise they are an error. */
      readonly force?: boolean
    },
  ): Promise<void>
  /** `await using` removes the network at the end of the block, with its endpoints, if it still exists. */
  [Symbol.asyncDispose](): Promise<void>
}

/** What can be done with an endpoint. The methods can be taken out of the object: `const { disconnect } = endpoint`. */
export declare abstract class EndpointActions implements AsyncDisposable {
  /** See `Networks.disconnect`. */
  disconnect(this: void, options?: ChangeOptions): Promise<void>
  /** See `Networks.update`. */
  update(this: void, options: UpdateOptions): Promise<Endpoint>
  /** See `Networks.check`. */
  check(this: void): Promise<readonly Difference[]>
  /** `await using` disconnects the endpoint at the end of the block, if it is still connected. */
  [Symbol.asyncDispose](): Promise<void>
}

/** The calls of `Networks` that the methods use. */
type Calls = {
  connect(name: string, request: ConnectOptions, options?: ChangeOptions): Promise<Endpoint>
  disconnect(name: string, id: string, options?: ChangeOptions): Promise<void>
  endpoints(filter: EndpointsOptions): Promise<readonly Endpoint[]>
  update(endpoint: EndpointRecord, options: UpdateOptions): Promise<Endpoint>
  check(endpoint: EndpointRecord): Promise<readonly Difference[]>
  remove(
    name: string,
    options?: ChangeOptions & {
      /** Default `false`. If `true`, connected endpoints are disconnected first; otherwise they are an error. */
      readonly force?: boolean
    },
  ): Promise<void>
}

/** `await using` removes the network and its endpoints at the end, if they still exist. */
export function networkHandle(networks: Calls, record: NetworkRecord): Network {
  return withActions(record, {
    connect: (request, options) => networks.connect(record.name, request, options),
    endpoints: (filter) => networks.endpoints({ ...filter, network: record.name }),
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
    update: (options) => networks.update(record, options),
    check: () => networks.check(record),
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
