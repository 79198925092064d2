// Reads the tracked connections of the namespace of a netfilter socket by ctnetlink (linux/netfilter/nfnetlink_conntrack.h).
import { addressText } from '../../address/address-text.ts'
import { attributesOf, netfilterType, nfgenmsg } from '../netlink/codec.ts'
import {
  AF,
  CTA,
  CTA_IP,
  CTA_PROTO,
  CTA_PROTOINFO,
  CTA_PROTOINFO_TCP,
  CTA_TUPLE,
  IPCTNL_MSG_CT,
  IPS,
} from '../netlink/constants.ts'
import type { NetlinkSocket } from '../netlink/socket.ts'
import { given } from './links.ts'
import type { Connection, Tuple } from './state.ts'

/** The names of protocols in /proc/net/nf_conntrack. */
const protocols: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  47: 'gre',
  58: 'icmpv6',
  132: 'sctp',
  136: 'udplite',
}
/** TCP_CONNTRACK_NONE and what follows, of linux/netfilter/nf_conntrack_tcp.h. */
const states = [
  'NONE',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'SYN_SENT2',
]

/**
 * A dump visits the whole table, which takes 10 ms with 262,144 buckets: ask only where there are entries. A thread waits for it.
 * @throws NetlinkError
 */
export async function readConnections(netfilter: NetlinkSocket): Promise<readonly Connection[]> {
  const type = netfilterType('CTNETLINK', IPCTNL_MSG_CT.GET)
  const replies = await netfilter.dumpAsync({ type, body: nfgenmsg.encode() })
  return replies.flatMap(({ body }) => connectionIn(body))
}

function connectionIn(body: Buffer): readonly Connection[] {
  const { family } = nfgenmsg.decode(body)
  const of = attributesOf(body.subarray(nfgenmsg.size))
  const [original, reply] = [of.get(CTA.TUPLE_ORIG), of.get(CTA.TUPLE_REPLY)]
  if (!original || !reply) return []
  const tcp = attributesOf(attributesOf(of.get(CTA.PROTOINFO)).get(CTA_PROTOINFO.TCP))
  const state = tcp.get(CTA_PROTOINFO_TCP.STATE)?.[0]
  const number =
    attributesOf(attributesOf(original).get(CTA_TUPLE.PROTO)).get(CTA_PROTO.NUM)?.[0] ?? 0
  const mark = of.get(CTA.MARK)?.readUInt32BE() ?? 0
  const status = of.get(CTA.STATUS)?.readUInt32BE() ?? 0
  return [
    {
      family: family === AF.INET6 ? 6 : 4,
      protocol: protocols[number] ?? String(number),
      ...given('state', state === undefined ? undefined : states[state]),
      original: tuple(original),
      reply: tuple(reply),
      answered: (status & IPS.SEEN_REPLY) !== 0,
      ...given('mark', mark === 0 ? undefined : mark),
    },
  ]
}

function tuple(bytes: Buffer): Tuple {
  const of = attributesOf(bytes)
  const [ip, protocol] = [attributesOf(of.get(CTA_TUPLE.IP)), attributesOf(of.get(CTA_TUPLE.PROTO))]
  const port = (type: number) => protocol.get(type)?.readUInt16BE()
  const source = ip.get(CTA_IP.V4_SRC) ?? ip.get(CTA_IP.V6_SRC)
  const destination = ip.get(CTA_IP.V4_DST) ?? ip.get(CTA_IP.V6_DST)
  return {
    source: source ? addressText(source) : '',
    destination: destination ? addressText(destination) : '',
    ...given('sourcePort', port(CTA_PROTO.SRC_PORT)),
    ...given('destinationPort', port(CTA_PROTO.DST_PORT)),
    ...given('icmpId', port(CTA_PROTO.ICMP_ID) ?? port(CTA_PROTO.ICMPV6_ID)),
  }
}
