// Maps the hops of a packet to places and lines of a picture: the page and the tests move an envelope along them. A stop is never over
// the text of a device.
import type { Hop, Way } from '../observe/journey/journey.ts'
import type { Fold } from '../observe/topology/fold.ts'
import type { Layout, PlacedNode, Point, Wire } from '../observe/topology/layout.ts'
import { lengthOfLine, pieceOf, pointAt } from '../observe/topology/lines.ts'

/** Where a packet is after a hop. */
export type Stop = {
  readonly node: string
  /** The device that the hop names, as `host/br0`; null for what the node itself does. */
  readonly device: string | null
  /** The centre of the envelope. */
  readonly at: Point
  /** The line from the stop before to this one; only this one if the packet does not move. */
  readonly path: readonly Point[]
  /** The ids of the wires that the line runs on. */
  readonly wires: readonly string[]
}

export type Stops = {
  /** One for each hop of the way. */
  readonly stops: readonly Stop[]
  /** Where the packet ended, if it was dropped. */
  readonly end: Stop | null
  /** One list for each copy of the way. */
  readonly copies: readonly (readonly Stop[])[]
}

/** A place on a wire, or beside all wires. */
type Place =
  | { readonly wire: Wire; readonly distance: number }
  | { readonly free: Point; readonly node: string }

/** @param folds the nodes of the picture that stand for several: a hop in one of those is a hop there. */
export function ways(layout: Layout, whole: Way, folds: readonly Fold[] = []): Stops {
  const way = folds.length === 0 ? whole : inFolds(whole, folds)
  const places = placesOf(layout, way.hops)
  const stops = stopsOf(way.hops, places)
  const copies = way.copies.map(({ after, hops }) => {
    const all = [...way.hops.slice(0, after + 1), ...hops]
    return stopsOf(all, placesOf(layout, all)).slice(after + 1)
  })
  return { stops, end: endOf(layout, way, places.at(-1)), copies }
}

/** The same way with the nodes and devices that the picture has. */
function inFolds(way: Way, folds: readonly Fold[]): Way {
  const devices: Readonly<Record<string, string>> = Object.assign(
    {},
    ...folds.map((fold) => fold.devices),
  )
  const node = (name: string) => folds.find(({ members }) => members.includes(name))?.name ?? name
  const device = (of: string, name: string) =>
    devices[`${of}/${name}`]?.slice(node(of).length + 1) ?? name
  const hop = (each: Hop): Hop => {
    const named = { node: node(each.node) }
    if (each.kind === 'leaves' || each.kind === 'enters' || each.kind === 'neighbour')
      return { ...each, ...named, interface: device(each.node, each.interface) }
    if (each.kind !== 'bridge') return { ...each, ...named }
    const from = each.from === null ? null : device(each.node, each.from)
    return { ...each, ...named, from, to: each.to.map((port) => device(each.node, port)) }
  }
  const { drop } = way
  return {
    ...way,
    hops: way.hops.map(hop),
    copies: way.copies.map((copy) => Object.assign({}, copy, { hops: copy.hops.map(hop) })),
    drop: drop && { ...drop, place: { ...drop.place, node: node(drop.place.node) } },
  }
}

/** A drop in the routing decision is at the router of the node; any other one is where the packet was seen last. */
function endOf(layout: Layout, { drop, hops }: Way, last: Place | undefined): Stop | null {
  if (!drop) return null
  const { node, device, hop } = drop.place
  const place =
    drop.where === 'routing decision' || !last ? routerPlace(layout, hops, hop, node) : last
  const id = device === null ? null : `${node}/${device}`
  return { node, device: id, at: pointOf(place), ...(last ? between(last, place) : alone(place)) }
}

function placesOf(layout: Layout, hops: readonly Hop[]): readonly Place[] {
  const places: Place[] = []
  for (const [index, { node }] of hops.entries())
    places.push(
      // The picture may lack a device: the envelope then stays where it is.
      placeOf(layout, hops, index) ?? places.at(-1) ?? routerPlace(layout, hops, index, node),
    )
  return places
}

function stopsOf(hops: readonly Hop[], places: readonly Place[]): readonly Stop[] {
  return places.flatMap((place, index) => {
    const [hop, before] = [hops[index], places[index - 1]]
    if (!hop) return []
    const { node } = hop
    const name = deviceOf(hop)
    const device = name === null ? null : `${node}/${name}`
    return { node, device, at: pointOf(place), ...(before ? between(before, place) : alone(place)) }
  })
}

function alone(place: Place): Pick<Stop, 'path' | 'wires'> {
  return { path: [pointOf(place)], wires: [] }
}

function deviceOf(hop: Hop): string | null {
  switch (hop.kind) {
    case 'leaves':
    case 'enters':
    case 'tunnel':
    case 'neighbour':
      return hop.interface
    case 'bridge':
      return hop.bridge
    default:
      return null
  }
}

function placeOf(layout: Layout, hops: readonly Hop[], index: number): Place | undefined {
  const hop = hops[index]
  if (!hop) return undefined
  if (hop.kind === 'leaves' || hop.kind === 'enters') {
    const id = `${hop.node}/${hop.interface}`
    return beside(wireAt(layout, id, 'cable'), id) ?? besideDevice(layout, id)
  }
  if (hop.kind === 'bridge') {
    const id = `${hop.node}/${hop.bridge}`
    const port = hop.from ?? hop.to[0]
    const plug = layout.wires.find(
      (wire) => wire.kind === 'plug' && joins(wire, id) && joins(wire, `${hop.node}/${port}`),
    )
    return beside(plug, id) ?? besideDevice(layout, id)
  }
  if (hop.kind === 'tunnel') return besideDevice(layout, `${hop.node}/${hop.interface}`)
  return routerPlace(layout, hops, index, hop.node)
}

