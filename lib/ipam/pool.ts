// One subnet's addresses, pure over its bitmap: which of them may be handed out, and which is the next.
import { AddressRange } from '../address/address-range.ts'
import type { IpAddress } from '../address/ip-address.ts'
import type { Subnet } from '../address/subnet.ts'
import type { Bitmap } from './bitmap.ts'

export type Pool = {
  readonly subnet: Subnet
  readonly gateway: IpAddress
  /** What is handed out to who asks for no address in particular. */
  readonly range: AddressRange
  /** Never handed out to anybody. */
  readonly reserved: readonly AddressRange[]
  /** Whom the pool belongs to, such as a network's name. */
  readonly owner: string
}

/** Both ends included, counted from the subnet's first address. */
type Interval = readonly [first: bigint, last: bigint]

/** Why nobody may have this address of the subnet; undefined when somebody may. */
export function reasonToKeep(pool: Pool, address: IpAddress): string | undefined {
  const { subnet, gateway, reserved } = pool
  if (address.equals(gateway)) return 'it is the gateway'
  // In IPv6 the first address is the anycast address of the subnet's routers (RFC 4291 2.6.1).
  if (address.equals(subnet.first)) return 'it is the address of the network itself'
  if (subnet.family === 4 && address.equals(subnet.last)) return 'it is the broadcast address'
  const range = reserved.find((range) => range.contains(address))
  return range && `it is reserved (${range})`
}

/** What may be handed out to who asks for no address in particular, in order; empty when nothing may. */
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
 * The next free address after the one handed out last, and from the start again at the end: an address that was just
 * released may still be in the neighbour caches and connection tables of others.
 * @param last the offset of the address handed out last; -1n when none was
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
