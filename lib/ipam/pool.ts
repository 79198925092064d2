// Decides which addresses of a subnet may be allocated, and which is next; pure functions over its bitmap.
import { AddressRange } from '../address/address-range.ts'
import type { IpAddress } from '../address/ip-address.ts'
import type { Subnet } from '../address/subnet.ts'
import type { Bitmap } from './bitmap.ts'

export type Pool = {
  readonly subnet: Subnet
  readonly gateway: IpAddress
  /** Addresses are chosen from it when a request names none. */
  readonly range: AddressRange
  /** Never allocated. */
  readonly reserved: readonly AddressRange[]
  /** The id of the network that the pool belongs to, or `requestOwner`. */
  readonly owner: string
  /** Whether the pool was requested: the network that adopts it gives it back. */
  readonly requested?: true
}

/** Both ends included, counted from the subnet's first address. */
type Interval = readonly [first: bigint, last: bigint]

/** Why this address of the subnet is never allocated; undefined when it may be. */
export function reasonToKeep(pool: Pool, address: IpAddress): string | undefined {
  const { subnet, gateway, reserved } = pool
  if (address.equals(gateway)) return 'it is the gateway'
  // In IPv6 the first address is the anycast address of the subnet's routers (RFC 4291 2.6.1).
  if (address.equals(subnet.first)) return 'it is the network address'
  if (subnet.family === 4 && address.equals(subnet.last)) return 'it is the broadcast address'
  const range = reserved.find((range) => range.contains(address))
  return range && `it is in the reserved range ${range}`
}

/** The addresses that a request without an address can get, as intervals in order; there may be none. */
export function intervalsOf(pool: Pool): readonly Interval[] {
  const { subnet, gateway, range, reserved } = pool
  const kept = [gateway, subnet.first, ...(subnet.family === 4 ? [subnet.last] : [])]
  const holes = [...kept.map((address) => new AddressRange(address, address)), ...reserved]
  const toInterval = ({ first, last }: AddressRange): Interval => [
    first.value - subnet.first.value,
    last.value - subnet.first.value,
  ]
  return holes.map(toInterval).reduce(without, [toInterval(range)])
}

/**
 * The next free address after the last allocated one, then from the start again: a released address may still be in the
 * neighbour caches and connection tables of other machines.
 * @param last the offset of the last allocated address; -1n when there is none
 */
export function nextFree(pool: Pool, bitmap: Bitmap, last: bigint): bigint | undefined {
  const intervals = intervalsOf(pool)
  for (const [from, to] of [...after(intervals, last), ...intervals]) {
    const free = bitmap.firstFree(from, to)
    if (free !== undefined) return free
  }
  return undefined
}

function after(intervals: readonly Interval[], last: bigint): readonly Interval[] {
  return intervals
    .filter(([, to]) => to > last)
    .map(([from, to]) => [from > last ? from : last + 1n, to])
}

function without(intervals: readonly Interval[], [first, last]: Interval): readonly Interval[] {
  return intervals.flatMap(([from, to]) => {
    if (last < from || first > to) return [[from, to] as const]
    const before: Interval = [from, first - 1n]
    const behind: Interval = [last + 1n, to]
    return [before, behind].filter(([from, to]) => from <= to)
  })
}
