// Computes the layout of a topology: sizes follow from the texts; ELK places the boxes and routes the wires without overlaps.
import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk.bundled.js'
import { besideNodes } from './beside.ts'
import { edgesOf, idOf, type Edge } from './edges.ts'
import {
  captionOf,
  contentsOf,
  isAcross,
  isLeaf,
  leafWidths,
  type Box,
  type Caption,
  type Contents,
  type Point,
  type Style,
} from './contents.ts'
import { placer } from './place.ts'
import { routerOf } from './router.ts'
import { sidesOf, type Sides } from './sides.ts'
import type { Device, Topology, TopologyNode } from './topology.ts'

export type { Point }

export type PlacedDevice = {
  /** `host/eth0`. */
  readonly id: string
  readonly name: string
  readonly box: Box
  readonly isBridge: boolean
  readonly up: boolean
  readonly contents: Contents
}

export type PlacedNode = {
  readonly node: TopologyNode
  readonly box: Box
  /** The area for the name and the marks, where no wire runs. */
  readonly caption: Box
  readonly devices: readonly PlacedDevice[]
  /** Where the node itself works on a packet, between its devices: its routing, its hooks and its programs. */
  readonly router: Point
}

export type Wire = Pick<Edge, 'id' | 'kind' | 'up'> & {
  /** The ids of its devices, in the order of the points. */
  readonly from: string
  readonly to: string
  readonly points: readonly Point[]
}

export type Layout = {
  readonly width: number
  readonly height: number
  readonly nodes: readonly PlacedNode[]
  readonly wires: readonly Wire[]
}

export async function layoutOf(topology: Topology, style: Style): Promise<Layout> {
  const sides = sidesOf(topology)
  const edges = edgesOf(topology, sides)
  const beside = style.hasTunnelsBeside
    ? edges.filter((edge) => edge.kind === 'tunnel' && isBetweenEquals(edge, sides))
    : []
  const width = leafWidths(topology, sides, style)
  const caption = (node: TopologyNode) => captionOf(node, width(node), sides, style)
  const graph: ElkNode = {
    id: 'root',
    layoutOptions: optionsOf(style),
    children: inOrderOfPlugs(topology, sides).map((node) =>
      elkNode(node, caption(node), edges, sides, style),
    ),
    edges: edges
      .filter((edge) => !beside.includes(edge))
      .map(({ id, from, to }) => ({ id, sources: [from], targets: [to] })),
  }
  const root = await placer.place(graph)
  const nodes = topology.nodes.map((node) =>
    placedNode(node, child(root, node.name), caption(node), style),
  )
  const ways = beside.map(({ from, to }, index) =>
    besideNodes(nodes, { from, to, place: (index + 1) / (beside.length + 1) }, style),
  )
  if (ways.includes(null)) return layoutOf(topology, { ...style, hasTunnelsBeside: false })
  const routed = new Map([
    ...(root.edges?.map((edge) => [edge.id, pointsOf(edge)] as const) ?? []),
    ...beside.map(({ id }, index) => [id, ways[index] ?? []] as const),
  ])
  const wires = edges.map((edge) => Object.assign({ points: routed.get(edge.id) ?? [] }, edge))
  return {
    width: root.width ?? 0,
    height: root.height ?? 0,
    nodes: nodes.map((placed) => Object.assign(placed, { router: routerOf(placed, wires) })),
    wires: wires.flatMap(({ id, kind, up, fromDevice: from, toDevice: to, points, isDrawn }) =>
      isDrawn ? [{ id, kind, up, from, to, points }] : [],
    ),
  }
}

/** ELK would place the nodes of a tunnel behind each other. */
function isBetweenEquals({ fromDevice, toDevice }: Edge, { distance }: Sides): boolean {
  const [from = '', to = ''] = [fromDevice.split('/')[0], toDevice.split('/')[0]]
  return from !== to && distance(from) === distance(to)
}

