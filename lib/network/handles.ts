// Networks and endpoints as users hold them: the record's fields, what can be done with it, and `await using` to undo it.
import type { Networks } from './networks.ts'
import type { EndpointRecord, NetworkRecord } from './records.ts'
import type { ConnectEndpoint } from './requests.ts'

export type ChangeOptions = {
  /** Cancels the change; what had been done is taken back first. */
  readonly signal?: AbortSignal
}

/** A network: its record's fields are its own, and all that `JSON.stringify` shows. */
export type Network = NetworkRecord & NetworkActions
export type Endpoint = EndpointRecord & EndpointActions

type NetworkActions = AsyncDisposable & {
  /** See `Networks.connect`. */
  connect(request: ConnectEndpoint, options?: ChangeOptions): Promise<Endpoint>
  endpoints(): Promise<readonly Endpoint[]>
  /** See `Networks.remove`. */
  remove(options?: { readonly force?: boolean; readonly signal?: AbortSignal }): Promise<void>
}

type EndpointActions = AsyncDisposable & {
  /** See `Networks.disconnect`. */
  disconnect(options?: ChangeOptions): Promise<void>
}

/** At the end of `await using`, the network is removed with all its endpoints, unless it is gone already. */
export function networkHandle(networks: Networks, record: NetworkRecord): Network {
  return withActions(record, {
    connect: (request, options) => networks.connect(record.name, request, options),
    endpoints: () => networks.endpoints(record.name),
    remove: (options) => networks.remove(record.name, options),
    [Symbol.asyncDispose]: () =>
      unlessGone(() => networks.remove(record.name, { force: true }), 'network-missing'),
  } satisfies NetworkActions)
}

/** At the end of `await using`, the endpoint is disconnected, unless it is already. */
export function endpointHandle(networks: Networks, record: EndpointRecord): Endpoint {
  const disconnect = (options?: ChangeOptions) =>
    networks.disconnect(record.network, record.id, options)
  return withActions(record, {
    disconnect,
    [Symbol.asyncDispose]: () => unlessGone(disconnect, 'endpoint-missing', 'network-missing'),
  } satisfies EndpointActions)
}

/** The actions are not enumerable: a handle prints, compares and serializes as its record. */
function withActions<Record extends object, Actions extends object>(
  record: Record,
  actions: Actions,
): Record & Actions {
  const names: readonly (string | symbol)[] = Reflect.ownKeys(actions)
  const hidden = names.map((name) => [name, { value: Reflect.get(actions, name) }] as const)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- defined in the same breath
  return Object.defineProperties({ ...record }, Object.fromEntries(hidden)) as Record & Actions
}

async function unlessGone(action: () => Promise<void>, ...codes: readonly string[]): Promise<void> {
  try {
    await action()
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && codes.includes(String(error.code))
    if (!isGone) throw error
  }
}
