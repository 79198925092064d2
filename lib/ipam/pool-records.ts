// Reads and writes pools in the store: a pool's record, its pages and its cursor have keys of their own.
import { AddressRange } from '../address/address-range.ts'
import { addressBits, IpAddress } from '../address/ip-address.ts'
import { Subnet } from '../address/subnet.ts'
import { NetdojoError } from '../errors.ts'
import type { ReadTransaction, Transaction } from '../store/store.ts'
import { corruptValue } from '../store/stored.ts'
import { Bitmap, pageBits, type Pages } from './bitmap.ts'
import type { Pool } from './pool.ts'

type PoolRecord = {
  readonly subnet: string
  readonly gateway: string
  readonly range: string
  readonly reserved: readonly string[]
  readonly owner: string
  readonly requested?: true
}

const poolPrefix = 'ipam/pool/'
const cursorKey = (subnet: Subnet) => `ipam/cursor/${subnet}`
const pagePrefix = (subnet: Subnet) => `ipam/page/${subnet}/`

export function listPools(transaction: ReadTransaction): readonly Pool[] {
  return transaction
    .records<PoolRecord>(poolPrefix)
    .map(([key, record]) => decode(key, record))
    .toSorted((a, b) => a.subnet.first.compare(b.subnet.first))
}

/** @throws NetdojoError `pool-missing` */
export function readPool(transaction: ReadTransaction, subnet: Subnet): Pool {
  const key = `${poolPrefix}${subnet}`
  const record = transaction.record<PoolRecord>(key)
  if (record) return decode(key, record)
  throw new NetdojoError({
    code: 'pool-missing',
    operation: 'find the pool of',
    object: `${subnet}`,
    reason: 'the subnet has no pool',
    advice: ['create it first; another process may have removed it'],
  })
}

export function writePool(transaction: Transaction, pool: Pool): void {
  transaction.setRecord(`${poolPrefix}${pool.subnet}`, pool)
}

export function deletePool(transaction: Transaction, subnet: Subnet): void {
  for (const key of transaction.keys(pagePrefix(subnet))) transaction.delete(key)
  transaction.delete(cursorKey(subnet))
  transaction.delete(`${poolPrefix}${subnet}`)
}

/** The offset of the last allocated address; -1n when there is none. */
export function readCursor(transaction: ReadTransaction, subnet: Subnet): bigint {
  const key = cursorKey(subnet)
  const cursor = transaction.record<unknown>(key) ?? '-1'
  if (typeof cursor === 'string' && /^(-1|\d{1,39})$/.test(cursor)) return BigInt(cursor)
  throw corruptValue(key, 'it must be an offset in the pool')
}

export function writeCursor(transaction: Transaction, subnet: Subnet, offset: bigint): void {
  transaction.setRecord(cursorKey(subnet), `${offset}`)
}

/** The addresses in use, by their offset from the subnet's first. */
export function bitmapOf(transaction: Transaction, subnet: Subnet): Bitmap {
  const bits = addressBits(subnet.family) - subnet.prefixLength
  return new Bitmap(bits, pagesOf(transaction, subnet))
}

export function pagesOf(transaction: Transaction, subnet: Subnet): Pages {
  const prefix = pagePrefix(subnet)
  const key = (level: number, index: bigint) => `${prefix}${level}/${index.toString(16)}`
  return {
    get: (level, index) => pageAt(transaction, key(level, index)),
    set: (level, index, page) => transaction.setBytes(key(level, index), page),
    delete: (level, index) => transaction.delete(key(level, index)),
  }
}

/** @throws NetdojoError `state-corrupt` */
function pageAt(transaction: ReadTransaction, key: string): Uint8Array | undefined {
  const page = transaction.bytes(key)
  if (!page || (page.length > 0 && page.length % 4 === 0 && page.length <= longestPage)) return page
  throw corruptValue(key, 'it must be a page of a bitmap')
}

const longestPage = Number(pageBits) / 8

/** All existing pages, for readers. */
export function readPages(
  transaction: ReadTransaction,
  subnet: Subnet,
): readonly { readonly level: number; readonly index: bigint; readonly page: Uint8Array }[] {
  const prefix = pagePrefix(subnet)
  return transaction.keys(prefix).map((key) => {
    const [, level = '', index = ''] = /^(\d+)\/([0-9a-f]+)$/.exec(key.slice(prefix.length)) ?? []
    const page = pageAt(transaction, key)
    if (index === '' || page === undefined) throw corruptValue(key, 'it must be a page of a bitmap')
    return { level: Number(level), index: BigInt(`0x${index}`), page }
  })
}

function decode(key: string, record: PoolRecord): Pool {
  try {
    return {
      subnet: Subnet.parse(record.subnet),
      gateway: IpAddress.parse(record.gateway),
      range: AddressRange.parse(record.range),
      reserved: record.reserved.map((text) => AddressRange.parse(text)),
      owner: record.owner,
      ...(record.requested ? { requested: true as const } : {}),
    }
  } catch (cause) {
    throw corruptValue(
      key,
      `it must be a pool${cause instanceof NetdojoError ? `: ${cause.reason}` : ''}`,
      cause,
    )
  }
}
