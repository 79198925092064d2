// Draws a topology as an SVG without external parts: light or dark like the reader's system, black on white in print.
import { lengthOf } from './characters.ts'
import type { Box, Style } from './contents.ts'
import { layoutOf, type PlacedDevice, type PlacedNode, type Point, type Wire } from './layout.ts'
import type { Mark } from './marks.ts'
import { styleSheet, titleFont, type Theme } from './svg-style.ts'
import type { Topology } from './topology.ts'

/** In pixels, for the widest of the usual fonts; `textLength` makes the others as wide. */
export const svgStyle: Style = {
  direction: 'RIGHT',
  character: 7.83,
  titleCharacter: 10.2,
  line: 19,
  titleLine: 30,
  inset: { x: 14, y: 9 },
  pad: { x: 18, y: 14 },
  bullet: 20,
  gap: { margin: 16, device: 22, layer: 44, wire: 14 },
}

/** @param theme its colours; without one, those of the reader's system. */
export async function topologySvg(topology: Topology, theme?: Theme): Promise<string> {
  const { width, height, nodes, wires } = await layoutOf(topology, svgStyle)
  const [w, h] = [Math.ceil(width), Math.ceil(height)]
  const names = topology.nodes.map(({ name }) => name).join(', ')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(`A network of ${names}`)}</title>`,
    `<style>${styleSheet(theme)}</style>`,
    `<rect class="page" width="${w}" height="${h}"/>`,
    ...nodes.map(nodeFrame),
    ...wires.map(wireLine),
    ...nodes.flatMap(({ devices }) => devices.map(deviceBox)),
    ...plugs(nodes, wires),
    '</svg>\n',
  ].join('\n')
}

function nodeFrame({ node, box, caption }: PlacedNode): string {
  const { x, y } = caption
  const marks = node.marks.map((mark, index) => {
    const base = y + svgStyle.titleLine + index * svgStyle.line + 13
    const words = text(mark.text, {
      x: x + svgStyle.bullet,
      y: base,
      className: `mark ${mark.kind}`,
    })
    return bullet(mark.kind, x, base) + words
  })
  const title = `<text class="title" x="${round(x)}" y="${round(y + 17)}" font-size="${titleFont}">${escaped(node.name)}</text>`
  return `<g class="node"><rect class="frame" ${rectangle(box)} rx="12"/>${title}${marks.join('')}</g>`
}

/** Shapes as well as colours, so that a mark can be recognised without colours. */
function bullet(kind: Mark['kind'], x: number, base: number): string {
  const [left, middle] = [round(x + 1), round(base - 4.5)]
  const shapes: Record<Mark['kind'], string> = {
    publish: `<path d="M${left} ${middle}h9m-4 -4l4 4l-4 4"/><path d="M${left + 12} ${middle - 5}v10"/>`,
    translate: `<path d="M${left} ${middle - 3}h11m-3 -3l3 3l-3 3M${left + 11} ${middle + 3}h-11m3 -3l-3 3l3 3"/>`,
    forward: `<path stroke-dasharray="1 4" stroke-linecap="round" d="M${left} ${middle}h12"/>`,
    route: `<path d="M${left} ${middle + 4}v-4h10m-4 -4l4 4l-4 4"/>`,
    listen: `<circle cx="${left + 6}" cy="${middle}" r="3.6"/>`,
  }
  return `<g class="bullet ${kind}">${shapes[kind]}</g>`
}

function deviceBox({ box, isBridge, up, contents }: PlacedDevice): string {
  const classes = ['device', ...(isBridge ? ['bridge'] : []), ...(up ? [] : ['down'])].join(' ')
  const { inset, line } = svgStyle
  // Centred if the box is longer than its text, for example a bridge with many ports.
  const top = box.y + (box.height - contents.height) / 2 + inset.y + 13.5
  const left = box.x + inset.x
  const lines = [contents.name, ...contents.lines].map((words, index) =>
    text(words, { x: left, y: top + index * line, className: index === 0 ? 'name' : 'address' }),
  )
  return `<g class="${classes}"><rect ${rectangle(box)} rx="${isBridge ? 4 : 7}"/>${lines.join('')}</g>`
}

function wireLine({ kind, up, points }: Wire): string {
  const path = points.map(({ x, y }) => `${round(x)} ${round(y)}`).join('L')
  return `<path class="wire ${kind}${up ? '' : ' down'}" d="M${path}"/>`
}

/** A connector where a wire passes the border of a node. */
function plugs(nodes: readonly PlacedNode[], wires: readonly Wire[]): readonly string[] {
  return wires
    .filter(({ kind }) => kind === 'cable')
    .flatMap((wire) =>
      nodes.flatMap(({ box }) =>
        crossings(wire.points, box).map(
          ({ x, y }) =>
            `<rect class="plug${wire.up ? '' : ' down'}" ${rectangle({ x: x - 4, y: y - 6, width: 8, height: 12 })} rx="2"/>`,
        ),
      ),
    )
}

function crossings(points: readonly Point[], { x, width, y, height }: Box): readonly Point[] {
  return points.slice(1).flatMap((to, index) => {
    const from = points[index]
    if (!from || from.y !== to.y || from.y < y || from.y > y + height) return []
    const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)]
    return [x, x + width]
      .filter((edge) => left < edge && edge < right)
      .map((edge) => ({ x: edge, y: from.y }))
  })
}

function text(
  words: string,
  { x, y, className }: { readonly x: number; readonly y: number; readonly className: string },
): string {
  const length = round(lengthOf(words) * svgStyle.character)
  return `<text class="${className}" x="${round(x)}" y="${round(y)}" textLength="${length}" lengthAdjust="spacingAndGlyphs">${escaped(words)}</text>`
}

function rectangle({ x, y, width, height }: Box): string {
  return `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** Names of namespaces and devices may have any bytes, but XML allows no control characters. */
function escaped(words: string): string {
  return words
    .replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '\uFFFD')
    .replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
}
