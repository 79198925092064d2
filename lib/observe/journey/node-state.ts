// Gives a journey the kernel's state of a node (lib/kernel/state) in the words in which it refers to it: devices, neighbours, rules, sysctls.
import type * as kernel from '../../kernel/state/state.ts'
import { legacyRules, rulesWithHandles, type LegacyRule, type Rule } from './rules.ts'

export type NodeState = {
  readonly node: string
  readonly devices: readonly Device[]
  readonly neighbours: readonly Neighbour[]
  readonly forwarding: readonly ForwardingEntry[]
  readonly ports: readonly Port[]
  readonly connections: readonly Connection[]
  readonly rules: readonly Rule[]
  readonly legacy: readonly LegacyRule[]
  readonly sockets: readonly Socket[]
  /** Numbers of the queues (NFQUEUE) that a program serves. */
  readonly queues: readonly number[]
  readonly policies: readonly PolicyRule[]
  readonly routes: readonly Route[]
  readonly qdiscs: readonly Qdisc[]
  readonly counters: Counters
  /** `net/ipv4/ip_forward` -> `1`. */
  readonly sysctls: Readonly<Record<string, string>>
}

export type Neighbour = {
  readonly address: string
  readonly device: string
  readonly mac: string | null
  /** `REACHABLE`, `STALE`, `PERMANENT`, `FAILED` …; `PROXY` for an entry that answers for others. */
  readonly state: string
}
type ForwardingEntry = {
  readonly mac: string
  readonly port: string
  readonly bridge: string | null
  readonly own: boolean
  readonly isStatic: boolean
  /** Of VXLAN: where the frame is sent to. */
  readonly remote: string | null
}
/** One rule of `ip rule`. */
export type PolicyRule = {
  readonly family: 4 | 6
  readonly priority: number
  /** As `ip -j rule` has them: `fwmark`, `table`, `action` … */
  readonly fields: Readonly<Record<string, string | number | null>>
  readonly text: string
}
export type Route = {
  readonly type: string
  readonly destination: string
  readonly via: string | null
  readonly device: string | null
  readonly table: string
}
type Qdisc = { readonly device: string; readonly kind: string; readonly drops: number }

export type Device = {
  readonly index: number
  readonly name: string
  /** `veth`, `bridge`, `vxlan`, `macvlan`, `loopback` …; empty for real hardware. */
  readonly type: string
  readonly mac: string
  readonly mtu: number
  readonly up: boolean
  /** Whether the other end of the veth is up; of a bridge, whether a port is. */
  readonly carrier: boolean
  /** Whether it asks for hardware addresses (`arp on`). */
  readonly arp: boolean
  readonly master: string | null
  /** Of a veth its other end, of a macvlan its parent; null where it is in no node. */
  readonly other: { readonly node: string; readonly name: string } | null
  readonly addresses: readonly Address[]
  readonly qdisc: string
  readonly hasXdp: boolean
  readonly vxlan: Vxlan | null
  /** Of macvlan. */
  readonly mode: string | null
  readonly vlanFiltering: boolean
  readonly spanningTree: boolean
  readonly dropped: { readonly rx: number; readonly tx: number }
}

export type Address = {
  readonly address: string
  readonly prefix: number
  /** `global`, `link`, or `host`: for the node itself only. */
  readonly scope: string
  readonly tentative: boolean
  /** Somebody else on the segment has it, too (duplicate address detection). */
  readonly duplicate: boolean
}

export type Vxlan = {
  readonly id: number
  readonly port: number
  readonly remote: string | null
  readonly local: string | null
  /** Whether it answers ARP and NDP requests from its own neighbour entries. */
  readonly proxy: boolean
}

export type Port = {
  readonly device: string
  readonly bridge: string
  readonly state: string
  readonly isolated: boolean
  readonly hairpin: boolean
  readonly learning: boolean
  readonly locked: boolean
  /** Whether frames for unknown addresses, for groups and for everybody go out there. */
  readonly flood: boolean
  readonly multicastFlood: boolean
  readonly broadcastFlood: boolean
  readonly neighbourSuppression: boolean
}

export type Socket = {
  readonly protocol: 'tcp' | 'udp'
  readonly family: 4 | 6
  /** `0.0.0.0` and `::` are all addresses. */
  readonly address: string
  readonly port: number
  /** The interface that it is bound to (SO_BINDTODEVICE). */
  readonly device: string | null
  /** Of `::`: it takes nothing of IPv4. */
  readonly ipv6Only: boolean
  /** Null while it waits for anybody. */
  readonly peer: string | null
  /** Bytes that wait to be read; of a TCP listener, connections that wait to be accepted. */
  readonly waiting: number
}

/** One direction of a conversation; ICMP echoes have their id in the place of both ports. */
export type Direction = {
  readonly source: string
  readonly destination: string
  readonly sourcePort?: number
  readonly destinationPort?: number
}

export type Connection = {
  readonly protocol: string
  readonly original: Direction
  /** How an answer will arrive: what it is compared with, and turned back from. */
  readonly reply: Direction
}

export type Counters = kernel.NodeState['counters']

