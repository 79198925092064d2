// Lists the texts of each box and the room that they need, in the unit of the drawing: pixels or terminal cells.
import { lengthOf } from './characters.ts'
import type { Sides } from './sides.ts'
import type { Device, Interface, Topology, TopologyNode } from './topology.ts'

export type Point = { readonly x: number; readonly y: number }

export type Box = {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export type Style = {
  /** Towards the Internet. */
  readonly direction: 'RIGHT' | 'UP'
  /** Takes less room; wires have more corners. */
  readonly isCentred?: true
  /** Upwards, the caption of a node with wires above and below stands above its devices, and the wires run beside it. */
  readonly hasCaptionAbove?: true
  /** Draws tunnels along the borders of nodes, which then stand side by side. */
  readonly hasTunnelsBeside?: boolean
  readonly character: number
  /** Of the name of a node, which is written larger. */
  readonly titleCharacter: number
  readonly line: number
  readonly titleLine: number
  /** Of a device, between its border and its words. */
  readonly inset: { readonly x: number; readonly y: number }
  /** Of a node, between its border and what is in it. */
  readonly pad: { readonly x: number; readonly y: number }
  /** What stands before the words of a mark. */
  readonly bullet: number
  readonly gap: {
    readonly margin: number
    readonly device: number
    readonly layer: number
    /** Between layers inside a node; without it, like the others. */
    readonly inner?: number
    readonly wire: number
  }
}

export type Contents = {
  readonly name: string
  readonly lines: readonly string[]
  readonly width: number
  readonly height: number
}

export type Caption = {
  /** Laid out as a part of the node, so that wires run around it. */
  readonly isPart?: true
  readonly padding: { readonly top: number; readonly bottom: number; readonly left: number }
  readonly minimum: { readonly width: number; readonly height: number }
  readonly place: (node: Box) => Box
}

export function isAcross({ direction }: Style): boolean {
  return direction === 'RIGHT'
}

/** Whether nothing is attached to the node on the side away from the Internet: it is an end of the network. */
export function isLeaf(node: TopologyNode, { has }: Sides): boolean {
  return node.bridges.length === 0 && has(node.name, 'uplink') && !has(node.name, 'downlink')
}

/** The room for the texts of each node; ends above each other are equally wide. */
export function leafWidths(
  topology: Topology,
  sides: Sides,
  style: Style,
): (node: TopologyNode) => number {
  const needed = (node: TopologyNode) =>
    Math.max(
      captionWidth(node, style),
      ...node.interfaces.map((device) => contentsOf(device, style).width),
    )
  return (node) =>
    isAcross(style) && isLeaf(node, sides)
      ? Math.max(
          ...topology.nodes
            .filter(
              (other) =>
                isLeaf(other, sides) && sides.distance(other.name) === sides.distance(node.name),
            )
            .map(needed),
        )
      : captionWidth(node, style)
}

/** A device's name and state, and its addresses. */
export function contentsOf(device: Device & Partial<Interface>, style: Style): Contents {
  const name = [device.name, ...(device.up ? [] : ['(down)'])].join(' ')
  const unusual = device.kind !== undefined && !['veth', 'bridge'].includes(device.kind)
  const lines = [
    ...(unusual ? [`type ${device.kind}`] : []),
    ...(device.vni === undefined ? [] : [`VNI ${device.vni}`]),
    ...device.addresses,
    ...(device.leadsElsewhere ? ['leads elsewhere'] : []),
  ]
  const longest = Math.max(...[name, ...lines].map((text) => lengthOf(text)))
  return {
    name,
    lines,
    width: Math.ceil(longest * style.character) + 2 * style.inset.x,
    height: (1 + lines.length) * style.line + 2 * style.inset.y,
  }
}

/** The name and the marks stand on a side without wires, which depends on the direction of the drawing. */
export function captionOf(node: TopologyNode, width: number, sides: Sides, style: Style): Caption {
  const { pad } = style
  const height = style.titleLine + node.marks.length * style.line
  const [padding, minimum] = [
    { top: 0, bottom: 0, left: 0 },
    { width: width + 2 * pad.x, height: 0 },
  ]
  const side = sideOf(node.name, sides, style)
  if (side === 'left' && style.hasCaptionAbove) {
    const place = ({ x, y }: Box) => ({ x, y, width, height })
    return { isPart: true, padding, minimum: { width, height }, place }
  }
  if (side === 'left') {
    return {
      padding: { ...padding, left: width + pad.x },
      minimum: { width: 0, height: height + 2 * pad.y },
      place: ({ x, y }) => ({ x: x + pad.x, y: y + pad.y, width, height }),
    }
  }
  // Without a device, its own padding is enough.
  const isEmpty = node.bridges.length + node.interfaces.length === 0
  const room = isEmpty ? height : height + pad.y
  // Devices that are attached at the right stand at the right.
  const widest = Math.max(0, ...node.interfaces.map((link) => contentsOf(link, style).width))
  const left = isAcross(style) && isLeaf(node, sides) ? width - widest : 0
  return {
    padding: { ...padding, left, [side]: room },
    minimum: { ...minimum, height: isEmpty ? height + 2 * pad.y : 0 },
    place: (box) => ({
      x: box.x + pad.x,
      y: side === 'top' ? box.y + pad.y : box.y + box.height - pad.y - height,
      width,
      height,
    }),
  }
}

function captionWidth(node: TopologyNode, style: Style): number {
  const longest = Math.max(0, ...node.marks.map(({ text }) => lengthOf(text)))
  const marks = node.marks.length === 0 ? 0 : style.bullet + longest * style.character
  return Math.ceil(Math.max(lengthOf(node.name) * style.titleCharacter, marks))
}

function sideOf(node: string, { has }: Sides, style: Style): 'top' | 'bottom' | 'left' {
  if (isAcross(style)) return 'top'
  if (!has(node, 'downlink')) return has(node, 'uplink') ? 'bottom' : 'top'
  return has(node, 'uplink') ? 'left' : 'top'
}
