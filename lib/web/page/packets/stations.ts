// Makes the stations of a packet in one node, in the kernel's order: those it passed, the one where it is, and those it never reached.
import { message, verbatim, type Message } from '../../../language/message.ts'
import type { Hop, Way } from '../../../observe/journey/journey.ts'
import { isRemembered, placeOf, reasonWords, rewriteOf, type Packet } from './rows.ts'

export type Station = {
  /** The index of its hop; null for a station that the packet never reached. */
  readonly hop: number | null
  readonly name: Message
  /** What the packet does there. */
  readonly words: Message | null
  readonly tone: 'plain' | 'dnat' | 'snat'
  readonly ended: boolean
  /** The kernel lost what happened here: hops are missing. */
  readonly isGap?: true
}

/** Conntrack is asked at the first hook of a node, and keeps a new entry at the last one only. */
export type Rail = {
  readonly from: number
  readonly to: number
  readonly asks: Message
  readonly keeps: Message | null
}

export type Line = {
  readonly node: string
  readonly stations: readonly Station[]
  readonly rail: Rail | null
}

/** @param lost nodes whose kernel lost events. @returns the line of the node where the hop is */
export function lineAt(
  { way }: Pick<Packet, 'way'>,
  hop: number,
  lost: readonly string[] = [],
): Line {
  const { hops, drop } = way
  const node = hops[hop]?.node ?? drop?.place.node ?? ''
  const run = runOf(way, Math.min(hop, hops.length - 1), node)
  const stations = run.flatMap(({ index, value }) => [
    ...(isGapBefore(way, index, lost) ? [gap] : []),
    ...stationOf(value, index, drop !== null && index === hops.length - 1 && isEnd(way), way),
    ...(isGapAfter(way, index, lost) ? [gap] : []),
  ])
  const isLast = run.at(-1)?.index === hops.length - 1 || run.length === 0
  const ended = drop && isLast ? endStations(way, stations) : stations
  return { node, stations: ended, rail: railOf(run, ended) }
}

const gap: Station = {
  hop: null,
  name: verbatim('…'),
  words: message('hops are missing'),
  tone: 'plain',
  ended: false,
  isGap: true,
}

/** A packet comes into a node by an interface, or begins there, and reaches FORWARD and POSTROUTING only after other hooks. */
export function isGapBefore({ hops }: Way, index: number, lost: readonly string[]): boolean {
  const [before, hop] = [hops[index - 1], hops[index]]
  if (!hop || !lost.includes(hop.node) || hop.kind === 'loop') return false
  if (!before) return hop.kind !== 'sent'
  if (before.node !== hop.node) return hop.kind !== 'enters'
  if (hop.kind !== 'hook' || hop.bridged) return false
  const entered = hops.findLastIndex(
    ({ kind }, at) => at < index && (kind === 'enters' || kind === 'sent'),
  )
  const passed = hops
    .slice(Math.max(0, entered), index)
    .flatMap((each) => (each.kind === 'hook' && each.node === hop.node ? [each.hook] : []))
  const needed: Readonly<Record<string, readonly string[]>> = {
    input: ['prerouting'],
    forward: ['prerouting'],
    postrouting: ['forward', 'output'],
  }
  return needed[hop.hook]?.every((hook) => passed.every((each) => each !== hook)) ?? false
}

/** It goes out of a node by an interface, and a way without a drop ends where the packet arrives. */
export function isGapAfter({ hops, drop }: Way, index: number, lost: readonly string[]): boolean {
  const [hop, next] = [hops[index], hops[index + 1]]
  if (!hop) return false
  if (!next) return lost.length > 0 && drop === null && hop.kind !== 'delivered'
  return lost.includes(hop.node) && next.node !== hop.node && hop.kind !== 'leaves'
}

type Visited = { readonly index: number; readonly value: Hop }

/** The hops around this one that are in the same node; the packet of a tunnel has a line of its own. */
function runOf({ hops }: Way, at: number, node: string): readonly Visited[] {
  const all = hops.map((value, index) => ({ index, value }))
  if (hops[at]?.node !== node) return []
  const begins = ({ index, value }: Visited) =>
    value.node !== hops[index - 1]?.node ||
    (value.kind === 'sent' && index > 0) ||
    hops[index - 1]?.kind === 'delivered'
  const from = all.findLastIndex((each) => each.index <= at && begins(each))
  const to = all.findIndex((each) => each.index > at && begins(each))
  return all.slice(Math.max(0, from), to < 0 ? all.length : to)
}

/** Whether the packet ended in its last hop itself, and not after it. */
function isEnd({ hops, drop }: Way): boolean {
  const last = hops.at(-1)
  if (!drop || !last) return false
  return last.kind === 'hook'
    ? drop.where.toUpperCase() === last.hook.toUpperCase()
    : last.kind === 'bridge' && drop.where === last.bridge
}

