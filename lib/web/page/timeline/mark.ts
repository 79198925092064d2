// Draws the sign of one mark; each kind has its own form, so that none rests on colour.
import { h, type ComponentChild } from 'preact'
import type { Mark } from '../model.ts'

export function MarkSign({ kind }: { kind: Mark['kind'] }): ComponentChild {
  const size =
    kind === 'run' || kind === 'typed' || kind === 'skipped' || kind === 'failed' ? 14 : 14
  return h(
    'svg',
    {
      width: size,
      height: size,
      viewBox: '0 0 14 14',
      'aria-hidden': 'true',
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 1.2,
    },
    shapes(kind),
  )
}

function shapes(kind: Mark['kind']): ComponentChild {
  const ring = (dash?: string) =>
    h('circle', {
      cx: 7,
      cy: 7,
      r: 5.2,
      ...(dash === undefined ? {} : { 'stroke-dasharray': dash }),
    })
  const bar = { x: 4.9, y: 1.5, width: 4.2, height: 11, rx: 0.8 }
  const cross = (by: number) =>
    h('path', {
      d: `M${7 - by} ${7 - by}l${2 * by} ${2 * by}m0 ${-2 * by}l${-2 * by} ${2 * by}`,
      'stroke-width': 1.4,
    })
  const envelope = h('path', { d: 'M1 3h12v8.500H1zM1 3.400l6 4.400 6-4.400' })
  switch (kind) {
    case 'run':
      return h('rect', { ...bar, fill: 'currentColor' })
    case 'typed':
      return h('rect', bar)
    case 'skipped':
      return h('rect', { ...bar, 'stroke-dasharray': '2 1.500' })
    case 'failed':
      return [h('rect', bar), cross(1.8)]
    case 'holds':
      return [ring(), h('path', { d: 'M4.600 7.200l1.700 1.700 3.200-3.600', 'stroke-width': 1.4 })]
    case 'fails':
      return [ring(), cross(2)]
    case 'guess':
      return [ring(), h('circle', { cx: 7, cy: 7, r: 1.4, fill: 'currentColor' })]
    case 'packet':
      return envelope
    case 'dead':
      return [h('path', { d: 'M1 3h12v8.500H1z' }), cross(2.2)]
    case 'later':
      return ring('2 2')
  }
}
