// Registers the network drivers by name; a name has one driver.
import { NetdojoError } from '../errors.ts'
import { registerKinds } from '../kernel/own-operations.ts'
import type { NetworkDriver } from './driver.ts'

export class DriverRegistry {
  readonly #drivers = new Map<string, NetworkDriver>()

  constructor(drivers: readonly NetworkDriver[] = []) {
    for (const driver of drivers) this.register(driver)
  }

  /** @throws NetdojoError `driver-exists` */
  register(driver: NetworkDriver): void {
    if (this.#drivers.has(driver.name))
      throw new NetdojoError({
        code: 'driver-exists',
        operation: 'register',
        object: `the driver ${driver.name}`,
        reason: 'a driver with this name is already registered',
      })
    registerKinds(driver.operations ?? [])
    this.#drivers.set(driver.name, driver)
  }

  /** @throws NetdojoError `driver-missing` */
  get(name: string): NetworkDriver {
    const driver = this.#drivers.get(name)
    if (driver) return driver
    throw new NetdojoError({
      code: 'driver-missing',
      operation: 'use',
      object: `the driver ${name}`,
      reason: 'no driver with this name is registered',
      advice: [`use one of: ${[...this.#drivers.keys()].join(', ')}`],
    })
  }

  /** The driver that compares the networks of this one with the kernel. A driver that is not registered stands for itself. */
  baseOf(name: string): string {
    return this.#drivers.get(name)?.base ?? name
  }

  all(): readonly NetworkDriver[] {
    return [...this.#drivers.values()]
  }
}
