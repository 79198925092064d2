// Draws boxes, lines and texts in character cells: lines that meet are joined, and texts cover lines.
import { charactersOf } from './characters.ts'
import type { Box } from './contents.ts'
import type { Point } from './contents.ts'

export type Charset = 'unicode' | 'ascii'

/** The character set of the terminal's locale; the variables in the order of locale(7). */
export function usualCharset(env: NodeJS.ProcessEnv = process.env): Charset {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || 'C.UTF-8'
  return /utf-?8/i.test(locale) ? 'unicode' : 'ascii'
}

type Border = 'single' | 'round' | 'double'
type Line = 'solid' | 'dashed' | 'double'

const [up, right, down, left] = [1, 2, 4, 8]

type Cell = {
  /** The sides of the cell through which lines leave. */
  sides: number
  /** The sides whose line is double. */
  doubles: number
  isRound: boolean
  isDashed: boolean
}

export class Canvas {
  readonly #charset: Charset
  readonly #cells = new Map<number, Map<number, Cell>>()
  readonly #words = new Map<number, Map<number, string>>()

  constructor(charset: Charset) {
    this.#charset = charset
  }

  /** A border does not cover wires: where a wire meets it, they are joined. */
  box({ x, y, width, height }: Box, border: Border): void {
    const [l, t] = [nearest(x), nearest(y)]
    // The position and the size of a node may be fractions.
    const [r, b] = [nearest(x + width) - 1, nearest(y + height) - 1]
    const corners: readonly Point[] = [
      { x: l, y: t },
      { x: r, y: t },
      { x: r, y: b },
      { x: l, y: b },
      { x: l, y: t },
    ]
    this.#path(corners, { isDouble: border === 'double', isDashed: false })
    if (border === 'round')
      for (const corner of corners) this.#cell(corner.x, corner.y).isRound = true
  }

  wire(points: readonly Point[], line: Line): void {
    const cells = points.map(({ x, y }) => ({ x: Math.floor(x), y: Math.floor(y) }))
    const style = { isDouble: line === 'double', isDashed: line === 'dashed' }
    this.#path(reachingBorders(cells, points), style)
  }

  write(x: number, y: number, words: string): void {
    const row = rowOf(this.#words, nearest(y))
    for (const [index, character] of charactersOf(printable(words, this.#charset)).entries())
      row.set(nearest(x) + index, character)
  }

  toString(): string {
    const rows = [...this.#cells.keys(), ...this.#words.keys()]
    const last = Math.max(-1, ...rows)
    return Array.from({ length: last + 1 }, (_, y) => `${this.#row(y).trimEnd()}\n`).join('')
  }

  #row(y: number): string {
    const [cells, words] = [this.#cells.get(y), this.#words.get(y)]
    const last = Math.max(-1, ...(cells?.keys() ?? []), ...(words?.keys() ?? []))
    return Array.from({ length: last + 1 }, (_, x) => {
      const cell = cells?.get(x)
      return words?.get(x) ?? (cell ? this.#character(cell) : ' ')
    }).join('')
  }

  #path(points: readonly Point[], line: { isDouble: boolean; isDashed: boolean }): void {
    for (const [index, to] of points.slice(1).entries()) {
      const from = points[index]
      if (!from) continue
      const [stepX, stepY] = [Math.sign(to.x - from.x), Math.sign(to.y - from.y)]
      const ahead = stepX === 0 ? (stepY > 0 ? down : up) : stepX > 0 ? right : left
      const back = stepX === 0 ? (stepY > 0 ? up : down) : stepX > 0 ? left : right
      for (let { x, y } = from; x !== to.x || y !== to.y; x += stepX, y += stepY) {
        this.#join(x, y, ahead, line)
        this.#join(x + stepX, y + stepY, back, line)
      }
    }
  }

  #join(x: number, y: number, side: number, line: { isDouble: boolean; isDashed: boolean }): void {
    const cell = this.#cell(x, y)
    cell.isDashed = line.isDashed && (cell.sides === 0 || cell.isDashed)
    cell.sides |= side
    if (line.isDouble) cell.doubles |= side
  }

  #cell(x: number, y: number): Cell {
    const row = rowOf(this.#cells, y)
    const cell = row.get(x) ?? { sides: 0, doubles: 0, isRound: false, isDashed: false }
    row.set(x, cell)
    return cell
  }

  #character({ sides, doubles, isRound, isDashed }: Cell): string {
    if (this.#charset === 'ascii') return ascii(sides, doubles, isDashed)
    const straight = isDashed ? dashes[sides] : undefined
    const corner = isRound ? rounded[sides] : undefined
    return straight ?? corner ?? mixed.get(`${sides} ${doubles}`) ?? light[sides] ?? ' '
  }
}

/** The index is the sum of the sides: up 1, right 2, down 4, left 8. */
const light = charactersOf(' ╵╶└╷│┌├╴┘─┴┐┤┬┼')
const double = charactersOf(' ║═╚║║╔╠═╝═╩╗╣╦╬')
const rounded: Readonly<Record<number, string>> = { 3: '╰', 6: '╭', 9: '╯', 12: '╮' }
const dashes: Readonly<Record<number, string>> = { 5: '┆', 10: '┄' }

/** Where a single line meets a double one: all sides, and the double ones. */
const mixed: ReadonlyMap<string, string> = new Map([
  ...double.map((character, sides) => [`${sides} ${sides}`, character] as const),
  ['11 10', '╧'],
  ['14 10', '╤'],
  ['7 5', '╟'],
  ['13 5', '╢'],
  ['15 10', '╪'],
  ['15 5', '╫'],
])

function ascii(sides: number, doubles: number, isDashed: boolean): string {
  if (sides === (up | down)) return isDashed ? ':' : '|'
  if (sides === (left | right)) return isDashed ? '.' : doubles === sides ? '=' : '-'
  return '+'
}

/** A wire ends in the cell of the border; at the right and lower side, that is one before the edge. */
function reachingBorders(cells: readonly Point[], points: readonly Point[]): readonly Point[] {
  const end = (at: number, inner: number): Point => {
    const [cell, point, next] = [cells.at(at), points.at(at), points.at(inner)]
    if (!cell || !point || !next) return { x: 0, y: 0 }
    // Boxes are rounded to the nearest cell, and the edge of a box lies between two cells.
    if (next.y === point.y)
      return { x: next.x > point.x ? nearest(point.x) - 1 : nearest(point.x), y: cell.y }
    return { x: cell.x, y: next.y > point.y ? nearest(point.y) - 1 : nearest(point.y) }
  }
  return [end(0, 1), ...cells.slice(1, -1), end(-1, -2)]
}

/** Rounds halves up, so that `Math.floor` of a point between two cells stays inside its box. */
function nearest(value: number): number {
  return Math.round(value)
}

function rowOf<Value>(rows: Map<number, Map<number, Value>>, y: number): Map<number, Value> {
  const row = rows.get(y) ?? new Map<number, Value>()
  rows.set(y, row)
  return row
}

/** One character for each cell, without control characters. */
function printable(words: string, charset: Charset): string {
  const harmless = words.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{M}]/gu, '?')
  return charset === 'ascii' ? harmless.replaceAll(/[^\x20-\x7E]/gu, '?') : harmless
}
