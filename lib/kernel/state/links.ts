// Reads the devices of the namespace of a netlink socket, with their addresses, sysctls and bridge port attributes, by two dumps.
import { addressText, macText } from '../../address/address-text.ts'
import { attributesOf, ifaddrmsg, ifinfomsg, u32 } from '../netlink/codec.ts'
import {
  AF,
  ARPHRD,
  IFA,
  IFA_F,
  IFF,
  IFLA,
  IFLA_BR,
  IFLA_BRPORT,
  IFLA_INET,
  IFLA_INET6,
  IFLA_INFO,
  IFLA_MACVLAN,
  IFLA_VLAN,
  IFLA_VXLAN,
  IFLA_XDP,
  RTEXT_FILTER,
  RTM,
} from '../netlink/constants.ts'
import type { NetlinkSocket } from '../netlink/socket.ts'
import type { Address, BridgePort, Link } from './state.ts'
import { deviceSysctls } from './sysctls.ts'

/** A link whose other end is not yet resolved (peers.ts). */
export type UnpairedLink = Omit<Link, 'peer'> & {
  /** The index of the other end, in the namespace with this number, or in the same one. */
  readonly other?: { readonly index: number; readonly namespace?: number }
}

export type LinkDump = {
  readonly links: readonly UnpairedLink[]
  readonly ports: readonly BridgePort[]
  /** Those of each device. */
  readonly sysctls: Readonly<Record<string, string>>
  readonly names: ReadonlyMap<number, string>
}

type Attributes = ReadonlyMap<number, Buffer>
type Raw = {
  readonly index: number
  readonly type: number
  readonly flags: number
  readonly of: Attributes
}

/** Only the names, by their indices. */
export function readNames(route: NetlinkSocket): ReadonlyMap<number, string> {
  return new Map(
    dumpLinks(route, false).map(({ index, of }) => [index, string(of.get(IFLA.IFNAME))]),
  )
}

/** Statistics are most of what the kernel sends. */
export function readLinks(route: NetlinkSocket, wantsStatistics: boolean): LinkDump {
  const raw = dumpLinks(route, wantsStatistics)
  const names = new Map(raw.map(({ index, of }) => [index, string(of.get(IFLA.IFNAME))]))
  const addresses = readAddresses(route)
  return {
    links: raw.map((each) => link(each, names, addresses.get(each.index) ?? [])),
    ports: raw.flatMap(({ of }) => port(of, names)),
    sysctls: Object.assign({}, ...raw.map(({ of }) => sysctlsOf(of))),
    names,
  }
}

function dumpLinks(route: NetlinkSocket, wantsStatistics: boolean): readonly Raw[] {
  return route
    .dump({
      type: RTM.GETLINK,
      body: Buffer.concat([
        ifinfomsg.encode(),
        u32(IFLA.EXT_MASK, wantsStatistics ? 0 : RTEXT_FILTER.SKIP_STATS),
      ]),
    })
    .filter(({ type }) => type === RTM.NEWLINK)
    .map(({ body }): Raw => {
      const { index, type, flags } = ifinfomsg.decode(body)
      const of = new Map(attributesOf(body.subarray(ifinfomsg.size)))
      // Some kernels send them all the same.
      if (!wantsStatistics) of.delete(IFLA.STATS64)
      return { index, type, flags, of }
    })
    .toSorted((a, b) => a.index - b.index)
}

/** Only the names, by index. */
export function readLinkNames(route: NetlinkSocket): ReadonlyMap<number, string> {
  const mask = u32(IFLA.EXT_MASK, RTEXT_FILTER.SKIP_STATS)
  const replies = route.dump({
    type: RTM.GETLINK,
    body: Buffer.concat([ifinfomsg.encode(), mask]),
  })
  return new Map(
    replies.map(({ body }) => [
      ifinfomsg.decode(body).index,
      string(attributesOf(body.subarray(ifinfomsg.size)).get(IFLA.IFNAME)),
    ]),
  )
}

