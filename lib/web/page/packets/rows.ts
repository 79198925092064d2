// Makes the list of a packet's hops: one short line each, as the page shows them. A hook where nothing happens has none; a drop has one
// of its own, unless its hop has one already.
import { message, verbatim, type Message } from '../../../language/message.ts'
import type {
  Conversation,
  Drop,
  DropReason,
  Hop,
  HookHop,
  Journey,
  Way,
} from '../../../observe/journey/journey.ts'
import { sentWords } from '../../../observe/journey/words.ts'

export type Row = {
  /** The index of its hop in the way; that of a drop without a hop is one more than the last. */
  readonly hop: number
  readonly node: string
  readonly label: Message
  readonly words: Message
  readonly dead: boolean
}

export type Packet = {
  readonly way: Way
  readonly rows: readonly Row[]
  /** `TCP`, `ARP` …: the filter. */
  readonly protocol: string
  readonly form: 'request' | 'answer' | 'arp' | 'error'
  /** The first request of a conversation and its answer; the others are shown on demand. */
  readonly isMain: boolean
  /** How many packets of this kind were sent in this direction: a flood is one envelope. */
  readonly times: number
}

/** A hop in the list: the index of the packet, and that of its row. */
export type Place = { readonly packet: number; readonly row: number }

export function packetsOf({ conversations }: Journey): readonly Packet[] {
  return conversations.flatMap(({ protocol, request, answer, others, drop, count }) => {
    // The segments of a TCP connection are not alike.
    const times = ({ what, direction }: Way) =>
      others.every((other) => other.direction !== direction || other.what === what)
        ? (count?.[direction] ?? 1)
        : 1
    // An answer that was never sent has no way: the packet that was to be answered is the last that was seen.
    const isLost = drop !== null && ![request, answer, ...others].some((way) => way?.drop)
    // Who refuses answers: the packet ends where nothing listens, and its answer arrives.
    const last = drop?.reason === 'refused' ? request : (answer ?? request)
    const ended = (way: Way) => (isLost && way === last ? { ...way, drop: endOf(way, drop) } : way)
    return [
      packetOf(ended(request), protocol, times(request)),
      ...(answer ? [packetOf(ended(answer), protocol, times(answer))] : []),
      ...others.map((way) => packetOf(way, protocol, null)),
    ]
  })
}

/** The journey tells the place where the last packet was seen; one that is refused ends where it arrived. */
function endOf({ hops }: Way, drop: Drop): Drop {
  if (drop.reason !== 'refused') return drop
  return { ...drop, place: { node: drop.node, device: null, hop: hops.length - 1 } }
}

/** All packets of each protocol, also those whose ways the journey does not tell. */
export function protocolCounts({ conversations }: Journey): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { protocol, answer, more } of conversations) {
    const name = protocol.toUpperCase()
    counts.set(name, (counts.get(name) ?? 0) + 1 + (answer ? 1 : 0) + more)
  }
  return counts
}

/** @param times null for a packet that is not the first of its kind. */
function packetOf(way: Way, protocol: Conversation['protocol'], times: number | null): Packet {
  const isError = /\bRST\b|unreachable|exceeded|prohibited/i.test(way.what)
  const isArp = /^arp/i.test(protocol)
  const form = isArp ? 'arp' : isError ? 'error' : way.direction
  const shown = { isMain: times !== null, times: times ?? 1 }
  return { way, rows: rowsOf(way), protocol: protocol.toUpperCase(), form, ...shown }
}

function rowsOf(way: Way): readonly Row[] {
  const { hops, drop } = way
  const rows = hops.flatMap((hop, index): readonly Row[] => {
    const isEnd = drop !== null && index === hops.length - 1
    const words = shortWords(hop, way.direction, isEnd)
    return words ? [{ hop: index, node: hop.node, ...words, dead: false }] : []
  })
  if (!drop) return rows
  const words = reasonWords[drop.reason]
  const { node } = drop.place
  // The other end of a link may drop it before it is seen there: the row stands where the packet was, and names the node.
  const isThere = drop.node === node || drop.where.startsWith('routing decision')
  const label = isThere ? placeOf(drop.where) : verbatim(`${drop.node}:${drop.where}`)
  const last = rows.at(-1)
  if (last && last.hop === hops.length - 1 && last.label.text === label.text)
    return rows.slice(0, -1).concat({ ...last, words, dead: true })
  return rows.concat({ hop: hops.length, node, label, words, dead: true })
}

/** Short enough for a station and a row. */
export function placeOf(where: string): Message {
  if (where === 'routing decision for the answer') return message('its answer')
  return where === 'routing decision' ? message('route') : verbatim(where)
}

type Words = { readonly label: Message; readonly words: Message }

