// Models a pool in the simplest way: lists of texts that are searched from end to end.
import type { AddressRange } from '../../lib/address/address-range.ts'
import type { IpAddress } from '../../lib/address/ip-address.ts'
import type { Subnet } from '../../lib/address/subnet.ts'

export type PoolShape = {
  readonly subnet: Subnet
  readonly gateway: IpAddress
  readonly range: AddressRange
  readonly reserved: readonly AddressRange[]
}

export class ModelPool {
  readonly held = new Map<string, string>()
  readonly all: readonly string[]
  readonly #unusable: ReadonlySet<string>
  readonly #given: readonly string[]
  #last = -1

  constructor({ subnet, gateway, range, reserved }: PoolShape) {
    const addresses = Array.from({ length: Number(subnet.size) }, (_, offset) =>
      subnet.first.plus(BigInt(offset)),
    )
    this.all = addresses.map(String)
    const ends = subnet.family === 4 ? [subnet.first, subnet.last] : [subnet.first]
    const kept = addresses.filter((address) => reserved.some((range) => range.contains(address)))
    this.#unusable = new Set([...ends, gateway, ...kept].map(String))
    this.#given = addresses
      .filter((address) => range.contains(address))
      .map(String)
      .filter((address) => !this.#unusable.has(address))
  }

  /** The address or the code of the refusal. */
  next(owner: string): string {
    const free = this.#given.filter((address) => !this.held.has(address))
    const next = free.find((address) => this.all.indexOf(address) > this.#last) ?? free[0]
    if (next === undefined) return 'pool-exhausted'
    this.#last = this.all.indexOf(next)
    this.held.set(next, owner)
    return next
  }

  ask(address: string, owner: string): string {
    if (this.#unusable.has(address)) return 'address-reserved'
    if (this.held.has(address)) return 'address-taken'
    this.held.set(address, owner)
    return address
  }

  release(address: string, owner: string): string {
    if (this.held.get(address) !== owner) return 'address-not-owned'
    this.held.delete(address)
    return 'released'
  }

  get isUseless(): boolean {
    return this.#given.length === 0
  }
}