/** On the wire between the devices that the packet is routed between; without one, the node's own free place. */
function routerPlace(layout: Layout, hops: readonly Hop[], index: number, node: string): Place {
  const [input, output] = [inputOf(hops, index), outputOf(hops, index)].map(
    (name) => `${node}/${name}`,
  )
  const routing = layout.wires.filter(
    ({ kind, from }) => kind === 'routing' && from.startsWith(`${node}/`),
  )
  const wire =
    routing.find((each) => joins(each, input) && joins(each, output)) ??
    routing.find((each) => joins(each, output)) ??
    routing.find((each) => joins(each, input))
  if (wire) return { wire, distance: lengthOfLine(wire.points) / 2 }
  return { free: nodeOf(layout, node)?.router ?? { x: 0, y: 0 }, node }
}

/** The device by which the packet came to the IP layer of the node: a bridge rather than its port. */
function inputOf(hops: readonly Hop[], index: number): string | null {
  const node = hops[index]?.node
  for (let at = index; at >= 0; at -= 1) {
    const hop = hops[at]
    if (!hop || hop.node !== node || hop.kind === 'leaves') return null
    if (hop.kind === 'hook' && hop.input !== null) return hop.input
    if (hop.kind === 'bridge') return hop.bridge
    if (hop.kind === 'enters') return hop.interface
  }
  return null
}

function outputOf(hops: readonly Hop[], index: number): string | null {
  const node = hops[index]?.node
  for (const hop of hops.slice(index)) {
    if (hop.node !== node || hop.kind === 'enters') return null
    if (hop.kind === 'hook' && hop.output !== null) return hop.output
    if (hop.kind === 'bridge') return hop.bridge
    if (hop.kind === 'leaves') return hop.interface
  }
  return null
}

/** Half an envelope, and a little: it stops this far from the border of a device. */
const distanceFromDevice = 17

function beside(wire: Wire | undefined, device: string): Place | undefined {
  if (!wire || wire.points.length === 0) return undefined
  const length = lengthOfLine(wire.points)
  const far = Math.min(distanceFromDevice, length / 2)
  return { wire, distance: wire.from === device ? far : length - far }
}

/** On any wire of the device, or below it. A tunnel may run along the border of its node, away from the packet's way. */
function besideDevice(layout: Layout, id: string): Place | undefined {
  const own = layout.wires.filter((each) => joins(each, id))
  const wire = own.find(({ kind }) => kind !== 'tunnel') ?? own[0]
  const found = beside(wire, id)
  if (found) return found
  for (const { node, box, devices } of layout.nodes) {
    const device = devices.find((each) => each.id === id)
    if (!device) continue
    const { x, y, width, height } = device.box
    return {
      free: { x: x + width / 2, y: Math.min(y + height + 10, box.y + box.height) },
      node: node.name,
    }
  }
  return undefined
}

function between(from: Place, to: Place): Pick<Stop, 'path' | 'wires'> {
  const [start, end] = [pointOf(from), pointOf(to)]
  if ('wire' in from && 'wire' in to) {
    const [one, other] = [from.wire, to.wire]
    if (one.id === other.id)
      return {
        path: steps(pieceOf(one.points, from.distance, to.distance)),
        wires: from.distance === to.distance ? [] : [one.id],
      }
    const shared = [one.from, one.to].find((device) => joins(other, device))
    if (shared !== undefined)
      return {
        path: steps([
          ...pieceOf(one.points, from.distance, distanceTo(one, shared)),
          ...pieceOf(other.points, distanceTo(other, shared), to.distance),
        ]),
        wires: [one.id, other.id],
      }
  }
  if ('wire' in to && 'free' in from) {
    // Out of the node by the nearer end of the wire.
    const ends = [to.wire.from, to.wire.to].filter((device) => device.startsWith(`${from.node}/`))
    const far = (device: string) => gap(start, pointAt(to.wire.points, distanceTo(to.wire, device)))
    const [near] = ends.toSorted((a, b) => far(a) - far(b))
    if (near !== undefined) {
      const line = pieceOf(to.wire.points, distanceTo(to.wire, near), to.distance)
      // At right angles, and behind the device.
      const corner = { x: start.x, y: line[0]?.y ?? start.y }
      return { path: steps([start, corner, ...line]), wires: [to.wire.id] }
    }
  }
  if ('wire' in from && 'free' in to) {
    const back = between(to, from)
    return { path: back.path.toReversed(), wires: back.wires }
  }
  return { path: steps([start, end]), wires: [] }
}

function distanceTo(wire: Wire, device: string): number {
  return wire.from === device ? 0 : lengthOfLine(wire.points)
}

function gap(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y)
}

/** Without points that repeat. */
function steps(points: readonly Point[]): readonly Point[] {
  return points.filter(({ x, y }, index) => {
    const before = points[index - 1]
    return !before || before.x !== x || before.y !== y
  })
}

function pointOf(place: Place): Point {
  return 'free' in place ? place.free : pointAt(place.wire.points, place.distance)
}

function joins(wire: Wire, device: string | undefined): boolean {
  return device !== undefined && (wire.from === device || wire.to === device)
}

function wireAt(layout: Layout, device: string, kind: Wire['kind']): Wire | undefined {
  return layout.wires.find((wire) => wire.kind === kind && joins(wire, device))
}

function nodeOf(layout: Layout, name: string): PlacedNode | undefined {
  return layout.nodes.find(({ node }) => node.name === name)
}
