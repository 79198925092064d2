// Parses what `ip -j` and `bridge -j` print into the types of a node's state.
import { flag, given, type UnpairedLink } from './links.ts'
import { ruleText } from './routes.ts'
import type {
  Address,
  BridgePort,
  Family,
  ForwardingEntry,
  Link,
  MulticastGroup,
  Neighbour,
  Route,
  RoutingRule,
} from './state.ts'

// The fields that we read of what the programs print, all of them together.
export type Raw = {
  ifindex: number
  ifname: string
  link?: string
  link_index?: number
  link_netnsid?: number
  linkinfo?: {
    info_kind?: string
    info_data?: Readonly<Record<string, number | string | boolean>>
    info_slave_kind?: string
    info_slave_data?: Readonly<Record<string, string | boolean>>
  }
  address?: string
  mtu: number
  qdisc?: string
  xdp?: unknown
  group: string
  ifalias?: string
  master?: string
  stats64?: Readonly<Record<'rx' | 'tx', { packets: number; errors: number; dropped: number }>>
  addr_info?: {
    family: string
    local: string
    prefixlen: number
    scope: string
    address?: string
    broadcast?: string
    tentative?: boolean
    dadfailed?: boolean
  }[]
  dst: string
  dev: string
  type?: string
  gateway?: string
  via?: { host: string }
  table?: string
  protocol?: string
  prefsrc?: string
  metric?: number
  pref?: string
  tos?: string
  metrics?: { mtu?: number }[]
  nexthops?: { gateway?: string; via?: { host: string }; dev: string; flags: string[] }[]
  lladdr?: string
  state?: string | string[]
  kind: string
  drops: number
  mac: string
  vlan?: number
  flags: string[]
  mdb?: { dev: string; port: string; grp: string; vid?: number }[]
  nsid: number
  name?: string
  priority: number
}

export function linkOf(raw: Raw, all: readonly Raw[], wantsStatistics: boolean): UnpairedLink {
  const { linkinfo = {}, link_netnsid: namespace, stats64 } = raw
  const { info_kind: kind, info_data: data = {} } = linkinfo
  const lower = kind === 'vxlan' ? String(data.link ?? '') : (raw.link ?? '')
  const index = raw.link_index ?? all.find(({ ifname }) => ifname === lower)?.ifindex ?? 0
  const isElsewhere = kind === 'veth' || namespace !== undefined
  const parent = all.find(
    ({ ifname, ifindex }) =>
      (lower === '' ? ifindex === index : ifname === lower) && ifindex !== raw.ifindex,
  )
  return {
    index: raw.ifindex,
    name: raw.ifname,
    ...given('kind', kind),
    ...given('mac', raw.address),
    mtu: raw.mtu,
    up: raw.flags.includes('UP'),
    carrier: raw.flags.includes('LOWER_UP'),
    ...flag('loopback', raw.flags.includes('LOOPBACK')),
    ...flag('noArp', raw.flags.includes('NOARP')),
    ...flag('promiscuous', raw.flags.includes('PROMISC')),
    group: raw.group,
    ...given('master', raw.master),
    ...given('parent', isElsewhere ? undefined : parent?.ifname),
    ...given('alias', raw.ifalias),
    ...given('qdisc', raw.qdisc),
    ...kindData(kind, data),
    ...flag('xdp', raw.xdp !== undefined),
    ...given('statistics', wantsStatistics && stats64 ? statistics(stats64) : undefined),
    ...(isElsewhere && index > 0
      ? { other: namespace === undefined ? { index } : { index, namespace } }
      : {}),
    addresses: (raw.addr_info ?? []).map(addressOf),
  }
}

function kindData(
  kind: string | undefined,
  data: Readonly<Record<string, number | string | boolean>>,
): Partial<Link> {
  const text = (key: string) => (data[key] === undefined ? undefined : String(data[key]))
  if (kind === 'bridge')
    return {
      bridge: {
        stp: data.stp_state !== 0,
        vlanFiltering: data.vlan_filtering === 1,
        multicastSnooping: data.mcast_snooping === 1,
        callIptables: data.nf_call_iptables === 1,
        callIp6tables: data.nf_call_ip6tables === 1,
        callArptables: data.nf_call_arptables === 1,
      },
    }
  if (kind === 'vxlan')
    return {
      vxlan: {
        id: Number(data.id),
        port: Number(data.port),
        ...given('local', text('local') ?? text('local6')),
        ...given('remote', text('remote') ?? text('remote6') ?? text('group') ?? text('group6')),
        learning: data.learning === true,
        ...flag('proxy', data.proxy === true),
      },
    }
  if (kind === 'macvlan' || kind === 'macvtap') return given('macvlanMode', text('mode'))
  return kind === 'vlan' ? { vlan: Number(data.id) } : {}
}