function stationOf(
  hop: Hop,
  index: number,
  ended: boolean,
  { direction, drop }: Way,
): readonly Station[] {
  const reason = drop?.reason
  const station = (
    name: Message,
    words: Message | null = null,
    tone: Station['tone'] = 'plain',
  ) => [{ hop: index, name, words, tone, ended }]
  switch (hop.kind) {
    case 'sent':
      return station(message('sends'))
    case 'route': {
      const { decision, interface: name } = hop
      if (decision === 'local') return station(message('routing'), message('its own address'))
      const values = { name: name ?? '?' }
      return station(
        message('routing'),
        decision === 'forward'
          ? message('forwards, to {name}', values)
          : message('to {name}', values),
      )
    }
    case 'hook': {
      const rewritten = rewriteOf(hop)
      const name = verbatim(hop.hook.toUpperCase())
      if (ended && reason) return station(name, reasonWords[reason])
      if (rewritten) {
        const { kind } = rewritten
        const words = isRemembered(hop)
          ? direction === 'request'
            ? message('as remembered')
            : message('translated back')
          : verbatim(kind)
        return station(name, words, kind === 'DNAT' ? 'dnat' : 'snat')
      }
      const deciding = hop.rules.at(-1)
      if (!deciding) return station(name, message('no rule matches'))
      if (deciding.rule.startsWith('policy ')) return station(name, verbatim(deciding.rule))
      return station(name, verbatim(deciding.verdict))
    }
    case 'neighbour':
      return station(
        hop.address.includes(':') ? message('neighbour') : message('ARP'),
        hop.mac === null ? message('nobody answers') : verbatim(hop.address),
      )
    case 'bridge':
      return station(
        verbatim(hop.bridge),
        hop.how === 'up'
          ? message('up to the host')
          : hop.how === 'known'
            ? message('to {name}', { name: hop.to.join(', ') })
            : message('to all ports'),
      )
    case 'enters':
      return station(message('in, {name}', { name: hop.interface }))
    case 'leaves':
      return station(message('out, {name}', { name: hop.interface }))
    case 'tunnel':
      return station(verbatim(hop.interface), message('VNI {vni}', { vni: hop.vni }))
    case 'loop':
      return station(message('loop'), message('{times} times', { times: hop.times }))
    case 'delivered':
      return station(message('arrives'))
    case 'connection':
      return []
  }
  return []
}

/** After the last hop: the station where it ended, unless that was the hop itself, and those that would have followed. */
function endStations(way: Way, passed: readonly Station[]): readonly Station[] {
  const { drop, hops } = way
  if (!drop) return passed
  const atHop = passed.some(({ ended }) => ended)
  const isRouting = drop.where === 'routing decision'
  const end: readonly Station[] = atHop
    ? []
    : [
        {
          hop: hops.length,
          tone: 'plain' as const,
          ended: true,
          words: null,
          name: isRouting ? message('routing') : placeOf(drop.where),
        },
      ]
  const last = hops.at(-1)
  const where = isRouting ? 'routing' : last?.kind === 'hook' ? last.hook : ''
  const isOwn =
    hops.some(
      (hop) => hop.node === drop.place.node && hop.kind === 'hook' && hop.hook === 'output',
    ) || hops.length === 0
  const order = isOwn
    ? ['output', 'postrouting']
    : ['prerouting', 'routing', 'forward', 'postrouting']
  const rest = order.slice(order.indexOf(where) + 1)
  if (where === '' || where === 'input') return [...passed, ...end]
  const never = (name: Message) => ({
    hop: null,
    name,
    words: message('never reached'),
    tone: 'plain' as const,
    ended: false,
  })
  return [
    ...passed,
    ...end,
    ...rest.map((name) =>
      never(name === 'routing' ? message('routing') : verbatim(name.toUpperCase())),
    ),
    { ...never(message('out')), words: null },
  ]
}

function railOf(run: readonly Visited[], stations: readonly Station[]): Rail | null {
  const entry = run.find(({ value }) => value.kind === 'connection')?.value
  if (entry?.kind !== 'connection') return null
  const hooks = new Set(run.filter(({ value }) => value.kind === 'hook').map(({ index }) => index))
  const places = stations.flatMap(({ hop }, place) =>
    hop !== null && hooks.has(hop) ? [place] : [],
  )
  const [from, to] = [places[0], places.at(-1)]
  if (from === undefined || to === undefined) return null
  if (entry.entry === 'made')
    return {
      from,
      to,
      asks: message('conntrack: nothing known'),
      keeps: message('new entry is kept'),
    }
  const asks =
    entry.entry === 'used'
      ? message('conntrack: a known entry')
      : message('conntrack: the answer to an entry')
  return { from, to, asks, keeps: null }
}
