// Reads the routes of all tables and the routing rules of the namespace of a netlink socket, in the words of `ip route` and `ip rule`.
import { readFileSync } from 'node:fs'
import { addressText } from '../../address/address-text.ts'
import { attributesOf, fib_rule_hdr, rtmsg, struct } from '../netlink/codec.ts'
import { AF, FIB_RULE, FRA, RTA, RTAX, RTM, RTM_F, RTNH_F } from '../netlink/constants.ts'
import type { NetlinkSocket } from '../netlink/socket.ts'
import { flag, given, number, string } from './links.ts'
import type { Family, Route, RoutingRule } from './state.ts'

/** linux/rtnetlink.h: struct rtnexthop. */
const rtnexthop = struct({ length: 'u16', flags: 'u8', hops: 'u8', index: 's32' })

type Attributes = ReadonlyMap<number, Buffer>
type Names = ReadonlyMap<number, string>

/** RTN_UNSPEC and what follows. */
export const routeTypes = [
  'unspec',
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
]
/** The names of route protocols in iproute2, also without its file rt_protos. */
const protocols: Readonly<Record<number, string>> = {
  0: 'unspec',
  1: 'redirect',
  2: 'kernel',
  3: 'boot',
  4: 'static',
  8: 'gated',
  9: 'ra',
  10: 'mrt',
  11: 'zebra',
  12: 'bird',
  13: 'dnrouted',
  14: 'xorp',
  15: 'ntk',
  16: 'dhcp',
  18: 'keepalived',
  42: 'babel',
  186: 'bgp',
  187: 'isis',
  188: 'ospf',
  189: 'rip',
  192: 'eigrp',
}

export function readRoutes(route: NetlinkSocket, names: Names): readonly Route[] {
  return route
    .dump({ type: RTM.GETROUTE, body: rtmsg.encode() })
    .flatMap(({ type, body }) => (type === RTM.NEWROUTE ? routesIn(body, names) : []))
}

/** A route with several next hops becomes as many. */
function routesIn(body: Buffer, names: Names): readonly Route[] {
  const header = rtmsg.decode(body)
  const family = familyOf(header.family)
  // RTM_F_CLONED marks an entry of the route cache.
  if (family === undefined || (header.flags & RTM_F.CLONED) !== 0) return []
  const of = attributesOf(body.subarray(rtmsg.size))
  return nextHops(of, header.flags).map((hop) => routeBy(hop, header, of, family, names))
}

type NextHop = { readonly attributes: Attributes; readonly index: number; readonly flags: number }

function routeBy(
  { attributes, index, flags }: NextHop,
  header: ReturnType<typeof rtmsg.decode>,
  of: Attributes,
  family: Family,
  names: Names,
): Route {
  const source = of.get(RTA.PREFSRC)
  const mtu = attributesOf(of.get(RTA.METRICS)).get(RTAX.MTU)
  return {
    family,
    table: tableName(of.has(RTA.TABLE) ? number(of.get(RTA.TABLE)) : header.table),
    type: routeTypes[header.type] ?? String(header.type),
    to: prefix(of.get(RTA.DST), header.destinationLength, family),
    ...given('via', gatewayOf(attributes)),
    ...given('link', names.get(index)),
    ...given('metric', of.has(RTA.PRIORITY) ? number(of.get(RTA.PRIORITY)) : undefined),
    protocol: protocols[header.protocol] ?? String(header.protocol),
    ...given('source', source && addressText(source)),
    ...given('tos', header.tos === 0 ? undefined : header.tos),
    ...given('mtu', mtu && number(mtu)),
    ...flag('down', (flags & (RTNH_F.DEAD | RTNH_F.LINKDOWN)) !== 0),
  }
}

function nextHops(of: Attributes, flags: number): readonly NextHop[] {
  const several = of.get(RTA.MULTIPATH)
  if (!several) return [{ attributes: of, index: number(of.get(RTA.OIF)), flags }]
  const hops: NextHop[] = []
  for (let at = 0; at + rtnexthop.size <= several.length;) {
    const { length, ...hop } = rtnexthop.decode(several.subarray(at))
    if (length < rtnexthop.size) break
    hops.push({
      ...hop,
      attributes: attributesOf(several.subarray(at + rtnexthop.size, at + length)),
    })
    at += (length + 3) & ~3
  }
  return hops
}

/** RTA_VIA has an address of another family behind two bytes that name the family. */
export function gatewayOf(of: Attributes): string | undefined {
  const bytes = of.get(RTA.GATEWAY) ?? of.get(RTA.VIA)?.subarray(2)
  return bytes && addressText(bytes)
}

function familyOf(family: number): Family | undefined {
  if (family === AF.INET) return 4
  return family === AF.INET6 ? 6 : undefined
}

/** `default`, an address, or a prefix. */
function prefix(bytes: Buffer | undefined, length: number, family: Family): string {
  if (!bytes) return length === 0 ? 'default' : `0/${length}`
  return length === (family === 4 ? 32 : 128)
    ? addressText(bytes)
    : `${addressText(bytes)}/${length}`
}

