// Measures lines of several points: places on them by their distance from the start, and pieces of them.
import type { Point } from './contents.ts'

export function lengthOfLine(points: readonly Point[]): number {
  return piecesOf(points).reduce((sum, { length }) => sum + length, 0)
}

/** The place at this distance from the start; one that is too large or negative gives an end. */
export function pointAt(points: readonly Point[], distance: number): Point {
  let left = Math.max(0, distance)
  for (const { from, to, length } of piecesOf(points)) {
    if (left <= length && length > 0) {
      const part = left / length
      return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }
    }
    left -= length
  }
  return points.at(-1) ?? { x: 0, y: 0 }
}

/** The piece from one distance to another, backwards if the second is the smaller. */
export function pieceOf(points: readonly Point[], from: number, to: number): readonly Point[] {
  if (from > to) return pieceOf(points, to, from).toReversed()
  let passed = 0
  const corners = piecesOf(points).flatMap(({ to: corner, length }) => {
    passed += length
    return passed > from && passed < to ? [corner] : []
  })
  return [pointAt(points, from), ...corners, pointAt(points, to)]
}

function piecesOf(points: readonly Point[]) {
  return points.slice(1).flatMap((to, index) => {
    const from = points[index]
    return from ? [{ from, to, length: Math.hypot(to.x - from.x, to.y - from.y) }] : []
  })
}
