// Draws the network in the place of the picture; it shows the layout that the store gives and reads nothing else.
import { h, type ComponentChild } from 'preact'
import type { Shown } from '../model.ts'

export type PictureProps = { readonly shown: Shown; readonly narrow: boolean }

export function Picture({ shown }: PictureProps): ComponentChild {
  const { layout } = shown
  if (!layout) return null
  return h(
    'svg',
    { width: layout.width, height: layout.height, role: 'img' },
    layout.nodes.map(({ node, box }) =>
      h('g', {}, [
        h('rect', { ...box, rx: 11, fill: 'none', stroke: 'currentColor' }),
        h('text', { x: box.x + 10, y: box.y + 20, fill: 'currentColor' }, node.name),
      ]),
    ),
  )
}
