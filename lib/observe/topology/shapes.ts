// Draws a layout as a tree of SVG shapes: the documentation writes the tree as text, and the page makes elements of it. It imports
// nothing that a browser lacks.
import { lengthOf } from './characters.ts'
import type { Box, Style } from './contents.ts'
import type { Layout, PlacedDevice, PlacedNode, Point, Wire } from './layout.ts'
import type { Mark } from './marks.ts'

export type Shape = {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string | number>>
  readonly children: readonly (Shape | string)[]
}

/**
 * Of the page, where the picture has 880 x 343 pixels and its texts 12: three namespaces stand above each other. An envelope has room
 * between two devices.
 */
export const pageStyle: Style = {
  direction: 'RIGHT',
  hasTunnelsBeside: true,
  character: 7.23,
  titleCharacter: 9.6,
  line: 18,
  titleLine: 23,
  inset: { x: 7, y: 3 },
  pad: { x: 10, y: 6 },
  bullet: 18,
  gap: { margin: 1, device: 8, layer: 22, inner: 38, wire: 9 },
}

/** Of a window of 1024, where the picture has 672 pixels. */
export const middleStyle: Style = {
  ...pageStyle,
  inset: { x: 6, y: 3 },
  pad: { x: 8, y: 6 },
}

/** Of a narrow screen: the Internet is above. */
export const narrowStyle: Style = {
  ...pageStyle,
  direction: 'UP',
  isCentred: true,
  hasCaptionAbove: true,
  inset: { x: 6, y: 3 },
  pad: { x: 8, y: 6 },
  gap: { margin: 1, device: 8, layer: 18, wire: 6 },
}

/** Frames are below wires, wires below devices, and connectors above all. */
export type Drawing = {
  /** @param behind what stands behind the texts of the marks */
  readonly frame: (node: PlacedNode, behind?: readonly Shape[]) => Shape
  readonly wire: (wire: Wire) => Shape
  readonly device: (device: PlacedDevice) => Shape
  /** A connector where a wire passes the border of a node. */
  readonly connectors: (nodes: readonly PlacedNode[], wire: Wire) => readonly Shape[]
}

/** @param titleSize the font size of the name of a node; the other texts have the size of the style sheet. */
export function drawingIn(style: Style, titleSize: number): Drawing {
  return {
    frame: (placed, behind = []) => nodeFrame(placed, style, titleSize, behind),
    wire: wireLine,
    device: (device) => deviceBox(device, style),
    connectors,
  }
}

/** All shapes of the layout, in the order in which they cover each other. */
export function shapesOf({ nodes, wires }: Layout, drawing: Drawing): readonly Shape[] {
  return [
    ...nodes.map((node) => drawing.frame(node)),
    ...wires.map(drawing.wire),
    ...nodes.flatMap(({ devices }) => devices.map(drawing.device)),
    ...wires.flatMap((wire) => drawing.connectors(nodes, wire)),
  ]
}

export function shape(
  tag: string,
  attributes: Shape['attributes'],
  ...children: Shape['children']
): Shape {
  return { tag, attributes, children }
}

function nodeFrame(
  { node, box, caption }: PlacedNode,
  style: Style,
  titleSize: number,
  behind: readonly Shape[],
): Shape {
  const { x, y } = caption
  const marks = node.marks.flatMap((mark, index) => {
    const base = y + style.titleLine + index * style.line + baseline(style)
    const at = { x: x + style.bullet, y: base, className: `mark ${mark.kind}` }
    return [bullet(mark.kind, x, base), text(mark.text, at, style)]
  })
  const title = { class: 'title', x: round(x), y: round(y + titleSize), 'font-size': titleSize }
  return shape(
    'g',
    { class: 'node' },
    shape('rect', { class: 'frame', ...rectangle(box), rx: 12 }),
    shape('text', title, node.name),
    ...behind,
    ...marks,
  )
}

/** The room of a mark of the node, with its bullet. */
export function markBox({ node, caption }: PlacedNode, index: number, style: Style): Box {
  const words = lengthOf(node.marks[index]?.text ?? '') * style.character
  const y = caption.y + style.titleLine + index * style.line
  return { x: caption.x - 6, y: y - 2, width: style.bullet + words + 12, height: style.line + 2 }
}

