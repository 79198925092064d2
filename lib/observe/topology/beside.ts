// Routes a tunnel between two nodes at the same distance from the Internet along their outer borders, so that both stay side by side.
import { isAcross, type Box, type Point, type Style } from './contents.ts'

type Placed = {
  readonly box: Box
  readonly caption: Box
  readonly devices: readonly { readonly id: string; readonly box: Box }[]
}

/** @returns null if the way would run through a text: then the nodes must stand otherwise. */
export function besideNodes(
  nodes: readonly Placed[],
  { from, to, place }: { readonly from: string; readonly to: string; readonly place: number },
  style: Style,
): readonly Point[] | null {
  const [start, end] = [endOf(nodes, from), endOf(nodes, to)]
  if (!start || !end) return null
  const points = isAcross(style)
    ? between(start, end, style.pad.x * place)
    : between(turned(start), turned(end), style.pad.y * place).map(({ x, y }) => ({ x: y, y: x }))
  const texts = nodes.flatMap(({ caption, devices }) => [caption, ...devices.map(({ box }) => box)])
  return texts.some((text) => runsThrough(points, text)) ? null : points
}

type End = { readonly device: Box; readonly node: Box; readonly isTurned?: true }

/** From the side of the device that is away from the Internet, within the border of its node, to the other node. */
function between(start: End, end: End, depth: number): readonly Point[] {
  const [first, last] = [port(start), port(end)]
  const [outer, inner] = [rim(start, depth), rim(end, depth)]
  const points = [first, { x: outer, y: first.y }]
  if (outer !== inner) {
    const [upper, lower] = start.node.y < end.node.y ? [start, end] : [end, start]
    const middle = (upper.node.y + upper.node.height + lower.node.y) / 2
    points.push({ x: outer, y: middle }, { x: inner, y: middle })
  }
  return [...points, { x: inner, y: last.y }, last]
}

function port({ device, isTurned }: End): Point {
  return { x: isTurned ? device.x + device.width : device.x, y: device.y + device.height / 2 }
}

function rim({ node, isTurned }: End, depth: number): number {
  return isTurned ? node.x + node.width - depth : node.x + depth
}

/** Upwards, the outer border is the lower one: with its axes exchanged, the right one. */
function turned({ device, node }: End): End {
  return { device: exchanged(device), node: exchanged(node), isTurned: true }
}

function exchanged({ x, y, width, height }: Box): Box {
  return { x: y, y: x, width: height, height: width }
}

function endOf(nodes: readonly Placed[], id: string): End | undefined {
  for (const { box: node, devices } of nodes) {
    const device = devices.find((each) => each.id === id)
    if (device) return { device: device.box, node }
  }
  return undefined
}

function runsThrough(points: readonly Point[], { x, y, width, height }: Box): boolean {
  return points.slice(1).some((to, index) => {
    const from = points[index] ?? to
    return (
      Math.max(from.x, to.x) > x + 1 &&
      Math.min(from.x, to.x) < x + width - 1 &&
      Math.max(from.y, to.y) > y + 1 &&
      Math.min(from.y, to.y) < y + height - 1
    )
  })
}
