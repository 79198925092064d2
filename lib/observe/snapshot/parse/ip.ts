// Links, addresses, routes, rules and neighbours, from the answers of one `ip -json -batch`; each item shows by its fields what it is.
import type {
  Address,
  Family,
  Link,
  Neighbour,
  Route,
  RoutingRule,
} from '../../../kernel/state/state.ts'
import { byText, items } from './json.ts'

export type UnpairedLink = Omit<Link, 'peer'> & {
  /** The index of the other end, in the namespace with this number, or in the same one. */
  readonly other?: { readonly index: number; readonly namespace?: number }
}

type RawLink = {
  ifindex: number
  ifname: string
  /** The other end: by name in the same namespace, else by index. */
  link?: string
  link_index?: number
  link_netnsid?: number
  linkinfo?: { info_kind?: string }
  address?: string
  mtu: number
  ifalias?: string
  master?: string
  flags: string[]
  addr_info?: { family: string; local: string; prefixlen: number; scope: string }[]
}
type RawRoute = {
  type?: string
  dst: string
  gateway?: string
  dev?: string
  table?: string
  protocol?: string
  prefsrc?: string
  metric?: number
  /** IPv6 only. */
  pref?: string
  nexthops?: { gateway?: string; dev: string }[]
}
type RawRule = Record<string, unknown> & { priority: number }
type RawNeighbour = { dst: string; dev: string; lladdr?: string; state: string[] }

export function parseIp(text: string, rules4: string, rules6: string) {
  const all = items(text)
  const links = all.filter((item): item is RawLink => 'ifindex' in item)
  const neighbours = all.filter((item): item is RawNeighbour => 'state' in item && 'dst' in item)
  const routes = all.filter((item): item is RawRoute => 'dst' in item && !('state' in item))
  return {
    links: links.map((raw) => link(raw, links)).toSorted((a, b) => a.index - b.index),
    routes: routes
      .filter(({ table }) => table !== 'local')
      .flatMap(route)
      .toSorted(byText),
    rules: [
      ...items(rules4)
        .filter(isRule)
        .map((raw) => rule(raw, 4)),
      ...items(rules6)
        .filter(isRule)
        .map((raw) => rule(raw, 6)),
    ],
    neighbours: neighbours.map(neighbour).toSorted(byText),
  }
}

function isRule(item: object): item is RawRule {
  return 'priority' in item && 'src' in item
}

function link(raw: RawLink, links: readonly RawLink[]): UnpairedLink {
  const kind = raw.linkinfo?.info_kind
  const namespace = raw.link_netnsid
  const index = raw.link_index ?? links.find(({ ifname }) => ifname === raw.link)?.ifindex
  const isPaired = kind === 'veth' && index !== undefined && index > 0
  return {
    index: raw.ifindex,
    name: raw.ifname,
    ...(kind === undefined ? {} : { kind }),
    ...(raw.address === undefined ? {} : { mac: raw.address }),
    mtu: raw.mtu,
    up: raw.flags.includes('UP'),
    carrier: raw.flags.includes('LOWER_UP'),
    ...(raw.master === undefined ? {} : { master: raw.master }),
    ...(raw.ifalias === undefined ? {} : { alias: raw.ifalias }),
    ...(isPaired ? { other: namespace === undefined ? { index } : { index, namespace } } : {}),
    addresses: (raw.addr_info ?? []).map(address),
  }
}

function address({ family, local, prefixlen, scope }: NonNullable<RawLink['addr_info']>[number]) {
  return {
    family: family === 'inet6' ? 6 : 4,
    address: local,
    prefix: prefixlen,
    scope,
  } satisfies Address
}

/** One with several next hops becomes as many. */
function route(raw: RawRoute): readonly Route[] {
  return (raw.nexthops ?? [raw]).map(({ gateway, dev }) => hop(raw, gateway, dev))
}

function hop(raw: RawRoute, gateway: string | undefined, dev: string | undefined): Route {
  return {
    family: raw.pref !== undefined || raw.dst.includes(':') ? 6 : 4,
    table: raw.table ?? 'main',
    type: raw.type ?? 'unicast',
    to: raw.dst,
    ...(gateway === undefined ? {} : { via: gateway }),
    ...(dev === undefined ? {} : { link: dev }),
    ...(raw.metric === undefined ? {} : { metric: raw.metric }),
    ...(raw.protocol === undefined ? {} : { protocol: raw.protocol }),
    ...(raw.prefsrc === undefined ? {} : { source: raw.prefsrc }),
  }
}

function rule({ priority, ...raw }: RawRule, family: Family): RoutingRule {
  const prefix = (name: 'src' | 'dst') =>
    raw[`${name}len`] === undefined
      ? word(raw[name])
      : `${word(raw[name])}/${word(raw[`${name}len`])}`
  const words = [
    ...('not' in raw ? ['not'] : []),
    ...('src' in raw ? ['from', prefix('src')] : []),
    ...('dst' in raw ? ['to', prefix('dst')] : []),
    ...['iif', 'oif', 'fwmark', 'fwmask', 'ipproto', 'sport', 'dport', 'tos', 'action'].flatMap(
      (name) => (name in raw ? [name, word(raw[name])] : []),
    ),
    ...('table' in raw ? ['lookup', word(raw.table)] : []),
  ]
  return { family, priority, text: words.join(' ') }
}

function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function neighbour({ dst, dev, lladdr, state }: RawNeighbour): Neighbour {
  return {
    family: dst.includes(':') ? 6 : 4,
    address: dst,
    link: dev,
    ...(lladdr === undefined ? {} : { mac: lladdr }),
    state: state.join(' '),
  }
}
