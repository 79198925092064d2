// Asks the routing tables of a namespace how the kernel would send one packet, as `ip route get` does.
import { addressText } from '../../address/address-text.ts'
import { addressBytes, attribute, attributesOf, rtmsg, struct, u32, u8 } from '../netlink/codec.ts'
import { IPPROTO, NLM_F, RTA, RTAX, RTM, RTM_F } from '../netlink/constants.ts'
import type { Libc } from '../netlink/libc.ts'
import { NetlinkError, NetlinkSocket } from '../netlink/socket.ts'
import { given, number, readNames } from './links.ts'
import { gatewayOf, routeTypes, tableName } from './routes.ts'

export type RouteQuery = {
  readonly destination: string
  readonly source?: string
  /** The device that the packet came in by; absent for a packet of the node itself. */
  readonly input?: string
  readonly output?: string
  readonly mark?: number
  readonly tos?: number
  readonly protocol?: 'tcp' | 'udp' | 'icmp'
  readonly sourcePort?: number
  readonly destinationPort?: number
}

export type RouteReply = {
  /** `'local'`: to the node itself. */
  readonly type: string
  readonly via?: string
  readonly device?: string
  readonly source?: string
  readonly mtu?: number
  /** Absent for `main`. */
  readonly table?: string
  /** The kernel's refusal: `Network is unreachable`. */
  readonly error?: string
}

/** The replies in the order of the queries. @throws Error in the words of `ip`, when the namespace does not exist */
export function lookUpRoutes(
  libc: Libc,
  netns: string,
  queries: readonly RouteQuery[],
): readonly RouteReply[] {
  using route = new NetlinkSocket(libc, 'ROUTE', netns)
  const names = readNames(route)
  const indices = new Map([...names].map(([index, name]) => [name, index]))
  return queries.map((query) => {
    try {
      const body = bodyOf(query, indices)
      const [reply] = route.request({ type: RTM.GETROUTE, flags: NLM_F.REQUEST | NLM_F.ACK, body })
      return reply ? replyIn(reply.body, names) : { type: 'error', error: 'no answer' }
    } catch (error) {
      if (!(error instanceof NetlinkError)) throw error
      return { type: 'error', error: error.message }
    }
  })
}

const port = struct({ port: 'be16' })

function bodyOf(query: RouteQuery, indices: ReadonlyMap<string, number>): Buffer {
  const { family, bytes } = addressBytes(query.destination)
  const source = query.source === undefined ? undefined : addressBytes(query.source).bytes
  const isV6 = bytes.length === 16
  const protocol = query.protocol === 'icmp' ? (isV6 ? 58 : 1) : IPPROTO[query.protocol ?? '']
  const link = (type: number, name: string | undefined) =>
    // A device that is gone has no index: the kernel refuses it.
    name === undefined ? [] : [u32(type, indices.get(name) ?? 0x7fff_ffff)]
  const ports = (type: number, value: number | undefined) =>
    value === undefined ? [] : [attribute(type, port.encode({ port: value }))]
  return Buffer.concat([
    rtmsg.encode({
      family,
      destinationLength: 8 * bytes.length,
      sourceLength: source ? 8 * source.length : 0,
      tos: query.tos ?? 0,
      flags: RTM_F.LOOKUP_TABLE,
    }),
    attribute(RTA.DST, bytes),
    ...(source ? [attribute(RTA.SRC, source)] : []),
    ...link(RTA.IIF, query.input),
    ...link(RTA.OIF, query.output),
    ...(query.mark === undefined ? [] : [u32(RTA.MARK, query.mark)]),
    ...(protocol === undefined ? [] : [u8(RTA.IP_PROTO, protocol)]),
    ...ports(RTA.SPORT, query.sourcePort),
    ...ports(RTA.DPORT, query.destinationPort),
  ])
}

function replyIn(body: Buffer, names: ReadonlyMap<number, string>): RouteReply {
  const { type, table } = rtmsg.decode(body)
  const of = attributesOf(body.subarray(rtmsg.size))
  const source = of.get(RTA.PREFSRC)
  const mtu = attributesOf(of.get(RTA.METRICS)).get(RTAX.MTU)
  const found = tableName(of.has(RTA.TABLE) ? number(of.get(RTA.TABLE)) : table)
  return {
    type: routeTypes[type] ?? String(type),
    ...given('via', gatewayOf(of)),
    ...given('mtu', mtu && number(mtu)),
    ...given('table', found === 'main' || found === 'unspec' ? undefined : found),
    ...given('device', names.get(number(of.get(RTA.OIF)))),
    ...given('source', source && addressText(source)),
  }
}
