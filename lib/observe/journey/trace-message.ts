// Reads one message of nftables' trace from its netlink form (linux/netfilter/nf_tables.h, enum nft_trace_attributes).
import { dissectArp, dissectIp } from '../capture/dissect.ts'
import type { Arp, IpPacket } from '../capture/packet.ts'
import { attributesOf, decodeMessages, nfgenmsg } from '../../kernel/netlink/codec.ts'
import { NFNL_SUBSYS, NFTA_TRACE, NFTA_VERDICT } from '../../kernel/netlink/constants.ts'

export type TraceMessage = {
  /** Of one packet in one chain, from message to message; it may change from hook to hook. */
  readonly id: number
  readonly family: 'ip' | 'ip6' | 'inet' | 'bridge' | 'netdev' | 'arp'
  readonly table: string
  readonly chain: string
  readonly type: 'rule' | 'return' | 'policy'
  readonly handle?: number
  readonly verdict?: Verdict
  /** Where a jump goes. */
  readonly target?: string
  /** Only in the first message of a chain. */
  readonly packet?: IpPacket
  /** In its place, in the families arp, bridge and netdev. */
  readonly arp?: Arp
  readonly iif?: number
  readonly oif?: number
  readonly mark?: number
}

export type Verdict =
  | 'accept'
  | 'drop'
  | 'stolen'
  | 'queue'
  | 'continue'
  | 'break'
  | 'jump'
  | 'goto'
  | 'return'

const families: Readonly<Record<number, TraceMessage['family']>> = {
  1: 'inet',
  2: 'ip',
  3: 'arp',
  5: 'netdev',
  7: 'bridge',
  10: 'ip6',
}
const types = { 1: 'policy', 2: 'return', 3: 'rule' } as const
const verdicts: Readonly<Record<number, Verdict>> = {
  0: 'drop',
  1: 'accept',
  2: 'stolen',
  3: 'queue',
  [-1]: 'continue',
  [-2]: 'break',
  [-3]: 'jump',
  [-4]: 'goto',
  [-5]: 'return',
}

/** @returns undefined when it is no message of a trace. */
export function readTraceMessage(bytes: Buffer): TraceMessage | undefined {
  const [message] = decodeMessages(bytes)
  if (!message || message.body.length < nfgenmsg.size) return undefined
  if (message.type >> 8 !== NFNL_SUBSYS.NFTABLES) return undefined
  const attributes = attributesOf(message.body.subarray(nfgenmsg.size))
  const number = (tag: number) => attributes.get(tag)?.readUInt32BE(0)
  const text = (tag: number) => attributes.get(tag)?.toString('latin1').replace(/\0.*$/s, '') ?? ''
  const nested = attributesOf(attributes.get(NFTA_TRACE.VERDICT))
  const code =
    nested.get(NFTA_VERDICT.CODE)?.readInt32BE(0) ??
    attributes.get(NFTA_TRACE.POLICY)?.readInt32BE(0)
  // An error may be above the verdict: NF_DROP_ERR.
  const verdict = code === undefined ? undefined : verdicts[code < 0 ? code : code & 0xff]
  const packet = headers(
    attributes.get(NFTA_TRACE.NETWORK_HEADER),
    attributes.get(NFTA_TRACE.TRANSPORT_HEADER),
  )
  const arp = packet
    ? undefined
    : dissectArp(attributes.get(NFTA_TRACE.NETWORK_HEADER) ?? Buffer.alloc(0))
  const type = number(NFTA_TRACE.TYPE)
  const [iif, oif, mark] = [number(NFTA_TRACE.IIF), number(NFTA_TRACE.OIF), number(NFTA_TRACE.MARK)]
  const handle = attributes.get(NFTA_TRACE.RULE_HANDLE)?.readBigUInt64BE(0)
  const target = nested.get(NFTA_VERDICT.CHAIN)?.toString('latin1').replace(/\0.*$/s, '')
  return {
    id: number(NFTA_TRACE.ID) ?? 0,
    family: families[nfgenmsg.decode(message.body).family] ?? 'inet',
    table: text(NFTA_TRACE.TABLE),
    chain: text(NFTA_TRACE.CHAIN),
    type: type === 1 || type === 2 ? types[type] : types[3],
    ...(handle === undefined ? {} : { handle: Number(handle) }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(target === undefined ? {} : { target }),
    ...(packet === undefined ? {} : { packet }),
    ...(arp === undefined ? {} : { arp }),
    ...(iif === undefined ? {} : { iif }),
    ...(oif === undefined ? {} : { oif }),
    ...(mark === undefined ? {} : { mark }),
  }
}

function headers(network?: Buffer, transport?: Buffer): IpPacket | undefined {
  if (!network) return undefined
  // What is given of the network header may go on into the next one.
  const length = (network[0] ?? 0) >> 4 === 4 ? ((network[0] ?? 0) & 15) * 4 : 40
  return dissectIp(Buffer.concat([network.subarray(0, length), transport ?? Buffer.alloc(0)]))
}
