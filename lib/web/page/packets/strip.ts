// Draws the stations of a packet in one node, as the line of an underground railway, with conntrack as a rail of its own below.
import { h, type ComponentChild } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { classes } from '../elements.ts'
import { place as ground } from '../picture/place.ts'
import { translate } from '../text.ts'
import { Cross, Envelope } from './envelope.ts'
import { isAsking, lost, packet, place, row, show } from './mode.ts'
import { lineAt, type Rail, type Station } from './stations.ts'

/** Of the drawing, in pixels: it is as wide as its place, or scrolls. */
const [edge, y, least] = [52, 38, 96]

export function Strip(): ComponentChild {
  const [now, at] = [packet.value, row.value]
  const room = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const { current: element } = room
    const station = element?.querySelector('.station:is(.here, .ended)')
    if (!element || !station || element.scrollWidth <= element.clientWidth) return
    const [seen, own] = [element.getBoundingClientRect(), station.getBoundingClientRect()]
    element.scrollLeft += own.x + own.width / 2 - seen.x - seen.width / 2
  }, [now, at])
  if (!now || !at) return null
  const { stations, rail, node } = lineAt(now, at.hop, lost.value)
  const here = indexOf(stations, at.hop)
  const width = Math.max(ground.value.width, stations.length * least)
  const height = rail ? 102 : 76
  const step = (width - 2 * edge) / Math.max(1, stations.length - 1)
  const xOf = (index: number) => edge + index * step
  const form = at.dead ? 'dead' : now.form
  const drawn = h(
    'svg',
    {
      class: 'strip',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': translate('The stations of the packet in {node}', { node }),
    },
    [
      stations.slice(1).map((station, index) =>
        h('path', {
          class: classes('track', index < here && 'passed', station.hop === null && 'never'),
          d: `M${xOf(index)} ${y}H${xOf(index + 1)}`,
        }),
      ),
      rail && h(RailLine, { rail, xOf, isAfter: here >= rail.to }),
      stations.map((station, index) =>
        h(StationMark, {
          station,
          x: xOf(index),
          state: stateOf(station, index, here),
          form,
          now,
          step,
        }),
      ),
    ],
  )
  return h('div', { class: 'strip-room', ref: room }, drawn)
}

type State = 'passed' | 'here' | 'later' | 'ended' | 'never' | 'gap'

function stateOf(station: Station, index: number, here: number): State {
  if (station.isGap) return 'gap'
  if (station.hop === null) return 'never'
  if (index === here) return station.ended ? 'ended' : 'here'
  return index < here ? 'passed' : 'later'
}

/** The station of the hop; conntrack has none, and is at the one before. */
function indexOf(stations: readonly Station[], hop: number): number {
  return stations.findLastIndex((station) => station.hop !== null && station.hop <= hop)
}

type MarkProps = {
  step: number
  station: Station
  x: number
  state: State
  form: Parameters<typeof Envelope>[0]['form']
  now: { rows: readonly { hop: number }[] }
}

function isAt(state: State): boolean {
  return state === 'here' || state === 'ended'
}

function StationMark({ station, x, state, form, now, step }: MarkProps): ComponentChild {
  const { name, words, tone, hop } = station
  // About 6.6 a letter: words that would run into those beside them show when the packet is there.
  const isWide = step >= 6.6 * translate(words ?? '').length + 6 || isAt(state) || state === 'gap'
  const isHidden = state === 'later' && isAsking.value
  const target = now.rows.findLastIndex((each) => hop !== null && each.hop <= hop)
  const onClick =
    hop === null || isHidden || target < 0
      ? undefined
      : () => show({ packet: place.value.packet, row: target })
  return h(
    'g',
    { class: classes('station', state, state === 'here' && tone), ...(onClick ? { onClick } : {}) },
    [
      h('text', { class: 'name', x, y: 20 }, isHidden ? '?' : translate(name)),
      (state === 'passed' || state === 'later' || state === 'never') &&
        h('circle', { cx: x, cy: y, r: state === 'passed' ? 5 : 5.5 }),
      state === 'here' &&
        h('g', { transform: `translate(${x} ${y})` }, [
          h('circle', { r: 11 }),
          h(Envelope, { form, size: 15 }),
        ]),
      state === 'ended' && h(Cross, { x, y, radius: 11 }),
      words && !isHidden && isWide && h('text', { class: 'words', x, y: 63 }, translate(words)),
    ],
  )
}

function RailLine({
  rail,
  xOf,
  isAfter,
}: {
  rail: Rail
  xOf: (index: number) => number
  isAfter: boolean
}): ComponentChild {
  const [from, to, base] = [xOf(rail.from), xOf(rail.to), 92]
  return h('g', { class: 'rail' }, [
    h('path', { class: 'hangs', d: `M${from} ${y + 14}V${base}M${to} ${y + 14}V${base}` }),
    h('path', { d: `M${from} ${base}H${to}` }),
    h('rect', { class: 'open', x: from - 4, y: base - 4, width: 8, height: 8, rx: 2 }),
    rail.keeps &&
      h('rect', {
        class: isAfter ? 'kept' : 'open',
        x: to - 4,
        y: base - 4,
        width: 8,
        height: 8,
        rx: 2,
      }),
    h('text', { x: from + 10, y: base - 5 }, translate(rail.asks)),
    rail.keeps &&
      to - from > 300 &&
      h('text', { x: to - 10, y: base - 5, 'text-anchor': 'end' }, translate(rail.keeps)),
  ])
}
