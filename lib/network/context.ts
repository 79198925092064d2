// Declares what all operations on networks share, and gives records the form that drivers take.
import type { DriverEndpoint, NetworkDriver } from '../driver/driver.ts'
import type { DriverRegistry } from '../driver/registry.ts'
import type { Applier } from '../kernel/plan.ts'
import type { ReadTransaction, Store } from '../store/store.ts'
import type { Cluster } from './cluster/membership.ts'
import type { ChangeDiagnostics } from './diagnostics.ts'
import type { Plan } from './plan.ts'
import { forwardsOf } from './ports.ts'
import { allNetworks, type EndpointRecord, type NetworkRecord } from './records.ts'

export type Context = {
  readonly store: Store
  readonly drivers: DriverRegistry
  readonly applier: Applier
  /** For a dry run: whether a missing namespace counts as a new one. */
  readonly assumeNamespaces: boolean
  /** This machine among others that share the store; absent for a machine alone. */
  readonly cluster?: Cluster
  /** Called with each plan before it is applied. */
  readonly onPlan: (plan: Plan) => void
  /** Called at the start and at the end of each change. */
  readonly diagnostics?: (change: ChangeDiagnostics) => void
}

export function driverOf({ drivers }: Context, { driver }: { driver: string }): NetworkDriver {
  return drivers.get(driver)
}

/** Before the network of a change is read: its driver may be any of them. */
export async function prepareDrivers({ drivers }: Context): Promise<void> {
  for (const driver of drivers.all()) await driver.prepareEndpoint?.()
}

/** The other networks that use the same objects on this host. */
export function siblings(
  context: Context,
  transaction: ReadTransaction,
  network: Pick<NetworkRecord, 'driver' | 'name'>,
): readonly NetworkRecord[] {
  return allNetworks(transaction).filter(
    (other) =>
      other.name !== network.name &&
      context.drivers.baseOf(other.driver) === context.drivers.baseOf(network.driver),
  )
}

/** `first` says what matters only when the endpoint is connected. */
export function driverEndpoint(
  record: EndpointRecord,
  first: Pick<DriverEndpoint, 'announce' | 'isFirst' | 'routes'> = {
    announce: false,
    isFirst: false,
    routes: [],
  },
): DriverEndpoint {
  return { ...record, ...first, forwards: forwardsOf(record.ports, record.addresses) }
}
