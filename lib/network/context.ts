// What all operations on networks share.
import type { NetworkDriver, Step } from '../driver/driver.ts'
import type { DriverRegistry } from '../driver/registry.ts'
import type { Applier } from '../kernel/plan.ts'
import type { ReadTransaction, Store } from '../store/store.ts'
import { driverNetwork } from './driver-view.ts'
import { allNetworks, type NetworkRecord } from './records.ts'

export type Plan = {
  readonly change: 'create' | 'remove' | 'connect' | 'disconnect' | 'reconcile'
  readonly network?: string
  readonly steps: readonly Step[]
}

export type Context = {
  readonly store: Store
  readonly drivers: DriverRegistry
  readonly applier: Applier
  /** Whether a namespace that is not there is taken for a new one, since nothing is done in it. */
  readonly assumeNamespaces: boolean
  /** Told of each plan before it is applied. */
  readonly onPlan: (plan: Plan) => void
}

export function driverOf({ drivers }: Context, { driver }: { driver: string }): NetworkDriver {
  return drivers.get(driver)
}

/** The other networks of the same driver. */
export function siblings(
  transaction: ReadTransaction,
  network: Pick<NetworkRecord, 'driver' | 'name'>,
) {
  return allNetworks(transaction)
    .filter(({ driver, name }) => driver === network.driver && name !== network.name)
    .map(driverNetwork)
}