/** In the order of the interfaces that they are attached to: ELK keeps both orders, and would cross the wires otherwise. */
function inOrderOfPlugs({ nodes, cables }: Topology, sides: Sides): readonly TopologyNode[] {
  const plugs = new Map(
    cables.map((cable) => {
      const [from, { node, link }] = sides.inOrder(cable)
      const hub = nodes.find(({ name }) => name === node)
      const place = hub?.interfaces.findIndex(({ name }) => name === link) ?? 0
      return [from.node, { hub: node, place }]
    }),
  )
  const hubOf = ({ name }: TopologyNode) => plugs.get(name)?.hub
  const placeOf = ({ name }: TopologyNode) => plugs.get(name)?.place ?? 0
  const waiting = new Map(
    [...new Set(nodes.map(hubOf))].map((hub) => [
      hub,
      nodes.filter((node) => hubOf(node) === hub).toSorted((a, b) => placeOf(a) - placeOf(b)),
    ]),
  )
  // Only nodes of the same hub change places with each other.
  return nodes.map((node) => waiting.get(hubOf(node))?.shift() ?? node)
}

function elkNode(
  node: TopologyNode,
  caption: Caption,
  edges: readonly Edge[],
  sides: Sides,
  style: Style,
): ElkNode {
  const { name, interfaces, bridges } = node
  const { top, bottom, left } = caption.padding
  // Without a value, ELK takes 20.
  const [width, height] = [Math.max(1, caption.minimum.width), Math.max(1, caption.minimum.height)]
  const { pad } = style
  // An empty box is not laid out inside, and only takes room.
  if (bridges.length + interfaces.length === 0) return { id: name, width, height }
  return {
    id: name,
    layoutOptions: {
      'elk.padding': `[top=${top + pad.y},left=${left + pad.x},bottom=${bottom + pad.y},right=${pad.x}]`,
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      // ELK rotates a vertical picture while it works, but does not rotate this value.
      'elk.nodeSize.minimum': isAcross(style) ? `(${width}, ${height})` : `(${height}, ${width})`,
      ...spacing({ ...style.gap, layer: style.gap.inner ?? style.gap.layer }),
    },
    children: [
      // The first stands at the left.
      ...(caption.isPart ? [{ id: captionId(name), ...caption.minimum }] : []),
      ...bridges.map((bridge) => elkBridge(bridge, node, edges, style)),
      ...interfaces.map((device) => elkDevice(device, node, sides, style)),
    ],
    // It keeps the caption between the uplinks and the border.
    edges: caption.isPart
      ? interfaces
          .filter((link) => sides.isUplink(name, link.name))
          .map((link) => ({
            id: `${captionId(name)} ${link.name}`,
            sources: [idOf(name, link.name)],
            targets: [captionId(name)],
          }))
      : [],
  }
}

function captionId(node: string): string {
  return `caption of ${node}`
}

function elkDevice(device: Device, node: TopologyNode, sides: Sides, style: Style): ElkNode {
  const { width, height } = contentsOf(device, style)
  const isRight = isLeaf(node, sides) || sides.isUplink(node.name, device.name)
  const alignment = isRight ? 'RIGHT' : 'LEFT'
  return {
    id: idOf(node.name, device.name),
    width,
    height,
    ...(isAcross(style) ? { layoutOptions: { 'elk.alignment': alignment } } : {}),
  }
}

/** As long as all its ports together, each opposite the device that is attached to it. */
function elkBridge(
  device: Device,
  { name, interfaces }: TopologyNode,
  edges: readonly Edge[],
  style: Style,
): ElkNode {
  const id = idOf(name, device.name)
  const across = isAcross(style)
  const { width, height } = contentsOf(device, style)
  const socket = (edge: Edge) => {
    const port = interfaces.find((link) =>
      [edge.fromDevice, edge.toDevice].includes(idOf(name, link.name)),
    )
    const size = port === undefined ? { width: 0, height: 0 } : contentsOf(port, style)
    return across ? size.height : size.width
  }
  const incoming = row(
    edges.filter(({ toDevice }) => toDevice === id),
    socket,
    style,
  )
  const outgoing = row(
    edges.filter(({ fromDevice }) => fromDevice === id),
    socket,
    style,
  )
  const length = Math.max(across ? height : width, incoming.length, outgoing.length)
  const place = (side: string, { sockets, length: taken }: ReturnType<typeof row>, depth: number) =>
    sockets.map(({ port, middle }) => {
      const along = middle + (length - taken) / 2
      const [x, y] = across ? [depth, along] : [along, depth]
      return { id: port, x, y, width: 0, height: 0, layoutOptions: { 'elk.port.side': side } }
    })
  return {
    id,
    width: across ? width : length,
    height: across ? length : height,
    layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
    ports: across
      ? [...place('WEST', incoming, 0), ...place('EAST', outgoing, width)]
      : [...place('SOUTH', incoming, height), ...place('NORTH', outgoing, 0)],
  }
}

