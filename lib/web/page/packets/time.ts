// Shows the hops of all packets as one line of dots, and the controls that play it.
import { h, type ComponentChild } from 'preact'
import { Button, classes } from '../elements.ts'
import { place as ground } from '../picture/place.ts'
import { narrow, translate } from '../text.ts'
import { Cross, Envelope } from './envelope.ts'
import * as mode from './mode.ts'
import type { Packet } from './rows.ts'

export function PacketControls(): ComponentChild {
  const isPlaying = mode.playing.value
  const [at, count] = [mode.position.value + 1, mode.line.value.length]
  const isLast = at === count
  const next = () =>
    (mode.speed.value =
      mode.speeds[(mode.speeds.indexOf(mode.speed.value) + 1) % mode.speeds.length] ?? 1)
  return h('div', { class: 'packet-controls' }, [
    h(Button, {
      icon: true,
      label: translate('To the first hop'),
      disabled: at <= 1,
      onClick: mode.toFirst,
      children: h(Glyph, { name: 'first' }),
    }),
    h(Button, {
      icon: true,
      label: translate('One hop back'),
      disabled: at <= 1,
      onClick: mode.back,
      children: h(Glyph, { name: 'back' }),
    }),
    h(Button, {
      primary: true,
      label: isPlaying ? translate('Pause') : translate('Play'),
      disabled: isLast && !isPlaying,
      onClick: toggle,
      children: h(Glyph, { name: isPlaying ? 'pause' : 'play' }),
    }),
    h(Button, {
      icon: true,
      label: translate('One hop forward'),
      disabled: isLast || mode.question.value !== null,
      onClick: () => void mode.forward(),
      children: h(Glyph, { name: 'forward' }),
    }),
    h(Button, {
      label: translate('Speed: {speed} times', { speed: mode.speed.value }),
      onClick: next,
      children: `${mode.speed.value}×`,
    }),
    h('span', { class: 'grow' }),
    h(
      'span',
      { class: 'third where' },
      mode.packets.value.length === 0
        ? ''
        : isLast
          ? translate('hop {at}, the last', { at })
          : translate('hop {at} of {count}', { at, count }),
    ),
  ])
}

export function toggle(): void {
  mode.playing.value = !mode.playing.value && mode.position.value < mode.line.value.length - 1
}

const glyphs = {
  first: 'M3 3v10M8 3.5 3.6 8 8 12.500zM13 3.500 8.600 8l4.400 4.500z',
  back: 'M4 3v10M12 3.500 6 8l6 4.500z',
  play: 'M5 3l8 5-8 5z',
  pause: 'M4.500 3h2.500v10H4.500zM9 3h2.500v10H9z',
  forward: 'M12 3v10M4 3.500 10 8l-6 4.500z',
}

function Glyph({ name }: { name: keyof typeof glyphs }): ComponentChild {
  return h(
    'svg',
    {
      class: 'icon',
      width: 16,
      height: 16,
      viewBox: '0 0 16 16',
      fill: 'currentColor',
      stroke: 'currentColor',
      'stroke-width': 1.5,
      'stroke-linejoin': 'round',
      'aria-hidden': true,
    },
    h('path', { d: glyphs[name] }),
  )
}

/** The border of the line, and how many packets more there are. */
const besides = 130

/** Longer lines show the packets around the current one. */
const mostDots = 30

export function PacketLine(): ComponentChild {
  const all = mode.listed.value.flatMap((index) => {
    const packet = mode.packets.value[index]
    return packet ? [{ index, packet }] : []
  })
  const current = Math.max(
    0,
    all.findIndex(({ index }) => index === mode.place.value.packet),
  )
  let [from, to] = [current, current + 1]
  const dots = () => all.slice(from, to).reduce((sum, { packet }) => sum + packet.rows.length, 0)
  while (to < all.length && dots() + (all[to]?.packet.rows.length ?? 0) <= mostDots) to += 1
  while (from > 0 && dots() + (all[from - 1]?.packet.rows.length ?? 0) <= mostDots) from -= 1
  const further =
    mode.protocols.value.reduce(
      (sum, [name, count]) =>
        sum + (mode.filter.value === null || mode.filter.value === name ? count : 0),
      0,
    ) -
    (to - from)
  const words = all
    .slice(from, to)
    .reduce((sum, { packet }) => sum + 24 + 9 * shortName(packet.way.what).length, besides)
  const step = Math.max(
    // On a phone the line scrolls.
    narrow.value ? 26 : 18,
    Math.min(28, (ground.value.width - words) / Math.max(1, dots())),
  )
  const isDead = all
    .slice(from, to)
    .some(({ packet: { way } }) => way.drop !== null && way.drop.reason !== 'refused')
  return h('div', { class: 'packet-line' }, [
    all.slice(from, to).map(({ packet, index }) => h(Dots, { packet, index, step, key: index })),
    isDead && h('span', { class: 'ways-off third' }, translate('the way that it did not go')),
    further > 0 && h('span', { class: 'third' }, translate('and {count} more', { count: further })),
  ])
}

function Dots({
  packet,
  index,
  step,
}: {
  packet: Packet
  index: number
  step: number
}): ComponentChild {
  const { rows, way } = packet
  const { packet: current, row } = mode.place.value
  const order = mode.listed.value
  const at =
    current === index ? row : order.indexOf(current) > order.indexOf(index) ? rows.length : -1
  const width = rows.length * step
  const isHidden = (place: number) => mode.isAsking.value && place > at
  return h('figure', { class: 'dots' }, [
    h('figcaption', {}, [
      shortName(way.what),
      packet.times > 1 && h('span', { class: 'times' }, ` ${mode.timesText(packet.times)}`),
    ]),
    h(
      'svg',
      {
        width,
        height: 56,
        viewBox: `0 0 ${width} 56`,
        role: 'group',
        'aria-label': translate('Hops of {what}', { what: way.what }),
      },
      [
        h('path', { class: 'base', d: `M0 45H${width}` }),
        at >= 0 &&
          h('path', { class: 'done', d: `M0 45H${Math.min(at + 0.5, rows.length) * step}` }),
        rows.map(({ node, dead }, place) => {
          const x = (place + 0.5) * step
          const isHere = place === at
          return h(
            'g',
            {
              class: classes('dot', place < at && 'passed', isHere && 'here', dead && 'dead'),
              key: place,
              ...(isHidden(place)
                ? {}
                : { onClick: () => mode.show({ packet: index, row: place }) }),
            },
            [
              rows[place - 1]?.node !== node &&
                h('text', { x: x - 4, y: 19 }, isHidden(place) ? '?' : node),
              h('rect', { class: 'target', x: x - step / 2, y: 24, width: step, height: 30 }),
              !isHere && !(dead && place < at) && h('circle', { cx: x, cy: 34, r: 4.2 }),
              isHere &&
                (dead
                  ? h(Cross, { x, y: 32, radius: 8 })
                  : h(
                      'g',
                      { transform: `translate(${x} 31)` },
                      h(Envelope, { form: packet.form, size: 20 }),
                    )),
              isHere && h('circle', { class: 'head', cx: x, cy: 45, r: 5 }),
            ],
          )
        }),
      ],
    ),
  ])
}

/** `TCP SYN` → `SYN`, `ICMP echo request` → `request`. */
function shortName(what: string): string {
  return what.split(' ').at(-1) ?? what
}
