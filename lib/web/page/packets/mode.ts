// Keeps which packets are followed, at which hop, and how they play: one state for the list, the picture, the hop panel and the line.
import { batch, computed, effect, signal } from '@preact/signals'
import type { Drop } from '../../../observe/journey/journey.ts'
import type { Fold } from '../../../observe/topology/fold.ts'
import type { Layout } from '../../../observe/topology/layout.ts'
import { ways, type Stop, type Stops } from '../../ways.ts'
import type { Followed } from '../model.ts'
import { questionAt, type HopQuestion } from './challenge.ts'
import { packetsOf, protocolCounts, type Packet, type Place, type Row } from './rows.ts'

export type Showing = {
  readonly kind: 'rule' | 'route' | 'entry' | 'setting' | 'counter'
  readonly node: string
  readonly text: string
}

export type PacketActions = {
  readonly onShow: (what: Showing) => void
  /** The same command in a network where it may arrive; null if none is known for certain. */
  readonly attemptOf: (drop: Drop) => Attempt | null
}

/** What the third button of a dropped packet does. */
export type Attempt = {
  readonly label: string
  readonly note: string
  readonly run: () => void
}

export const mode = signal<Followed | null>(null)
export const actions = signal<PacketActions>({ onShow: () => {}, attemptOf: () => null })

/** All packets of the command, in the order of the journey. */
export const packets = computed<readonly Packet[]>(() => {
  const journey = mode.value?.journey
  return journey ? packetsOf(journey) : []
})
export const protocols = computed(() => {
  const journey = mode.value?.journey
  return journey ? [...protocolCounts(journey)] : []
})

/** Nodes whose kernel lost events: hops of these may be missing. */
export const lost = computed<readonly string[]>(() => mode.value?.journey?.lost ?? [])

/** `× 12,400`; where the kernel lost events there were more. */
export function timesText(times: number): string {
  return `× ${times.toLocaleString('en')}${lost.value.length > 0 ? '+' : ''}`
}

/** Whether the command did what it wanted without a packet: `ip address` is one. */
export const isSilent = computed(
  () =>
    packets.value.length === 0 &&
    mode.value?.journey?.exitCode === 0 &&
    mode.value.journey.drop?.reason === 'unknown',
)

/** Null for all. */
export const filter = signal<string | null>(null)
/** Whether also the packets that are not the first of their conversation are shown. */
export const isWhole = signal(false)
/** The packets that are shown: their indexes in `packets`. */
export const listed = computed(() =>
  packets.value.flatMap(({ protocol, isMain }, index) =>
    (isMain || isWhole.value) && (filter.value === null || filter.value === protocol)
      ? [index]
      : [],
  ),
)

/** The hop where the packet is. */
export const place = signal<Place>({ packet: 0, row: 0 })
export const packet = computed<Packet | undefined>(() => packets.value[place.value.packet])
export const row = computed<Row | undefined>(() => packet.value?.rows[place.value.row])

/** All hops that are shown, in the order in which they play. */
export const line = computed<readonly Place[]>(() =>
  listed.value.flatMap((index) =>
    (packets.value[index]?.rows ?? []).map((_, at) => ({ packet: index, row: at })),
  ),
)
export const position = computed(() =>
  line.value.findIndex(
    ({ packet, row }) => packet === place.value.packet && row === place.value.row,
  ),
)

export const playing = signal(false)
export const speeds = [0.5, 1, 2] as const
export const speed = signal<(typeof speeds)[number]>(1)

/** Whether each hop is asked before it is shown. */
export const isAsking = signal(false)
export const question = signal<HopQuestion | null>(null)
export const guessed = signal<{
  readonly value: string
  readonly right: boolean
  readonly said: HopQuestion
} | null>(null)
export const score = signal({ right: 0, asked: 0 })

/** The picture on which the packet moves; the picture itself sets it. */
export const ground = signal<{ readonly layout: Layout | null; readonly folds: readonly Fold[] }>({
  layout: null,
  folds: [],
})
const stopsByPacket = computed(() => {
  const { layout, folds } = ground.value
  return layout ? packets.value.map(({ way }) => ways(layout, way, folds)) : []
})

