// Makes elements of a layout by the drawing of the documentation, and marks parts of it: changed, not there yet, where the packet is.
import { h, type ComponentChild } from 'preact'
import type { Style } from '../../../observe/topology/contents.ts'
import type { Layout, PlacedNode } from '../../../observe/topology/layout.ts'
import {
  drawingIn,
  markBox,
  middleStyle,
  narrowStyle,
  pageStyle,
  rectangle,
  shape,
  type Shape,
} from '../../../observe/topology/shapes.ts'
import { classes } from '../elements.ts'
import type { PictureSize } from '../model.ts'
import { translate } from '../text.ts'
import { deviceKey, markKey, nodeKey } from './changed.ts'

const titleSize = 16
const styles = { wide: pageStyle, middle: middleStyle, narrow: narrowStyle }
const drawings = {
  wide: drawingIn(pageStyle, titleSize),
  middle: drawingIn(middleStyle, titleSize),
  narrow: drawingIn(narrowStyle, titleSize),
}

/** Adds classes to the part with this key; marks stand in the node, with a border of their own. */
export type Marking = (key: string) => string | false

type Layers = {
  readonly size: PictureSize
  readonly layout: Layout
  readonly marking: Marking
  readonly choose: (key: string) => void
}

/** @param between what stands above the wires and below the devices: the way of a packet */
export function Drawn({
  size,
  layout,
  marking,
  choose,
  between,
}: Layers & { between: ComponentChild }): ComponentChild {
  const { nodes, wires } = layout
  const drawing = drawings[size]
  const part = (key: string, drawn: Shape) =>
    element(drawn, {
      key,
      'data-part': key,
      class: classes(String(drawn.attributes.class), marking(key)),
      onClick: () => choose(key),
    })
  return h('g', {}, [
    nodes.map((node) =>
      part(nodeKey(node.node.name), drawing.frame(node, marksOf(node, marking, styles[size]))),
    ),
    wires.map((wire) => part(wire.id, drawing.wire(wire))),
    between,
    nodes.flatMap(({ devices }) =>
      devices.map((device) => part(deviceKey(device.id), drawing.device(device))),
    ),
    wires.flatMap((wire) => drawing.connectors(nodes, wire).map((each) => element(each, {}))),
  ])
}

function marksOf(placed: PlacedNode, marking: Marking, style: Style): readonly Shape[] {
  const { node } = placed
  return node.marks.flatMap((mark, index) => {
    const names = marking(markKey(node.name, mark))
    if (names === false || names === '') return []
    const box = rectangle(markBox(placed, index, style))
    const pill = shape('rect', { class: `pill ${mark.kind} ${names}`, ...box, rx: 5 })
    const words = { x: box.x + box.width + 10, y: box.y + 14 }
    const hasRoom = words.x + 80 < placed.box.x + placed.box.width
    if (!names.includes('absent') || !hasRoom) return [pill]
    return [pill, shape('text', { class: 'absent-words', ...words }, translate('not there yet'))]
  })
}

function element(
  { tag, attributes, children }: Shape,
  own: Record<string, unknown>,
): ComponentChild {
  const inner = children.map((child) => (typeof child === 'string' ? child : element(child, {})))
  // The page itself has a frame, whose size would be that of the node.
  const named = attributes.class === 'frame' ? { class: 'box' } : {}
  return h(tag, { ...attributes, ...named, ...own }, inner)
}

/** Below this zoom a node is its name and a dot for its state. */
export const overviewBelow = 0.6

/** A picture that is too small for its texts: names stay as large as they are. */
export function Overview({
  layout,
  marking,
  choose,
  zoom,
}: Layers & { zoom: number }): ComponentChild {
  return h('g', {}, [
    layout.wires.map((wire) =>
      element(drawings.wide.wire(wire), {
        key: wire.id,
        class: classes(String(drawings.wide.wire(wire).attributes.class), marking(wire.id)),
      }),
    ),
    layout.nodes.map(({ node, box, devices }) => {
      const key = nodeKey(node.name)
      const isDown = devices.some(({ up }) => !up)
      const inside = [
        key,
        ...devices.map(({ id }) => deviceKey(id)),
        ...node.marks.map((mark) => markKey(node.name, mark)),
      ]
      const names = inside.map(marking).find(Boolean)
      return h(
        'g',
        { key, class: classes('node', names), 'data-part': key, onClick: () => choose(key) },
        [
          h('rect', { class: 'box', ...rectangle(box), rx: 12 }),
          h('circle', {
            class: classes('dot', isDown && 'down'),
            cx: box.x + 12 / zoom,
            cy: box.y + 13 / zoom,
            r: 4 / zoom,
          }),
          h(
            'text',
            {
              class: 'title',
              x: box.x + 21 / zoom,
              y: box.y + 17 / zoom,
              style: { fontSize: `${12 / zoom}px` },
            },
            node.name,
          ),
        ],
      )
    }),
  ])
}