export function journeyState(state: kernel.NodeState): NodeState {
  return {
    node: state.name,
    devices: state.links.map((link) => device(link, state)),
    neighbours: state.neighbours.map(({ address, link, mac, state: entry }) => ({
      address,
      device: link,
      mac: mac ?? null,
      state: entry,
    })),
    forwarding: state.forwarding.map(forwardingEntry),
    ports: state.ports.map(port),
    connections: state.connections.map(connectionOf),
    rules: rulesWithHandles(state.chains),
    legacy: legacyRules(state.chains),
    sockets: state.listeners.map(socket),
    queues: state.queues,
    policies: state.rules.map(policyRule),
    routes: state.routes.map(({ type, to, via, link, table }) => ({
      type,
      destination: to,
      via: via ?? null,
      device: link ?? null,
      table,
    })),
    qdiscs: state.qdiscs.map(({ link, kind, drops }) => ({ device: link, kind, drops })),
    counters: state.counters,
    sysctls: sysctlsByPath(state),
  }
}

function device(link: kernel.Link, { name }: kernel.NodeState): Device {
  const { vxlan, peer, parent, statistics } = link
  const below = parent === undefined ? null : { node: name, name: parent }
  return {
    index: link.index,
    name: link.name,
    type: link.kind ?? (link.loopback ? 'loopback' : ''),
    mac: link.mac ?? '',
    mtu: link.mtu,
    up: link.up,
    carrier: link.carrier || !link.up,
    arp: link.noArp !== true,
    master: link.master ?? null,
    other: peer && peer.node !== null ? { node: peer.node, name: peer.link } : below,
    addresses: link.addresses.map(({ address, prefix, scope, tentative, dadFailed }) => ({
      address,
      prefix,
      scope,
      tentative: tentative === true,
      duplicate: dadFailed === true,
    })),
    qdisc: link.qdisc ?? '',
    hasXdp: link.xdp === true,
    vxlan: vxlan
      ? {
          id: vxlan.id,
          port: vxlan.port,
          remote: vxlan.remote ?? null,
          local: vxlan.local ?? null,
          proxy: vxlan.proxy ?? false,
        }
      : null,
    mode: link.macvlanMode ?? null,
    vlanFiltering: link.bridge?.vlanFiltering === true,
    spanningTree: link.bridge?.stp === true,
    dropped: { rx: statistics?.receiveDropped ?? 0, tx: statistics?.sendDropped ?? 0 },
  }
}

function port({
  link,
  flooding,
  broadcastFlooding,
  multicastFlooding,
  ...rest
}: kernel.BridgePort): Port {
  return {
    ...rest,
    device: link,
    flood: flooding,
    broadcastFlood: broadcastFlooding,
    multicastFlood: multicastFlooding,
  }
}

function forwardingEntry(entry: kernel.ForwardingEntry): ForwardingEntry {
  return {
    mac: entry.mac,
    port: entry.link,
    bridge: entry.bridge ?? null,
    own: entry.local === true,
    isStatic: !entry.learned,
    remote: entry.destination ?? null,
  }
}

function socket({
  protocol,
  family,
  address,
  port: number,
  link,
  ipv6Only,
  remote,
  queued,
}: kernel.Listener): Socket {
  return {
    protocol,
    family,
    address,
    port: number,
    device: link ?? null,
    ipv6Only: ipv6Only === true,
    peer: remote?.address ?? null,
    waiting: queued ?? 0,
  }
}

export function connectionOf({ protocol, original, reply }: kernel.Connection): Connection {
  return {
    protocol: protocol.replace('icmpv6', 'icmp'),
    original: direction(original),
    reply: direction(reply),
  }
}

function direction({ icmpId, source, destination, ...ports }: kernel.Tuple): Direction {
  if (icmpId === undefined) return { source, destination, ...ports }
  return { source, destination, sourcePort: icmpId, destinationPort: icmpId }
}

/** The words of `ip rule` as fields: `from` and `to` are `src` and `dst` there, `lookup` is `table`. */
function policyRule({ family, priority, text }: kernel.RoutingRule): PolicyRule {
  const fields: Record<string, string | null> = {}
  const words = text.split(' ')
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word === 'not') fields.not = null
    else if (/^(nop|blackhole|unreachable|prohibit)$/.test(word)) fields.action = word
    else {
      const name =
        { from: 'src', to: 'dst', lookup: 'table', suppress_prefixlength: 'suppress_prefixlen' }[
          word
        ] ?? word
      const [value = '', more] = (words[++at] ?? '').split('/')
      fields[name] = value
      if (more !== undefined) fields[name === 'fwmark' ? 'fwmask' : `${name}len`] = more
    }
  }
  return { family, priority, fields, text: `${priority}: ${text}` }
}

/** By their paths: `net/ipv4/conf/eth0.5/rp_filter`, where sysctl(8) writes a slash for the dot of the device. */
function sysctlsByPath({ sysctls, counters }: kernel.NodeState): NodeState['sysctls'] {
  const swap = (character: string) => (character === '.' ? '/' : '.')
  const paths = Object.entries(sysctls).map(
    ([name, value]) => [name.replaceAll(/[./]/g, swap), value] as const,
  )
  const count = counters['conntrack.count']
  return {
    ...Object.fromEntries(paths),
    ...(count === undefined ? {} : { 'net/netfilter/nf_conntrack_count': String(count) }),
  }
}