export function stopsOf(index: number): Stops | undefined {
  return stopsByPacket.value[index]
}

/** Where the envelope is at this place, and the way to it from the row before, also over hops without a row. */
export function stopAt({ packet: index, row: at }: Place): Stop | undefined {
  const [stops, packet] = [stopsOf(index), packets.value[index]]
  const [from, to] = [packet?.rows[at - 1]?.hop ?? -1, packet?.rows[at]?.hop]
  if (!stops || to === undefined) return undefined
  const all = stops.end ? stops.stops.concat(stops.end) : stops.stops
  const passed = all.slice(from + 1, to + 1)
  const last = passed.at(-1)
  if (!last) return all.at(-1)
  return {
    ...last,
    path: passed.flatMap(({ path }) => path),
    wires: passed.flatMap(({ wires }) => wires),
  }
}

export function openPackets(followed: Followed, given: PacketActions): void {
  batch(() => {
    mode.value = followed
    actions.value = given
    filter.value = null
    isWhole.value = false
    playing.value = false
    score.value = { right: 0, asked: 0 }
    forgetQuestion()
    const wanted = followed.journey?.drop
    const dead = packets.value.findIndex(
      ({ way: { drop } }) =>
        drop && drop.reason === wanted?.reason && drop.evidence === wanted.evidence,
    )
    const first = dead >= 0 ? dead : 0
    place.value = { packet: first, row: 0 }
  })
}

export function closePackets(): void {
  batch(() => {
    playing.value = false
    mode.value = null
    forgetQuestion()
  })
}

/** The drop of the packet, once the reader has come to its end; that of a command whose node sent no packet at all. */
export const dropHere = computed<Drop | null>(() => {
  const { value: now } = packet
  if (packets.value.length === 0) return mode.value?.journey?.drop ?? null
  return row.value?.dead ? (now?.way.drop ?? null) : null
})

/** Shows the next hop, or asks for it. @returns whether there was one */
export function forward(): boolean {
  if (question.value) return false
  const next = line.value[position.value + 1]
  if (!next) return false
  const asked = isAsking.value ? questionAt(packets.value, next) : null
  if (asked && guessed.value?.said.key !== asked.key) {
    question.value = asked
    return false
  }
  show(next)
  return true
}

export function back(): void {
  const before = line.value[position.value - 1]
  if (before) show(before)
}

export function show(next: Place): void {
  batch(() => {
    forgetQuestion()
    place.value = next
  })
}

export function toFirst(): void {
  const first = line.value[0]
  if (first) show(first)
}

/** The last hop of this packet, then that of the last packet. */
export function toLast(): void {
  const own = line.value.findLast(({ packet }) => packet === place.value.packet)
  const last = own && own.row !== place.value.row ? own : line.value.at(-1)
  if (last) show(last)
}

export function answer(value: string): void {
  const asked = question.value
  if (!asked) return
  const right = value === asked.right
  batch(() => {
    score.value = { right: score.value.right + Number(right), asked: score.value.asked + 1 }
    question.value = null
    place.value = asked.place
    guessed.value = { value, right, said: asked }
  })
}

export function choose(protocol: string | null): void {
  batch(() => {
    filter.value = protocol
    // The packets of another protocol may all be further ones of their conversation.
    if (listed.value.length === 0) isWhole.value = true
    const first = line.value[0]
    if (position.value < 0 && first) show(first)
  })
}

function forgetQuestion(): void {
  question.value = null
  guessed.value = null
}

/** In milliseconds at the speed 1, as the design sheet says. */
const [perWire, perStation] = [600, 250]

export function movingTime({ wires }: Stop): number {
  return (perWire * wires.length) / speed.value
}

export function isCalm(): boolean {
  return typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches
}

// Plays: each hop after the envelope has come to the one before.
effect(() => {
  if (!playing.value || question.value) return
  const stop = stopAt(place.value)
  const moving = stop && !isCalm() ? movingTime(stop) : 0
  const timer = setTimeout(
    () => {
      if (!forward() && !question.value) playing.value = false
    },
    moving + perStation / speed.value,
  )
  return () => clearTimeout(timer)
})
