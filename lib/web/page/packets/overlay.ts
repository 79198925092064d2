// Shows a packet on the picture: its way so far, the envelope that moves along it, its addresses, and where it ended.
import { h, type ComponentChild } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { Box } from '../../../observe/topology/contents.ts'
import type { Layout, Point } from '../../../observe/topology/layout.ts'
import { pathOf } from '../../../observe/topology/shapes.ts'
import { placeOf } from './rows.ts'
import { written } from '../../../observe/journey/words.ts'
import { translate } from '../text.ts'
import { Envelope, type Form } from './envelope.ts'
import {
  dropHere,
  isCalm,
  movingTime,
  packet,
  place,
  row,
  stopAt,
  stopsOf,
  timesText,
} from './mode.ts'
import { addressesAt, type Addressed } from './addresses.ts'

type MovingProps = {
  readonly layout: Layout
  /** What of the picture can be seen without scrolling. */
  readonly seen: Size
  /** The width of the envelope. */
  readonly size: number
}

/** A narrow picture has no room for a larger one, nor for a text below a node. */
export const usualSize = 30
export const narrowSize = 22

type Size = { readonly width: number; readonly height: number }

/** The way so far, which stands below the devices. */
export function Trail(): ComponentChild {
  const { value: now } = place
  const stops = stopsOf(now.packet)
  const hop = row.value?.hop
  if (!stops || hop === undefined) return null
  const passed = stops.stops.slice(0, hop + 1)
  const points = passed.flatMap(({ path }) => path)
  const copies =
    packet.value?.way.copies.flatMap(({ after }, index) =>
      after < hop ? (stops.copies[index] ?? []) : [],
    ) ?? []
  return h('g', { class: 'trail' }, [
    points.length > 1 && h('path', { d: pathOf(points) }),
    copies.map(({ path }) => path.length > 1 && h('path', { class: 'copy', d: pathOf(path) })),
  ])
}

export function Moving({ layout, seen, size }: MovingProps): ComponentChild {
  const stop = stopAt(place.value)
  const { value: now } = packet
  if (!stop || !now) return null
  const isDead = row.value?.dead ?? false
  const form: Form = isDead ? 'dead' : now.form
  const addressed = addressesAt(now.way, row.value?.hop ?? 0)
  return h('g', {}, [
    size === usualSize && h(NotReached, { layout }),
    h(Label, { at: stop.at, layout, seen, addressed, key: 'label' }),
    h(Moved, {
      at: stop.at,
      path: stop.path,
      form,
      nested: addressed.outer !== null,
      size,
      times: now.times,
      // On another picture it does not move there, it is there.
      key: `packet ${place.value.packet} ${layout.width}`,
    }),
  ])
}

/** Below the node for which the packet was, and which it did not reach. */
function NotReached({ layout }: { layout: Layout }): ComponentChild {
  const box = notReachedBox(layout)
  const place = box && { x: box.x + box.width, y: box.y + 16, 'text-anchor': 'end' }
  return place && h('text', { class: 'aside', ...place }, translate('no packet came this far'))
}

function notReachedBox(layout: Layout): Box | null {
  const way = packet.value?.way
  if (!way || !dropHere.value) return null
  const { destination } = addressesAt(way, way.hops.length - 1).packet
  const owner = layout.nodes.find(({ devices }) =>
    devices.some(({ contents }) =>
      contents.lines.some((line) => line.split('/')[0] === destination),
    ),
  )
  if (!owner || way.hops.some(({ node }) => node === owner.node.name)) return null
  const { x, y, width, height } = owner.box
  return { x: x + width - 160, y: y + height + 2, width: 160, height: 20 }
}