/** Sockets side by side, as far apart as the devices that are attached to them. */
function row(edges: readonly Edge[], sizeOf: (edge: Edge) => number, style: Style) {
  let length = 0
  const sockets = edges.map((edge) => {
    const size = sizeOf(edge)
    const middle = length + size / 2
    length += size + style.gap.device
    return { port: edge.socket ?? '', middle }
  })
  return { sockets, length: Math.max(0, length - style.gap.device) }
}

function optionsOf(style: Style) {
  const { gap, direction } = style
  return {
    'elk.algorithm': 'layered',
    'elk.direction': direction,
    'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
    'elk.edgeRouting': 'ORTHOGONAL',
    'elk.json.edgeCoords': 'ROOT',
    'elk.json.shapeCoords': 'ROOT',
    'elk.padding': `[top=${gap.margin},left=${gap.margin},bottom=${gap.margin},right=${gap.margin}]`,
    ...spacing(style.gap),
    // By name, where that does not cross more wires.
    'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
    // Centred layers save room; otherwise the wires are as straight as possible.
    'elk.layered.nodePlacement.strategy': style.isCentred ? 'SIMPLE' : 'NETWORK_SIMPLEX',
    'elk.layered.nodePlacement.favorStraightEdges': 'true',
  }
}

/** Also for the boxes inside a node, which do not inherit these options. */
function spacing(gap: Style['gap']) {
  return {
    'elk.spacing.nodeNode': String(gap.device),
    'elk.layered.spacing.nodeNodeBetweenLayers': String(gap.layer),
    'elk.spacing.edgeNode': String(gap.wire),
    'elk.spacing.edgeEdge': String(gap.wire),
    'elk.layered.spacing.edgeNodeBetweenLayers': String(gap.wire),
    'elk.layered.spacing.edgeEdgeBetweenLayers': String(gap.wire),
  }
}

function placedNode(
  node: TopologyNode,
  placed: ElkNode,
  caption: Caption,
  style: Style,
): Omit<PlacedNode, 'router'> {
  const box = boxOf(placed)
  const bridges = new Set(node.bridges.map(({ name }) => name))
  return {
    node,
    box,
    caption: caption.place(caption.isPart ? boxOf(child(placed, captionId(node.name))) : box),
    devices: [...node.bridges, ...node.interfaces].map((device) => ({
      id: idOf(node.name, device.name),
      name: device.name,
      box: boxOf(child(placed, idOf(node.name, device.name))),
      isBridge: bridges.has(device.name),
      up: device.up,
      contents: contentsOf(device, style),
    })),
  }
}

function child(parent: ElkNode, id: string): ElkNode {
  return parent.children?.find((candidate) => candidate.id === id) ?? { id }
}

function boxOf({ x = 0, y = 0, width = 0, height = 0 }: ElkNode): Box {
  return { x, y, width, height }
}

function pointsOf(edge: ElkExtendedEdge | undefined): readonly Point[] {
  const points = (edge?.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) =>
    [startPoint].concat(bendPoints, endPoint),
  )
  return squared(points)
}

/** Straightens wires: where a wire passes a border, ELK may shift its two halves by a fraction of a pixel. */
function squared(points: readonly Point[]): readonly Point[] {
  const straight: Point[] = []
  for (const { x, y } of points) {
    const last = straight.at(-1)
    if (last && Math.abs(last.x - x) <= almost) straight.push({ x: last.x, y })
    else if (last && Math.abs(last.y - y) <= almost) straight.push({ x, y: last.y })
    else straight.push({ x, y })
  }
  return straight
}

const almost = 1
