// Finds the place of a node's own work between its devices: on the wire of its routing, or else in the widest gap beside a device.
import type { Box, Point } from './contents.ts'
import type { Edge } from './edges.ts'

type Placed = {
  readonly box: Box
  readonly caption: Box
  readonly devices: readonly { readonly id: string; readonly box: Box }[]
}

type Routed = Pick<Edge, 'kind' | 'isDrawn' | 'fromDevice' | 'toDevice'> & {
  readonly points: readonly Point[]
}

export function routerOf({ box, caption, devices }: Placed, wires: readonly Routed[]): Point {
  const ids = new Set(devices.map(({ id }) => id))
  const routing = wires
    .filter(({ kind, fromDevice }) => kind === 'routing' && ids.has(fromDevice))
    .toSorted((one, other) => Number(other.isDrawn) - Number(one.isDrawn))
  const onWire = routing[0] && middleOf(routing[0].points)
  if (onWire) return onWire
  const device = devices.find(({ id }) => wires.some((wire) => endsAt(wire, id))) ?? devices[0]
  if (!device) return { x: box.x + box.width / 2, y: box.y + box.height - 12 }
  const others = devices.filter((other) => other !== device).map((other) => other.box)
  const attached = wires.flatMap((wire) => (endsAt(wire, device.id) ? wire.points : []))
  return besides(device.box, box, [caption, ...others], attached)
}

function endsAt({ fromDevice, toDevice }: Routed, id: string): boolean {
  return fromDevice === id || toDevice === id
}

/** The middle of the longest part that is straight. */
function middleOf(points: readonly Point[]): Point | undefined {
  const parts = points.slice(1).map((to, index) => ({ from: points[index] ?? to, to }))
  const length = ({ from, to }: { readonly from: Point; readonly to: Point }) =>
    Math.abs(to.x - from.x) + Math.abs(to.y - from.y)
  const longest = parts.toSorted((one, other) => length(other) - length(one))[0]
  return (
    longest && {
      x: (longest.from.x + longest.to.x) / 2,
      y: (longest.from.y + longest.to.y) / 2,
    }
  )
}

/** How far a packet may stand out of the node, since it covers nothing there. */
const beyond = 14

/** Farther from a device, nobody would see that they belong together. */
const farthest = 36

function besides(
  { x, y, width, height }: Box,
  frame: Box,
  obstacles: readonly Box[],
  attached: readonly Point[],
): Point {
  const [middleX, middleY] = [x + width / 2, y + height / 2]
  const beside = obstacles.filter((each) => each.y < y + height && each.y + each.height > y)
  const along = obstacles.filter((each) => each.x < x + width && each.x + each.width > x)
  const leftEnds = beside.filter((each) => each.x < x).map((each) => each.x + each.width)
  const rightEnds = beside.filter((each) => each.x > x).map((each) => each.x)
  const upperEnds = along.filter((each) => each.y < y).map((each) => each.y + each.height)
  const lowerEnds = along.filter((each) => each.y > y).map((each) => each.y)
  const sides = [
    { gap: x - Math.max(frame.x - beyond, ...leftEnds), at: x, sign: -1, isAcross: true },
    {
      gap: Math.min(frame.x + frame.width + beyond, ...rightEnds) - x - width,
      at: x + width,
      sign: 1,
      isAcross: true,
    },
    { gap: y - Math.max(frame.y - beyond, ...upperEnds), at: y, sign: -1, isAcross: false },
    {
      gap: Math.min(frame.y + frame.height + beyond, ...lowerEnds) - y - height,
      at: y + height,
      sign: 1,
      isAcross: false,
    },
  ]
  const isFree = ({ at, isAcross }: (typeof sides)[number]) =>
    !attached.some((point) => Math.abs((isAcross ? point.x : point.y) - at) < 1)
  const [widest = sides[0]] = sides
    .filter(isFree)
    .toSorted((one, other) => spare(other) - spare(one))
  const { gap = 0, at = x, sign = 1, isAcross = true } = widest ?? {}
  // In a gap that is too narrow it stands on the frame rather than on the text of the device.
  const least = envelope[isAcross ? 'width' : 'height'] / 2
  const place = at + sign * Math.max(least, Math.min(gap / 2, farthest))
  return isAcross ? { x: place, y: middleY } : { x: middleX, y: place }
}

/** The room that a packet needs, with its distance to the device. */
const envelope = { width: 34, height: 24 }

function spare({ gap, isAcross }: { readonly gap: number; readonly isAcross: boolean }): number {
  return gap - envelope[isAcross ? 'width' : 'height']
}
