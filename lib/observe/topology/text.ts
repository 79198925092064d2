// Draws a topology for a terminal: the same layout in characters, from top to bottom if that is narrow enough, in Unicode or ASCII.
import { Canvas, type Charset } from './canvas.ts'
import type { Style } from './contents.ts'
import { layoutOf, type Layout, type PlacedDevice, type PlacedNode, type Wire } from './layout.ts'
import type { Mark } from './marks.ts'
import type { Topology } from './topology.ts'

export type TextOptions = {
  /** The width to keep, if the network is small enough. */
  readonly columns: number
  readonly charset: Charset
}

/** In characters; `cells` rounds the halves that ELK computes. */
export const textStyle: Style = {
  direction: 'UP',
  character: 1,
  titleCharacter: 1,
  line: 1,
  titleLine: 1,
  inset: { x: 2, y: 1 },
  pad: { x: 2, y: 1 },
  bullet: 2,
  gap: { margin: 0, device: 2, layer: 2, wire: 2 },
}

export const centredStyle: Style = { ...textStyle, isCentred: true }
export const sidewaysStyle: Style = { ...textStyle, direction: 'RIGHT' }

/** Lines without trailing spaces, with a line end after each. */
export async function topologyText(topology: Topology, options: TextOptions): Promise<string> {
  const { columns, charset } = options
  const layouts: Layout[] = []
  for (const style of [textStyle, centredStyle, sidewaysStyle]) {
    const layout = await layoutOf(topology, style)
    if (layout.width <= columns) return drawn(layout, charset)
    layouts.push(layout)
  }
  const narrowest = Math.min(...layouts.map(({ width }) => width))
  return (
    layouts.flatMap((layout) => (layout.width === narrowest ? drawn(layout, charset) : []))[0] ?? ''
  )
}

function drawn(layout: Layout, charset: Charset): string {
  const canvas = new Canvas(charset)
  for (const { box } of layout.nodes) canvas.box(box, 'single')
  for (const wire of layout.wires) canvas.wire(wire.points, lineOf(wire))
  for (const node of layout.nodes) {
    for (const device of node.devices) drawDevice(canvas, device)
    writeCaption(canvas, node, charset)
  }
  return canvas.toString()
}

function lineOf({ kind, up }: Wire): 'solid' | 'dashed' | 'double' {
  if (!up || kind === 'routing') return 'dashed'
  return kind === 'tunnel' ? 'double' : 'solid'
}

function drawDevice(canvas: Canvas, { box, isBridge, contents }: PlacedDevice): void {
  canvas.box(box, isBridge ? 'double' : 'round')
  const { inset } = textStyle
  const top = box.y + Math.floor((box.height - contents.height) / 2) + inset.y
  for (const [index, line] of [contents.name, ...contents.lines].entries())
    canvas.write(box.x + inset.x, top + index, line)
}

function writeCaption(canvas: Canvas, { node, caption }: PlacedNode, charset: Charset): void {
  canvas.write(caption.x, caption.y, node.name)
  for (const [index, { kind, text }] of node.marks.entries())
    canvas.write(caption.x, caption.y + 1 + index, `${bullets[charset][kind]} ${text}`)
}

const bullets: Readonly<Record<Charset, Record<Mark['kind'], string>>> = {
  unicode: { publish: '⇥', translate: '⇄', forward: '⋯', route: '↳', listen: '●' },
  ascii: { publish: '>', translate: '~', forward: ':', route: '-', listen: '*' },
}
