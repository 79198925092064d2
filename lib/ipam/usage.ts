// Reads how full a pool is, and which of its addresses are in use; writes nothing.
import type { IpAddress } from '../address/ip-address.ts'
import { AddressRange } from '../address/address-range.ts'
import { addressBits } from '../address/ip-address.ts'
import type { Subnet } from '../address/subnet.ts'
import type { ReadTransaction } from '../store/store.ts'
import { Bitmap, pageBits } from './bitmap.ts'
import { intervalsOf, nextFree, type Pool } from './pool.ts'
import { readCursor, readPages, readPool } from './pool-records.ts'

export type PoolUsage = {
  readonly pool: Pool
  readonly inUse: bigint
  /** Neither in use nor reserved; some of these may be outside of the pool's range. */
  readonly free: bigint
  /** The address that the next request without an address gets. */
  readonly next: IpAddress | undefined
  readonly isInUse: (offset: bigint) => boolean
  /** Counts the addresses in use among `size` addresses from the offset `from`. `size` is a power of two, and `from` is a multiple of it. */
  readonly inUseAmong: (from: bigint, size: bigint) => bigint
  /** The offsets of the pages with addresses in use, in order. */
  readonly usedPages: readonly bigint[]
}

/** @throws NetdojoError `pool-missing` or `state-corrupt` */
export function poolUsage(transaction: ReadTransaction, subnet: Subnet): PoolUsage {
  const pool = readPool(transaction, subnet)
  const all = readPages(transaction, subnet)
  const pages = new Map(all.map(({ level, index, page }) => [`${level}/${index}`, page]))
  const lowest = all
    .filter(({ level }) => level === 0)
    .toSorted((a, b) => Number(a.index - b.index))
  const bitmap = new Bitmap(addressBits(subnet.family) - subnet.prefixLength, {
    get: (level, index) => pages.get(`${level}/${index}`),
    set: () => {},
    delete: () => {},
  })
  const next = nextFree(pool, bitmap, readCursor(transaction, subnet))
  const inUse = lowest.reduce((sum, { page }) => sum + BigInt(bitsIn(page)), 0n)
  const inUseAmong = (from: bigint, size: bigint) => {
    const first = from / pageBits
    if (size < 8n) {
      const offsets = Array.from({ length: Number(size) }, (_, bit) => from + BigInt(bit))
      return BigInt(offsets.filter((offset) => bitmap.has(offset)).length)
    }
    if (size < pageBits) {
      const octet = Number(from % pageBits) / 8
      return BigInt(bitsIn(pages.get(`0/${first}`)?.subarray(octet, octet + Number(size) / 8)))
    }
    return lowest
      .filter(({ index }) => index >= first && index < first + size / pageBits)
      .reduce((sum, { page }) => sum + BigInt(bitsIn(page)), 0n)
  }
  return {
    pool,
    inUse,
    free: usable(pool) - inUse,
    next: next === undefined ? undefined : subnet.first.plus(next),
    isInUse: (offset) => bitmap.has(offset),
    inUseAmong,
    usedPages: lowest.map(({ index }) => index * pageBits),
  }
}

/** Of a pool that several machines share: `offsets` are in use, and only etcd knows which address is next. */
export function usageOf(pool: Pool, offsets: ReadonlySet<bigint>): PoolUsage {
  const pages = new Set([...offsets].map((offset) => (offset / pageBits) * pageBits))
  return {
    pool,
    inUse: BigInt(offsets.size),
    free: usable(pool) - BigInt(offsets.size),
    next: undefined,
    isInUse: (offset) => offsets.has(offset),
    inUseAmong: (from, size) =>
      BigInt([...offsets].filter((offset) => offset >= from && offset < from + size).length),
    usedPages: [...pages].toSorted((one, other) => (one < other ? -1 : 1)),
  }
}

/** The number of addresses that may be allocated. */
function usable(pool: Pool): bigint {
  const range = new AddressRange(pool.subnet.first, pool.subnet.last)
  return intervalsOf({ ...pool, range }).reduce((sum, [first, last]) => sum + last - first + 1n, 0n)
}

const bitsOfOctet = Uint8Array.from(
  { length: 256 },
  (_, octet) => octet.toString(2).replaceAll('0', '').length,
)

function bitsIn(octets: Uint8Array = new Uint8Array(0)): number {
  return octets.reduce((sum, octet) => sum + (bitsOfOctet[octet] ?? 0), 0)
}
