// Writes a topology as an SVG without external parts: light or dark like the reader's system, black on white in print.
import type { Style } from './contents.ts'
import { layoutOf } from './layout.ts'
import { drawingIn, shape, shapesOf, type Shape } from './shapes.ts'
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
  const layout = await layoutOf(topology, svgStyle)
  const [w, h] = [Math.ceil(layout.width), Math.ceil(layout.height)]
  const names = topology.nodes.map(({ name }) => name).join(', ')
  const page = shape('rect', { class: 'page', width: w, height: h })
  const shapes = [page, ...shapesOf(layout, drawingIn(svgStyle, titleFont))]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(`A network of ${names}`)}</title>`,
    `<style>${styleSheet(theme)}</style>`,
    ...shapes.map(markup),
    '</svg>\n',
  ].join('\n')
}

function markup({ tag, attributes, children }: Shape): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`)
  const start = `<${tag}${written.join('')}`
  if (children.length === 0) return `${start}/>`
  const inner = children.map((child) =>
    typeof child === 'string' ? escaped(child) : markup(child),
  )
  return `${start}>${inner.join('')}</${tag}>`
}

/** Names of namespaces and devices may have any bytes, but XML allows no control characters. */
function escaped(words: string): string {
  return words
    .replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '\uFFFD')
    .replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
}