/** RT_TABLE_DEFAULT, …MAIN and …LOCAL; others may have a name in iproute2's file. */
export function tableName(table: number): string {
  return (
    { 0: 'unspec', 253: 'default', 254: 'main', 255: 'local' }[table] ??
    namedTables().get(table) ??
    String(table)
  )
}

let tables: ReadonlyMap<number, string> | undefined

function namedTables(): ReadonlyMap<number, string> {
  return (tables ??= new Map(
    ['/usr/share/iproute2/rt_tables', '/etc/iproute2/rt_tables']
      .flatMap(linesOf)
      .flatMap((line) => {
        const [, number, name] = /^\s*(\d+)\s+(\S+)/.exec(line) ?? []
        return name === undefined ? [] : [[Number(number), name] as const]
      }),
  ))
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch {
    return []
  }
}

export function readRoutingRules(route: NetlinkSocket): readonly RoutingRule[] {
  return route
    .dump({ type: RTM.GETRULE, body: fib_rule_hdr.encode() })
    .flatMap(({ type, body }) => (type === RTM.NEWRULE ? ruleIn(body) : []))
    .toSorted((a, b) => a.family - b.family)
}

/** FR_ACT_TO_TBL is 1, FR_ACT_GOTO 2. */
const actions: Readonly<Record<number, string>> = {
  3: 'nop',
  6: 'blackhole',
  7: 'unreachable',
  8: 'prohibit',
}

function ruleIn(body: Buffer): readonly RoutingRule[] {
  const header = fib_rule_hdr.decode(body)
  const family = familyOf(header.family)
  if (family === undefined) return []
  const of = attributesOf(body.subarray(fib_rule_hdr.size))
  const value = (type: number) => (of.has(type) ? number(of.get(type)) : undefined)
  const range = (type: number, size: 2 | 4) => {
    const bytes = of.get(type)
    if (!bytes) return undefined
    const [first, last] = [bytes.readUIntLE(0, size), bytes.readUIntLE(size, size)]
    return first === last && size === 2 ? `${first}` : `${first}-${last}`
  }
  const [mark, mask, suppress] = [
    value(FRA.FWMARK),
    value(FRA.FWMASK),
    value(FRA.SUPPRESS_PREFIXLEN),
  ]
  const hasMark = (mark ?? 0) !== 0 || (mask ?? 0) !== 0
  const isFull = mask === undefined || mask === 0xffff_ffff
  const table = header.action === 1 ? tableName(value(FRA.TABLE) ?? header.table) : undefined
  const words = {
    from: of.has(FRA.SRC) ? prefix(of.get(FRA.SRC), header.sourceLength, family) : 'all',
    to: of.has(FRA.DST) ? prefix(of.get(FRA.DST), header.destinationLength, family) : undefined,
    tos: header.tos === 0 ? undefined : hexadecimal(header.tos, 2),
    fwmark: hasMark
      ? `${hexadecimal(mark ?? 0)}${isFull ? '' : `/${hexadecimal(mask)}`}`
      : undefined,
    iif: of.has(FRA.IIFNAME) ? string(of.get(FRA.IIFNAME)) : undefined,
    oif: of.has(FRA.OIFNAME) ? string(of.get(FRA.OIFNAME)) : undefined,
    uidrange: range(FRA.UID_RANGE, 4),
    ipproto: protocolName(value(FRA.IP_PROTO)),
    sport: range(FRA.SPORT_RANGE, 2),
    dport: range(FRA.DPORT_RANGE, 2),
    lookup: table,
    goto: header.action === 2 ? value(FRA.GOTO) : undefined,
    suppress_prefixlength: suppress === 0xffff_ffff ? undefined : suppress,
  }
  return [
    {
      family,
      priority: value(FRA.PRIORITY) ?? 0,
      text: ruleText((header.flags & FIB_RULE.INVERT) !== 0, words, actions[header.action]),
      ...given('table', table),
    },
  ]
}

/** The rule as `ip rule` prints it. */
export function ruleText(
  isInverted: boolean,
  words: Readonly<Record<string, string | number | undefined>>,
  action: string | undefined,
): string {
  return [
    ...(isInverted ? ['not'] : []),
    ...Object.entries(words).flatMap(([word, value]) => (value === undefined ? [] : [word, value])),
    ...(action === undefined ? [] : [action]),
  ].join(' ')
}

function hexadecimal(value: number, digits = 1): string {
  return `0x${value.toString(16).padStart(digits, '0')}`
}

/** iproute2 writes names that it finds in its own list. */
function protocolName(protocol: number | undefined): string | undefined {
  if (protocol === undefined || protocol === 0) return undefined
  return (
    { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'ipv6-icmp', 132: 'sctp' }[protocol] ?? String(protocol)
  )
}