/** Shapes as well as colours, so that a mark can be recognised without colours. */
function bullet(kind: Mark['kind'], x: number, base: number): Shape {
  const [left, middle] = [round(x + 1), round(base - 4.5)]
  const path = (d: string, attributes = {}) => shape('path', { ...attributes, d })
  const shapes: Record<Mark['kind'], readonly Shape[]> = {
    publish: [path(`M${left} ${middle}h9m-4 -4l4 4l-4 4`), path(`M${left + 12} ${middle - 5}v10`)],
    translate: [
      path(`M${left} ${middle - 3}h11m-3 -3l3 3l-3 3M${left + 11} ${middle + 3}h-11m3 -3l-3 3l3 3`),
    ],
    forward: [
      path(`M${left} ${middle}h12`, { 'stroke-dasharray': '1 4', 'stroke-linecap': 'round' }),
    ],
    route: [path(`M${left} ${middle + 4}v-4h10m-4 -4l4 4l-4 4`)],
    listen: [shape('circle', { cx: left + 6, cy: middle, r: 3.6 })],
  }
  return shape('g', { class: `bullet ${kind}` }, ...shapes[kind])
}

function deviceBox({ box, isBridge, up, contents }: PlacedDevice, style: Style): Shape {
  const classes = ['device', ...(isBridge ? ['bridge'] : []), ...(up ? [] : ['down'])].join(' ')
  const { inset, line } = style
  // Centred if the box is longer than its text, for example a bridge with many ports.
  const top = box.y + (box.height - contents.height) / 2 + inset.y + baseline(style) + 0.5
  const left = box.x + inset.x
  const lines = [contents.name, ...contents.lines].map((words, index) => {
    const className = index === 0 ? 'name' : 'address'
    return text(words, { x: left, y: top + index * line, className }, style)
  })
  const border = shape('rect', { ...rectangle(box), rx: isBridge ? 4 : 7 })
  return shape('g', { class: classes }, border, ...lines)
}

function wireLine({ kind, up, points }: Wire): Shape {
  return shape('path', { class: `wire ${kind}${up ? '' : ' down'}`, d: pathOf(points) })
}

export function pathOf(points: readonly Point[]): string {
  return `M${points.map(({ x, y }) => `${round(x)} ${round(y)}`).join('L')}`
}

function connectors(nodes: readonly PlacedNode[], wire: Wire): readonly Shape[] {
  if (wire.kind !== 'cable') return []
  return nodes.flatMap(({ box }) =>
    crossings(wire.points, box).map(({ x, y, upright }) => {
      const [width, height] = upright ? [12, 8] : [8, 12]
      const place = rectangle({ x: x - width / 2, y: y - height / 2, width, height })
      return shape('rect', { class: `plug${wire.up ? '' : ' down'}`, ...place, rx: 2 })
    }),
  )
}

type Crossing = Point & { readonly upright: boolean }

/** Where the wire passes the left or right side of the box, or, upright, its upper or lower side. */
function crossings(points: readonly Point[], box: Box): readonly Crossing[] {
  const { x, width, y, height } = box
  return points.slice(1).flatMap((to, index): readonly Crossing[] => {
    const from = points[index]
    if (!from) return []
    const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)]
    const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)]
    if (from.y === to.y && y <= from.y && from.y <= y + height)
      return [x, x + width]
        .filter((edge) => left < edge && edge < right)
        .map((edge) => ({ x: edge, y: from.y, upright: false }))
    if (from.x === to.x && x <= from.x && from.x <= x + width)
      return [y, y + height]
        .filter((edge) => top < edge && edge < bottom)
        .map((edge) => ({ x: from.x, y: edge, upright: true }))
    return []
  })
}

function text(
  words: string,
  { x, y, className }: { readonly x: number; readonly y: number; readonly className: string },
  { character }: Style,
): Shape {
  const textLength = round(lengthOf(words) * character)
  const place = { class: className, x: round(x), y: round(y), textLength }
  return shape('text', { ...place, lengthAdjust: 'spacingAndGlyphs' }, words)
}

/** From the top of a line to the feet of its letters. */
function baseline({ line }: Style): number {
  return Math.round(line * 0.7)
}

export function rectangle({ x, y, width, height }: Box) {
  return { x: round(x), y: round(y), width: round(width), height: round(height) }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