/** @param isEnd whether the packet is dropped or refused after it. */
function shortWords(hop: Hop, direction: Way['direction'], isEnd: boolean): Words | undefined {
  switch (hop.kind) {
    case 'sent':
      return said(message('sends'), sentWords(hop))
    case 'route': {
      const { decision, destination: address, via: gateway, interface: name } = hop
      const on = { address, gateway: gateway ?? '', name: name ?? '?' }
      if (decision === 'local') return said(message('route'), message('{address} is its own', on))
      if (decision === 'forward')
        return said(
          message('route'),
          gateway === null
            ? message('forwards: {address} is on {name}', on)
            : message('forwards: via {gateway} on {name}', on),
        )
      return said(
        message('route'),
        gateway === null
          ? message('{address} is directly on {name}', on)
          : message('via {gateway} on {name}', on),
      )
    }
    case 'hook': {
      const words = hookWords(hop, direction)
      return words && said(verbatim(hop.hook.toUpperCase()), words)
    }
    case 'connection':
      return said(
        message('conntrack'),
        hop.entry === 'made'
          ? message('new entry')
          : hop.entry === 'used'
            ? message('a known entry')
            : message('the answer that an entry waits for'),
      )
    case 'neighbour': {
      const { address, mac } = hop
      return said(
        address.includes(':') ? message('neighbour') : message('ARP'),
        mac === null
          ? message('nobody has {address}', { address })
          : message('{address} is {mac}', { address, mac }),
      )
    }
    case 'leaves':
      return said(message('out'), verbatim(`→ ${hop.interface}`))
    case 'enters':
      return said(message('in'), verbatim(`← ${hop.interface}`))
    case 'bridge': {
      const ports = hop.to.join(', ')
      return said(
        verbatim(hop.bridge),
        hop.how === 'up'
          ? message('hands it up: the MAC is its own')
          : hop.how === 'known'
            ? message('knows the MAC, on {ports}', { ports })
            : message('to all ports: {ports}', { ports }),
      )
    }
    case 'tunnel':
      return said(
        verbatim(hop.interface),
        hop.how === 'in'
          ? message('into the tunnel, VNI {vni}', { vni: hop.vni })
          : message('out of the tunnel, VNI {vni}', { vni: hop.vni }),
      )
    case 'loop':
      return said(message('loop'), message('in a circle, {times} times', { times: hop.times }))
    case 'delivered': {
      const { to, protocol, port } = hop
      const values = { protocol: protocol.toUpperCase(), port: port ?? '?' }
      return said(
        message('arrives'),
        to === 'kernel'
          ? isEnd
            ? message('for the kernel itself')
            : message('the kernel answers it')
          : to === 'asker'
            ? message('the program that asked')
            : to === 'tunnel'
              ? message('the end of the tunnel')
              : message('for {protocol} port {port}', values),
      )
    }
  }
  return undefined
}

function said(label: Message, words: Message): Words {
  return { label, words }
}

function hookWords(hop: HookHop, direction: Way['direction']): Message | undefined {
  const { rules, after } = hop
  const rewritten = rewriteOf(hop)
  if (rewritten) {
    const { kind, to } = rewritten
    if (isRemembered(hop) && direction === 'request')
      return kind === 'DNAT'
        ? message('destination {to}, as conntrack remembers', { to })
        : message('source {to}, as conntrack remembers', { to })
    if (isRemembered(hop))
      return kind === 'DNAT'
        ? message('back to destination {to}', { to })
        : message('back to source {to}', { to })
    return kind === 'DNAT'
      ? message('DNAT: destination {to}', { to })
      : message('SNAT: source {to}', { to })
  }
  const deciding = rules.findLast(({ rule }) => rule !== 'policy accept')
  if (!deciding) return undefined
  if (deciding.rule.startsWith('policy ')) return verbatim(deciding.rule)
  if (after === null) return message('a rule drops it')
  const { verdict } = deciding
  return message('a rule matches: {verdict}', { verdict })
}

/** Conntrack rewrites the packets of a connection that it knows: no rule is asked again. */
export function isRemembered({ rules }: HookHop): boolean {
  return rules.every(({ rule }) => rule.startsWith('policy '))
}

export type Rewrite = { readonly kind: 'DNAT' | 'SNAT'; readonly from: string; readonly to: string }

/** What the hook changed: the destination if it changed that, or else the source. */
export function rewriteOf({ before, after }: HookHop): Rewrite | undefined {
  if (!after) return undefined
  const isEcho = before.protocol.startsWith('icmp')
  const port = (from?: number, to?: number) => !isEcho && from !== to
  if (
    after.destination !== before.destination ||
    port(before.destinationPort, after.destinationPort)
  )
    return { kind: 'DNAT', from: before.destination, to: after.destination }
  if (after.source !== before.source || port(before.sourcePort, after.sourcePort))
    return { kind: 'SNAT', from: before.source, to: after.source }
  return undefined
}

/** Short enough for a row and a headline; the whole sentence is in the drop itself. */
export const reasonWords: Readonly<Record<DropReason, Message>> = {
  'no-route': message('no route leads there'),
  blackhole: message('a route says to drop it'),
  prohibited: message('a route prohibits it'),
  'forwarding-off': message('forwarding is off'),
  'reverse-path-filter': message('the reverse-path filter refuses it'),
  martian: message('its source cannot be right'),
  'not-for-it': message('it is for another node'),
  ttl: message('its time to live is used up'),
  'routing-loop': message('it goes in a circle'),
  mtu: message('it is too long'),
  'no-neighbour': message('nobody tells the MAC'),
  'link-down': message('the interface is down'),
  queue: message('a queue drops it'),
  'dropped-by-rule': message('a rule drops it'),
  'rejected-by-rule': message('a rule rejects it'),
  'dropped-by-policy': message('the policy is to drop'),
  'dropped-in-hook': message('dropped in this hook'),
  conntrack: message('conntrack has no room'),
  'not-tracked': message('conntrack has no entry for it'),
  'dnat-to-nowhere': message('nobody has its new destination'),
  'snat-to-nowhere': message('nobody has its new source'),
  refused: message('nothing listens there'),
  ignored: message('the node may not answer'),
  'echo-ignored': message('the node ignores pings'),
  backlog: message('the queue of the program is full'),
  checksum: message('its checksum is wrong'),
  'no-answer': message('no answer came'),
  bridge: message('the bridge passes it on to nobody'),
  'wrong-mac': message('the MAC is that of another device'),
  macvlan: message('a macvlan cannot reach its parent'),
  tunnel: message('the ends of the tunnel disagree'),
  'other-address': message('the answer has another source'),
  'address-missing': message('the source address is missing'),
  'ports-exhausted': message('no port is free'),
  unknown: message('no reason was found'),
}