function link(
  { index, type, flags, of }: Raw,
  names: LinkDump['names'],
  addresses: readonly Address[],
): UnpairedLink {
  const info = attributesOf(of.get(IFLA.LINKINFO))
  const kind = optionalString(info.get(IFLA_INFO.KIND))
  const data = attributesOf(info.get(IFLA_INFO.DATA))
  const mac = hardware(of.get(IFLA.ADDRESS), type)
  const master = number(of.get(IFLA.MASTER))
  const group = number(of.get(IFLA.GROUP))
  const lower = kind === 'vxlan' ? number(data.get(IFLA_VXLAN.LINK)) : number(of.get(IFLA.LINK))
  const namespace = of.get(IFLA.LINK_NETNSID)?.readInt32LE()
  const isElsewhere = kind === 'veth' || namespace !== undefined
  return {
    index,
    name: names.get(index) ?? '',
    ...given('kind', kind),
    ...given('mac', mac),
    mtu: number(of.get(IFLA.MTU)),
    up: has(flags, IFF.UP),
    carrier: has(flags, IFF.LOWER_UP),
    ...flag('loopback', has(flags, IFF.LOOPBACK)),
    ...flag('noArp', has(flags, IFF.NOARP)),
    ...flag('promiscuous', has(flags, IFF.PROMISC)),
    // iproute2 has a name only for this group.
    group: group === 0 ? 'default' : String(group),
    ...given('master', names.get(master)),
    ...given('parent', isElsewhere || lower === index ? undefined : names.get(lower)),
    ...given('alias', optionalString(of.get(IFLA.IFALIAS))),
    ...given('qdisc', optionalString(of.get(IFLA.QDISC))),
    ...kindData(kind, data),
    ...flag('xdp', (attributesOf(of.get(IFLA.XDP)).get(IFLA_XDP.ATTACHED)?.[0] ?? 0) > 0),
    ...given('statistics', statistics(of.get(IFLA.STATS64))),
    ...(isElsewhere && lower > 0
      ? { other: namespace === undefined ? { index: lower } : { index: lower, namespace } }
      : {}),
    addresses,
  }
}

const macvlanModes: Readonly<Record<number, string>> = {
  1: 'private',
  2: 'vepa',
  4: 'bridge',
  8: 'passthru',
  16: 'source',
}

function kindData(kind: string | undefined, data: Attributes): Partial<Link> {
  const is = (type: number) => data.get(type)?.[0] === 1 || number(data.get(type)) === 1
  if (kind === 'bridge')
    return {
      bridge: {
        stp: number(data.get(IFLA_BR.STP_STATE)) > 0,
        vlanFiltering: is(IFLA_BR.VLAN_FILTERING),
        multicastSnooping: is(IFLA_BR.MCAST_SNOOPING),
        callIptables: is(IFLA_BR.NF_CALL_IPTABLES),
        callIp6tables: is(IFLA_BR.NF_CALL_IP6TABLES),
        callArptables: is(IFLA_BR.NF_CALL_ARPTABLES),
      },
    }
  if (kind === 'vxlan') {
    const local = data.get(IFLA_VXLAN.LOCAL) ?? data.get(IFLA_VXLAN.LOCAL6)
    const remote = data.get(IFLA_VXLAN.GROUP) ?? data.get(IFLA_VXLAN.GROUP6)
    return {
      vxlan: {
        id: number(data.get(IFLA_VXLAN.ID)),
        port: data.get(IFLA_VXLAN.PORT)?.readUInt16BE() ?? 0,
        ...given('local', local && addressText(local)),
        ...given('remote', remote && addressText(remote)),
        learning: is(IFLA_VXLAN.LEARNING),
        ...flag('proxy', is(IFLA_VXLAN.PROXY)),
      },
    }
  }
  if (kind === 'macvlan' || kind === 'macvtap')
    return given('macvlanMode', macvlanModes[number(data.get(IFLA_MACVLAN.MODE))])
  if (kind === 'vlan') return given('vlan', data.get(IFLA_VLAN.ID)?.readUInt16LE())
  return {}
}

/** linux/if_link.h: struct rtnl_link_stats64 begins with packets, bytes, errors and drops, each of receiving and of sending. */
function statistics(bytes: Buffer | undefined): Link['statistics'] {
  if (!bytes) return undefined
  const value = (index: number) => Number(bytes.readBigUInt64LE(8 * index))
  return {
    receivedPackets: value(0),
    sentPackets: value(1),
    receiveErrors: value(4),
    sendErrors: value(5),
    receiveDropped: value(6),
    sendDropped: value(7),
  }
}

/** BR_STATE_DISABLED and what follows, of linux/if_bridge.h. */
const portStates = ['disabled', 'listening', 'learning', 'forwarding', 'blocking']

