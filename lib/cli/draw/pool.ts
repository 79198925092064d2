// The picture of a pool for a terminal: its bitmap, what the characters mean, and the figures.
import type { ChalkInstance } from 'chalk'
import type { PoolUsage } from '../../ipam/usage.ts'
import { cells, draw, type Row } from './cells.ts'

/** @returns lines of at most 80 columns; `chalk` colours them, or none does. */
export function drawPool(network: string, usage: PoolUsage, chalk?: ChalkInstance): string {
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
    ...(isWhole ? [] : [`  handed out: ${range}`]),
    ...lines,
    `  ${blockSize === 1n ? legend(rows, chalk) : blockLegend(blockSize)}`,
    `  ${figure(inUse)} in use, ${figure(free)} free; next: ${next ?? 'none, all are in use'}`,
  ]
    .map((line) => `${line}\n`)
    .join('')

  function dim(text: string): string {
    return chalk ? chalk.dim(text) : text
  }
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
  [cells.kept, 'kept back'],
  [cells.elsewhere, 'on request only'],
  [cells.next, 'next'],
]

function kindOf(cell: string): string {
  return meanings.find(([character]) => character === cell)?.[1] ?? ''
}

/** Of the characters that are there. */
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

/** The large numbers of IPv6 are near a power of two, and nobody reads their digits. */
function figure(count: bigint): string {
  if (count < longestFigure) return count.toLocaleString('en')
  const bits = count.toString(2).length - 1
  const isNext = count * 4n > 3n * (1n << BigInt(bits)) * 2n
  const power = isNext ? bits + 1 : bits
  return count === 1n << BigInt(power) ? `2^${power}` : `about 2^${power}`
}
