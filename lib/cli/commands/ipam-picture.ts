// Draws the bitmap of an address pool in at most 80 columns: a small subnet whole, a larger one without long runs of one kind,
// and the largest as blocks of addresses.
import type { ChalkInstance } from 'chalk'
import { reasonToKeep } from '../../ipam/pool.ts'
import { IpAddress } from '../../address/ip-address.ts'
import type { PoolUsage } from '../../ipam/usage.ts'
import type { Holder } from '../../network/read-pools.ts'

/** The character for each kind of address. In `blocks`, a digit is the used part in tenths. */
const cells = {
  used: '#',
  free: '.',
  elsewhere: ':',
  kept: 'x',
  gateway: 'G',
  next: '>',
} as const

/** A row of cells from the address at `offset`, or a number of addresses of one kind that are not drawn. */
export type Row =
  | { readonly offset: bigint; readonly text: string }
  | { readonly skipped: bigint; readonly cell: string }

export type Drawing = {
  readonly rows: readonly Row[]
  /** The number of addresses per cell. */
  readonly blockSize: bigint
}

const width = 32n
/** The rows of a /24, which is always drawn whole. */
const smallSubnet = 8n
const mostRows = 24
/** A page has 512 rows; a pool with more used pages is drawn as blocks. */
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

/** The rows with different kinds of addresses, and between them the number of addresses not drawn. Undefined for too many rows. */
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

/** The offsets of rows, in order: all rows of a page with used addresses, and rows where a range or a mark begins or ends. */
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

export type DrawOptions = {
  /** Colours the picture; without it there are no colours. */
  readonly chalk?: ChalkInstance | undefined
  /** The machines that share the pool, with their addresses. */
  readonly holders?: readonly Holder[] | undefined
}

export function drawPool(
  network: string,
  usage: PoolUsage,
  { chalk, holders }: DrawOptions = {},
): string {
  const { pool, inUse, free, next } = usage
  const { subnet, gateway, range } = pool
  const { rows, blockSize } = draw(usage)
  const labelOf = (row: Row) => ('offset' in row ? `${subnet.first.plus(row.offset)}` : '')
  const labelWidth = Math.max(...rows.map((row) => labelOf(row).length))
  const lines = rows.map((row) => {
    const label = labelOf(row).padEnd(labelWidth)
    if ('text' in row) return `  ${dim(label)}  ${groups(row.text, chalk)}`
    return `  ${label}  ${dim(`… ${figure(row.skipped)} ${kindOf(row.cell)}`)}`
  })
  const isWhole = range.first.equals(subnet.first) && range.last.equals(subnet.last)
  return [
    `${chalk ? chalk.bold(network) : network}  ${subnet}, gateway ${gateway}`,
    ...(isWhole ? [] : [`  allocated from: ${range}`]),
    ...lines,
    `  ${blockSize === 1n ? legend(rows, chalk) : blockLegend(blockSize)}`,
    holders
      ? `  ${figure(inUse)} in use on ${holders.length} machine${holders.length === 1 ? '' : 's'}, ${figure(free)} free`
      : `  ${figure(inUse)} in use, ${figure(free)} free; next: ${next ?? 'none, all are in use'}`,
    ...(holders ?? []).map(holderLine),
  ]
    .map((line) => `${line}\n`)
    .join('')

  function dim(text: string): string {
    return chalk ? chalk.dim(text) : text
  }
}

const mostRuns = 4

/** `this machine (192.0.2.2): 10.80.0.2-10.80.0.4 web, 10.80.0.9` */
function holderLine({ id, name, machine, isHere, addresses }: Holder): string {
  const runs: { readonly first: string; last: string; readonly names: string[] }[] = []
  let before: bigint | undefined
  for (const { address, names } of addresses) {
    const { value } = IpAddress.parse(address)
    const run = runs.at(-1)
    if (run && before === value - 1n) {
      run.last = address
      run.names.push(...names)
    } else runs.push({ first: address, last: address, names: [...names] })
    before = value
  }
  const shown = runs.slice(0, mostRuns).map(({ first, last, names }) => {
    const range = first === last ? first : `${first}-${last}`
    return [range, ...names.slice(0, mostRuns), ...(names.length > mostRuns ? ['…'] : [])].join(' ')
  })
  const rest = runs.length > mostRuns ? ` and ${runs.length - mostRuns} more ranges` : ''
  const who = isHere ? 'this machine' : (name ?? 'a machine that is unknown')
  return `  ${who} (${machine ?? id}): ${shown.join(', ')}${rest}`
}

const groupLength = 8

function groups(text: string, chalk: ChalkInstance | undefined): string {
  const parts = text.match(new RegExp(`.{1,${groupLength}}`, 'g')) ?? []
  return parts.map((part) => colored(part, chalk)).join(' ')
}

function colored(text: string, chalk: ChalkInstance | undefined): string {
  if (!chalk) return text
  return text.replaceAll(/(.)\1*/g, (run: string, cell: string) => {
    if (cell === cells.free || cell === cells.elsewhere || cell === cells.kept)
      return chalk.dim(run)
    if (cell === cells.gateway) return chalk.cyan(run)
    return cell === cells.next ? chalk.green.bold(run) : chalk.yellow(run)
  })
}

const meanings: readonly (readonly [cell: string, meaning: string])[] = [
  [cells.used, 'in use'],
  [cells.free, 'free'],
  [cells.gateway, 'gateway'],
  [cells.kept, 'reserved'],
  [cells.elsewhere, 'on request only'],
  [cells.next, 'next'],
]

function kindOf(cell: string): string {
  return meanings.find(([character]) => character === cell)?.[1] ?? ''
}

/** Explains the characters that are drawn. */
function legend(rows: readonly Row[], chalk: ChalkInstance | undefined): string {
  const drawn = rows.map((row) => ('text' in row ? row.text : '')).join('')
  return meanings
    .filter(([cell]) => drawn.includes(cell))
    .map(([cell, meaning]) => `${colored(cell, chalk)} ${meaning}`)
    .join('   ')
}

function blockLegend(size: bigint): string {
  return `each ${figure(size)} addresses: . none in use   1-9 tenths in use   # all`
}

const longestFigure = 10n ** 12n

/** The large counts of IPv6 are near a power of two, which is easier to read than their digits. */
function figure(count: bigint): string {
  if (count < longestFigure) return count.toLocaleString('en')
  const bits = count.toString(2).length - 1
  const isNext = count * 4n > 3n * (1n << BigInt(bits)) * 2n
  const power = isNext ? bits + 1 : bits
  return count === 1n << BigInt(power) ? `2^${power}` : `about 2^${power}`
}
