// Draws the envelope of a packet, 30 x 20 around its middle: packets differ by form, and only an error and a drop also by colour.
import { h, type ComponentChild } from 'preact'
import { classes } from '../elements.ts'
import type { Packet } from './rows.ts'

export type Form = Packet['form'] | 'dead'

/** @param nested whether it is in a tunnel: one envelope in another */
export function Envelope({
  form,
  nested = false,
  size = 30,
}: {
  form: Form
  nested?: boolean
  size?: number
}): ComponentChild {
  // With another envelope around it, it is smaller, so that both have the room of one.
  const scale = (nested ? 0.76 : 1) * (size / 30)
  return h('g', { class: classes('envelope', form), transform: `scale(${scale})` }, [
    nested && h('rect', { class: 'outer', x: -22, y: -15, width: 44, height: 30, rx: 5 }),
    h('rect', { class: 'paper', x: -15, y: -10, width: 30, height: 20, rx: 3 }),
    form === 'arp'
      ? h('text', { class: 'sign', y: 4, 'text-anchor': 'middle' }, '?')
      : h('path', { class: 'flap', d: 'M-13 -8L0 2L13 -8' }),
    form === 'dead' && h(Cross, { x: 11, y: -8, radius: 7 }),
  ])
}

/** ✗ on a disc, where something ended. */
export function Cross({ x, y, radius }: { x: number; y: number; radius: number }): ComponentChild {
  const arm = radius * 0.4
  return h('g', { class: 'cross', transform: `translate(${x} ${y})` }, [
    h('circle', { r: radius }),
    h('path', { d: `M${-arm} ${-arm}L${arm} ${arm}M${arm} ${-arm}L${-arm} ${arm}` }),
  ])
}

/** The envelope beside a text. */
export function SmallEnvelope({ form }: { form: Form }): ComponentChild {
  return h(
    'svg',
    {
      class: 'small-envelope',
      width: 18,
      height: 16,
      viewBox: '-18 -16 36 32',
      'aria-hidden': true,
    },
    h(Envelope, { form }),
  )
}
