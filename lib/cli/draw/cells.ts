// A pool's bitmap as rows of characters: whole for a small subnet, long runs of one kind left out of a larger one, and
// blocks of addresses where even that would not fit on a screen.
import { reasonToKeep } from '../../ipam/pool.ts'
import type { PoolUsage } from '../../ipam/usage.ts'

/** What an address is, as the character that stands for it; the digits of `blocks` are tenths in use. */
export const cells = {
  used: '#',
  free: '.',
  elsewhere: ':',
  kept: 'x',
  gateway: 'G',
  next: '>',
} as const

/** A row of cells from the address at `offset` on; or so many addresses of one kind, not drawn. */
export type Row =
  | { readonly offset: bigint; readonly text: string }
  | { readonly skipped: bigint; readonly cell: string }

export type Drawing = {
  readonly rows: readonly Row[]
  /** Of addresses that one cell stands for. */
  readonly blockSize: bigint
}

const width = 32n
/** Rows that are drawn even if nothing is in them: a /24. */
const smallSubnet = 8n
const mostRows = 24
/** Of 512 rows each: more of them need blocks anyway. */
const mostPages = 16
const blockRows = 8n

export function draw(usage: PoolUsage): Drawing {
  const rows = usage.pool.subnet.size <= smallSubnet * width ? allRows(usage) : someRows(usage)
  if (rows && rows.length <= mostRows) return { rows, blockSize: 1n }
  return blocks(usage)
}

function allRows(usage: PoolUsage): readonly Row[] {
  const { size } = usage.pool.subnet
  const count = (size + width - 1n) / width
  return Array.from({ length: Number(count) }, (_, row) => rowAt(usage, BigInt(row) * width))
}

/** Every row in which something is, and between them how much is not drawn. Undefined: too many. */
function someRows(usage: PoolUsage): readonly Row[] | undefined {
  const { size } = usage.pool.subnet
  if (usage.usedPages.length > mostPages) return undefined
  const rows: Row[] = []
  const skip = (from: bigint, to: bigint, cell: string) => {
    const last = rows.at(-1)
    if (to <= from) return
    if (last && 'skipped' in last && last.cell === cell)
      rows[rows.length - 1] = { skipped: last.skipped + to - from, cell }
    else rows.push({ skipped: to - from, cell })
  }
  let drawnTo = 0n
  for (const offset of interestingRows(usage)) {
    skip(drawnTo, offset, cellAt(usage, drawnTo))
    const row = rowAt(usage, offset)
    if (isUniform(row.text)) skip(offset, offset + width, row.text[0] ?? '')
    else rows.push(row)
    drawnTo = offset + width
  }
  skip(drawnTo, size, cellAt(usage, drawnTo))
  return rows
}

/** In order: all that are in a page with addresses in use, and those in which something begins or ends. */
function interestingRows({ pool, next, usedPages }: PoolUsage): readonly bigint[] {
  const { subnet, gateway, range, reserved } = pool
  const edges = [range, ...reserved].flatMap(({ first, last }) => [first.value, last.value + 1n])
  const marks = [gateway, subnet.last, ...(next ? [next] : [])].map(({ value }) => value)
  const offsets = [...edges, ...marks].map((value) => value - subnet.first.value)
  const used = usedPages.flatMap((from) =>
    Array.from({ length: rowsOfPage }, (_, row) => from + BigInt(row) * width),
  )
  const rows = [0n, ...offsets, ...used].map((offset) => offset - (offset % width))
  return [...new Set(rows)]
    .filter((offset) => offset < subnet.size)
    .toSorted((a, b) => (a < b ? -1 : Number(a > b)))
}

const rowsOfPage = 512

function isUniform(text: string): boolean {
  return text === text[0]?.repeat(text.length)
}

function rowAt(usage: PoolUsage, offset: bigint) {
  const { size } = usage.pool.subnet
  const length = Number(offset + width > size ? size - offset : width)
  const text = Array.from({ length }, (_, column) => cellAt(usage, offset + BigInt(column)))
  return { offset, text: text.join('') }
}

function cellAt({ pool, next, isInUse }: PoolUsage, offset: bigint): string {
  if (offset >= pool.subnet.size) return cells.free
  const address = pool.subnet.first.plus(offset)
  if (address.equals(pool.gateway)) return cells.gateway
  if (isInUse(offset)) return cells.used
  if (reasonToKeep(pool, address) !== undefined) return cells.kept
  if (next?.equals(address)) return cells.next
  return pool.range.contains(address) ? cells.free : cells.elsewhere
}

function blocks({ pool, inUseAmong }: PoolUsage): Drawing {
  const { size } = pool.subnet
  const blockSize = size / (blockRows * width)
  const cell = (offset: bigint) => {
    const inUse = inUseAmong(offset, blockSize)
    if (inUse === 0n) return cells.free
    if (inUse === blockSize) return cells.used
    return String(Math.min(9, Math.max(1, Number((inUse * 10n) / blockSize))))
  }
  const rows = Array.from({ length: Number(blockRows) }, (_, row) => {
    const offset = BigInt(row) * width * blockSize
    const columns = Array.from({ length: Number(width) }, (_, column) => BigInt(column))
    return { offset, text: columns.map((column) => cell(offset + column * blockSize)).join('') }
  })
  return { rows, blockSize }
}