/** Moves to `at` along the path with the Web Animations of the browser, or at once where motion is not wanted. */
function Moved({
  at,
  path,
  form,
  nested,
  size,
  times,
}: {
  at: Point
  path: readonly Point[]
  form: Form
  nested: boolean
  size: number
  times: number
}): ComponentChild {
  const group = useRef<SVGGElement>(null)
  const before = useRef<Point | null>(null)
  const line = useRef<SVGPathElement>(null)
  useLayoutEffect(() => {
    const { current: from } = before
    before.current = at
    const { current: element } = group
    if (!element || !from || isCalm()) return
    const stop = stopAt(place.value)
    // Back, or from a hop that was chosen: straight to the place.
    const begins = path[0]
    const isOnward = begins !== undefined && Math.hypot(begins.x - from.x, begins.y - from.y) < 1
    const { current: drawn } = line
    const length = drawn && isOnward ? drawn.getTotalLength() : 0
    const steps = length > 0 ? 24 : 1
    const frames = Array.from({ length: steps + 1 }, (_, index) => {
      const point =
        drawn && length > 0
          ? drawn.getPointAtLength((length * index) / steps)
          : index === 0
            ? from
            : at
      return { transform: `translate(${point.x}px, ${point.y}px)` }
    })
    const duration = stop && isOnward ? movingTime(stop) : 200
    if (duration === 0) return
    const animation = element.animate(frames, { duration, easing: 'ease-in-out' })
    return () => animation.cancel()
  }, [at.x, at.y])
  return h('g', {}, [
    h('path', { ref: line, class: 'unseen-line', d: pathOf(path.length > 1 ? path : [at, at]) }),
    h(
      'g',
      {
        ref: group,
        class: 'packet',
        'data-at': `${Math.round(at.x)} ${Math.round(at.y)}`,
        style: { transform: `translate(${at.x}px, ${at.y}px)` },
      },
      h(Envelope, { form, nested, size }),
      times > 1 && h('text', { class: 'times', y: -16 }, timesText(times)),
    ),
  ])
}

/** The addresses of the packet, rewritten before the reader's eyes; or where it ended. */
function Label({
  at,
  layout,
  seen,
  addressed,
}: {
  at: Point
  layout: Layout
  seen: Size
  addressed: Addressed
}): ComponentChild {
  const drop = dropHere.value
  const { source, destination } = addressed
  const lines = drop
    ? 2
    : 2 +
      Number(source.old !== null) +
      Number(destination.old !== null) +
      Number(addressed.outer !== null)
  const longest = Math.max(
    ...[source, destination].flatMap(({ now, old }) => [now.length, old?.length ?? 0]),
  )
  // The address, with what rewrote it; a tunnel's packet is longer.
  const outer = addressed.outer === null ? 0 : 100 + addressed.outer.length * 6.6
  const inner = 64 + longest * 7.3 + (addressed.by === null ? 0 : 150)
  const width = drop ? 300 : Math.max(220, inner, outer)
  const size = { width, height: lines * 18 + 14 }
  const box = freeBox(layout, seen, at, size)
  const end = leadEnd(box, at)
  const texts = drop ? endLines(addressed) : addressLines(addressed)
  return h('g', { class: drop ? 'label ended' : 'label' }, [
    h('path', { class: 'lead', d: pathOf([at, end]) }),
    h('rect', { ...box, rx: 8 }),
    texts.map((pieces, index) =>
      pieces.map(({ x, text, name, right }) =>
        h(
          'text',
          {
            class: name,
            x: right ? box.x + size.width - 14 : box.x + x,
            y: box.y + 21 + index * 18,
            ...(right ? { 'text-anchor': 'end' } : {}),
          },
          text,
        ),
      ),
    ),
  ])
}

type Piece = {
  readonly x: number
  readonly text: string
  readonly name: string
  readonly right?: true
}

function endLines({ packet: addresses }: Addressed): readonly (readonly Piece[])[] {
  const where = dropHere.value?.where ?? ''
  const title =
    where === 'routing decision'
      ? translate('Ended here, in the routing decision')
      : translate('Ended here, at {where}', { where: placeOf(where) })
  return [
    [{ x: 14, text: title, name: 'headline' }],
    [{ x: 14, text: written(addresses), name: 'address' }],
  ]
}