function port(of: Attributes, names: LinkDump['names']): readonly BridgePort[] {
  const info = attributesOf(of.get(IFLA.LINKINFO))
  const bridge = names.get(number(of.get(IFLA.MASTER)))
  if (bridge === undefined || optionalString(info.get(IFLA_INFO.SLAVE_KIND)) !== 'bridge') return []
  const data = attributesOf(info.get(IFLA_INFO.SLAVE_DATA))
  const is = (type: number) => data.get(type)?.[0] === 1
  return [
    {
      link: string(of.get(IFLA.IFNAME)),
      bridge,
      state: portStates[data.get(IFLA_BRPORT.STATE)?.[0] ?? -1] ?? 'unknown',
      hairpin: is(IFLA_BRPORT.MODE),
      isolated: is(IFLA_BRPORT.ISOLATED),
      learning: is(IFLA_BRPORT.LEARNING),
      flooding: is(IFLA_BRPORT.UNICAST_FLOOD),
      broadcastFlooding: is(IFLA_BRPORT.BCAST_FLOOD),
      multicastFlooding: is(IFLA_BRPORT.MCAST_FLOOD),
      neighbourSuppression: is(IFLA_BRPORT.NEIGH_SUPPRESS),
      locked: is(IFLA_BRPORT.LOCKED),
    },
  ]
}

/** The kernel sends the sysctls of a device with the device, so that no files have to be opened. */
function sysctlsOf(of: Attributes): Readonly<Record<string, string>> {
  const families = attributesOf(of.get(IFLA.AF_SPEC))
  return deviceSysctls(
    string(of.get(IFLA.IFNAME)),
    attributesOf(families.get(AF.INET)).get(IFLA_INET.CONF),
    attributesOf(families.get(AF.INET6)).get(IFLA_INET6.CONF),
  )
}

const scopes: Readonly<Record<number, string>> = {
  0: 'global',
  200: 'site',
  253: 'link',
  254: 'host',
}

export function readAddresses(route: NetlinkSocket): ReadonlyMap<number, readonly Address[]> {
  const found = new Map<number, Address[]>()
  for (const { type, body } of route.dump({ type: RTM.GETADDR, body: ifaddrmsg.encode() })) {
    if (type !== RTM.NEWADDR) continue
    const { index, ...header } = ifaddrmsg.decode(body)
    const address = addressOf(header, attributesOf(body.subarray(ifaddrmsg.size)))
    if (address) found.set(index, [...(found.get(index) ?? []), address])
  }
  return found
}

function addressOf(
  {
    family,
    prefix,
    scope,
    flags,
  }: { family: number; prefix: number; scope: number; flags: number },
  of: Attributes,
): Address | undefined {
  const remote = of.get(IFA.ADDRESS)
  // IFA_LOCAL is present for IPv4, and for IPv6 if it differs from IFA_ADDRESS.
  const local = of.get(IFA.LOCAL) ?? remote
  if (!local || (family !== AF.INET && family !== AF.INET6)) return undefined
  const all = of.get(IFA.FLAGS)?.readUInt32LE() ?? flags
  const broadcast = of.get(IFA.BROADCAST)
  return {
    family: family === AF.INET6 ? 6 : 4,
    address: addressText(local),
    prefix,
    scope: scopes[scope] ?? String(scope),
    ...(remote && !remote.equals(local) ? { peer: addressText(remote) } : {}),
    ...given('broadcast', broadcast && addressText(broadcast)),
    ...flag('tentative', has(all, IFA_F.TENTATIVE)),
    ...flag('dadFailed', has(all, IFA_F.DADFAILED)),
  }
}

/** Tunnels have an IP address as their hardware address. */
function hardware(bytes: Buffer | undefined, type: number): string | undefined {
  if (!bytes || bytes.length === 0) return undefined
  const isTunnel = (Object.values(ARPHRD) as readonly number[]).includes(type)
  return isTunnel ? addressText(bytes) : macText(bytes)
}

/** Numbers of netlink are 8, 16 or 32 bits long; what is missing is 0. */
export function number(bytes: Buffer | undefined): number {
  return bytes ? bytes.readUIntLE(0, Math.min(bytes.length, 4)) : 0
}

export function string(bytes: Buffer | undefined): string {
  return bytes
    ? bytes.toString('utf8', 0, bytes.indexOf(0) < 0 ? bytes.length : bytes.indexOf(0))
    : ''
}

function optionalString(bytes: Buffer | undefined): string | undefined {
  return bytes && string(bytes)
}

function has(flags: number, flag: number): boolean {
  return (flags & flag) !== 0
}

/** The field, if it has a value. */
export function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a computed name is a string for the compiler
  return (value === undefined ? {} : { [name]: value }) as { [Key in Name]?: Value }
}

/** The field, if it is so. */
export function flag<Name extends string>(
  name: Name,
  isSo: boolean,
): { readonly [Key in Name]?: true } {
  return given(name, isSo ? (true as const) : undefined)
}