function statistics({ rx, tx }: NonNullable<Raw['stats64']>): Link['statistics'] {
  return {
    receivedPackets: rx.packets,
    sentPackets: tx.packets,
    receiveErrors: rx.errors,
    sendErrors: tx.errors,
    receiveDropped: rx.dropped,
    sendDropped: tx.dropped,
  }
}

function addressOf(raw: NonNullable<Raw['addr_info']>[number]): Address {
  return {
    family: raw.family === 'inet6' ? 6 : 4,
    address: raw.local,
    prefix: raw.prefixlen,
    scope: raw.scope,
    ...given('peer', raw.address),
    ...given('broadcast', raw.broadcast),
    ...flag('tentative', raw.tentative === true),
    ...flag('dadFailed', raw.dadfailed === true),
  }
}

export function portOf({ ifname, master, linkinfo }: Raw): readonly BridgePort[] {
  const { info_slave_kind: kind, info_slave_data: data = {} } = linkinfo ?? {}
  if (master === undefined || kind !== 'bridge') return []
  return [
    {
      link: ifname,
      bridge: master,
      state: String(data.state),
      hairpin: data.hairpin === true,
      isolated: data.isolated === true,
      learning: data.learning === true,
      flooding: data.flood === true,
      broadcastFlooding: data.bcast_flood === true,
      multicastFlooding: data.mcast_flood === true,
      neighbourSuppression: data.neigh_suppress === true,
      locked: data.locked === true,
    },
  ]
}

/** A route with several next hops becomes as many. */
export function routesOf(raw: Raw): readonly Route[] {
  return (raw.nexthops ?? [raw]).map((hop) => routeBy(hop, raw))
}

function routeBy(
  { gateway, via, dev, flags }: NonNullable<Raw['nexthops']>[number],
  { tos, metrics: [{ mtu } = {}] = [], ...raw }: Raw,
): Route {
  return {
    family: raw.pref !== undefined || raw.dst.includes(':') ? 6 : 4,
    table: raw.table ?? 'main',
    type: raw.type ?? 'unicast',
    to: raw.dst,
    ...given('via', gateway ?? via?.host),
    ...given('link', dev),
    ...given('metric', raw.metric),
    protocol: raw.protocol ?? 'unspec',
    ...given('source', raw.prefsrc),
    ...given('tos', tos === undefined ? undefined : Number(tos)),
    ...given('mtu', mtu),
    ...flag('down', flags.includes('dead') || flags.includes('linkdown')),
  }
}

export function ruleOf(raw: Raw, family: Family): RoutingRule {
  const words = new Map(
    Object.entries(raw).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
  const value = (key: string) => words.get(key)
  const prefix = (name: string) =>
    words.has(`${name}len`) ? `${value(name)}/${value(`${name}len`)}` : value(name)
  const range = (name: string) =>
    value(name) ??
    (words.has(`${name}_start`) ? `${value(`${name}_start`)}-${value(`${name}_end`)}` : undefined)
  const mask = words.has('fwmask') ? `/${value('fwmask')}` : ''
  const text = ruleText(
    words.has('not'),
    {
      from: prefix('src'),
      to: prefix('dst'),
      tos: value('tos'),
      fwmark: words.has('fwmark') ? `${value('fwmark')}${mask}` : undefined,
      iif: value('iif'),
      oif: value('oif'),
      uidrange: range('uid'),
      ipproto: value('ipproto'),
      sport: range('sport'),
      dport: range('dport'),
      lookup: raw.table,
      goto: value('goto'),
      suppress_prefixlength: value('suppress_prefixlen'),
    },
    value('action'),
  )
  return { family, priority: raw.priority, text, ...given('table', raw.table) }
}

export function neighbourOf({ dst, dev, lladdr, state }: Raw): Neighbour {
  return {
    family: dst.includes(':') ? 6 : 4,
    address: dst,
    link: dev,
    ...given('mac', lladdr),
    state: [state ?? 'PROXY'].flat().join(' '),
  }
}

/** A device lists the multicast frames that it takes for itself here, too, but these entries forward nothing. */
export function isForwarding({ mac, flags, ...raw }: Raw): boolean {
  return !flags.includes('self') || Number.parseInt(mac.slice(0, 2), 16) % 2 === 0 || 'dst' in raw
}

export function entryOf({ mac, ifname, master, vlan, state, ...raw }: Raw): ForwardingEntry {
  // Absent for a bridge.
  const destination: string | undefined = raw.dst
  return {
    mac,
    link: ifname,
    ...given('bridge', master),
    ...given('vlan', vlan),
    ...given('destination', destination),
    // iproute2 has no word for the usual state, reachable by learning.
    learned: state !== 'permanent' && state !== 'static',
    ...flag('local', state === 'permanent' && destination === undefined),
  }
}

export function groupOf({ dev, port, grp, vid }: NonNullable<Raw['mdb']>[number]): MulticastGroup {
  return { bridge: dev, link: port, address: grp, ...given('vlan', vid) }
}