function addressLines({
  source,
  destination,
  by,
  outer,
}: Addressed): readonly (readonly Piece[])[] {
  const side = (
    label: string,
    { now, old, tone }: Addressed['source'],
  ): readonly (readonly Piece[])[] => {
    const said: Piece = { x: 14, text: label, name: 'said' }
    if (old === null) return [[said, { x: 50, text: now, name: 'address' }]]
    const why: Piece = {
      x: 0,
      text: by === null ? '' : translate('rewritten by {what}', { what: by }),
      name: tone,
      right: true,
    }
    return [
      [said, { x: 50, text: old, name: 'old' }],
      [{ x: 50, text: now, name: `new ${tone}` }, why],
    ]
  }
  return [
    ...side(translate('from'), source),
    ...side(translate('to'), destination),
    ...(outer === null
      ? []
      : [[{ x: 14, text: translate('in a packet {ends}', { ends: outer }), name: 'said' }]]),
  ]
}

/** A place for the label near the packet: over no text, and over no other node if that is not far. */
function freeBox(layout: Layout, seen: Size, at: Point, size: Size): Box {
  const texts = layout.nodes
    .flatMap(({ caption, devices }) => [caption, ...devices.map(({ box }) => box)])
    .concat(notReachedBox(layout) ?? [])
  const room = {
    width: Math.max(seen.width, size.width),
    height: Math.max(layout.height, seen.height),
  }
  const here = { x: at.x, y: at.y, width: 1, height: 1 }
  const others = layout.nodes.filter((node) => !overlap(node.box, here))
  let best = { x: 0, y: room.height + 8, ...size }
  let least = Infinity
  for (let y = 0; y <= room.height - size.height; y += 9)
    for (let x = 0; x <= room.width - size.width; x += 12) {
      const box = { x, y, ...size }
      const around = { x: x - 6, y: y - 6, width: size.width + 12, height: size.height + 12 }
      if (
        texts.some((text) => overlap(text, around)) ||
        overlap(around, { x: at.x - 24, y: at.y - 17, width: 48, height: 34 })
      )
        continue
      const frames = others.filter((node) => overlap(node.box, around)).length
      const [dx, dy] = [gap(at.x, x, size.width), gap(at.y, y, size.height)]
      // Below is where the reader looks for it.
      const cost =
        Math.hypot(dx, dy) +
        frames * 80 +
        (y > at.y ? 0 : 60) +
        // What is below is seen only after scrolling.
        (y + size.height > seen.height ? 100 : 0) +
        Math.abs(x + size.width / 2 - at.x) * 0.2 +
        (texts.some((text) => crosses(at, leadEnd(box, at), text)) ? 50 : 0)
      if (cost < least) [best, least] = [box, cost]
    }
  return best
}

/** The place on the border of the label that is nearest to the packet. */
function leadEnd(box: Box, at: Point): Point {
  const x = Math.min(Math.max(at.x, box.x), box.x + box.width)
  return { x, y: at.y < box.y ? box.y : Math.min(at.y, box.y + box.height) }
}

/** Whether the line runs over the box. Its first piece is below the envelope. */
function crosses(from: Point, to: Point, box: Box): boolean {
  return [0.3, 0.45, 0.6, 0.75, 0.9].some((part) => {
    const [x, y] = [from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part]
    return x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height
  })
}

function gap(value: number, start: number, length: number): number {
  return Math.max(0, start - value, value - start - length)
}

function overlap(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  )
}

/** Scrolls the picture so that the packet is seen. */
export function useInView(view: { readonly current: HTMLElement | null }, scale: number): void {
  const at = stopAt(place.value)?.at
  useEffect(() => {
    const { current: element } = view
    if (!element || !at) return
    const [x, y] = [at.x * scale, at.y * scale]
    const { scrollLeft: left, scrollTop: top, clientWidth: width, clientHeight: height } = element
    const isSeen = x > left && x < left + width - 30 && y > top && y < top + height - 30
    if (!isSeen) element.scrollTo({ left: x - width / 2, top: y - height / 2 })
  }, [at?.x, at?.y])
}
