// One message of nftables' trace, from its netlink form (linux/netfilter/nf_tables.h, enum nft_trace_attributes).
import { dissectIp } from '../capture/dissect.ts'
import type { IpPacket } from '../capture/packet.ts'

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

const tags = {
  table: 1,
  chain: 2,
  handle: 3,
  type: 4,
  verdict: 5,
  id: 6,
  network: 8,
  transport: 9,
  iif: 10,
  oif: 12,
  mark: 14,
  policy: 16,
}

/** @returns nothing for what is no trace message. */
export function readTraceMessage(bytes: Buffer): TraceMessage | undefined {
  const subsystem = bytes.length < 20 ? 0 : bytes.readUInt16LE(4) >> 8
  if (subsystem !== nftables) return undefined
  const attributes = readAttributes(bytes.subarray(20))
  const number = (tag: number) => attributes.get(tag)?.readUInt32BE(0)
  const text = (tag: number) => attributes.get(tag)?.toString('latin1').replace(/\0.*$/s, '') ?? ''
  const nested = readAttributes(attributes.get(tags.verdict) ?? Buffer.alloc(0))
  const code = nested.get(1)?.readInt32BE(0) ?? attributes.get(tags.policy)?.readInt32BE(0)
  // An error may be above the verdict: NF_DROP_ERR.
  const verdict = code === undefined ? undefined : verdicts[code < 0 ? code : code & 0xff]
  const packet = headers(attributes.get(tags.network), attributes.get(tags.transport))
  const type = number(tags.type)
  const [iif, oif, mark] = [number(tags.iif), number(tags.oif), number(tags.mark)]
  const handle = attributes.get(tags.handle)?.readBigUInt64BE(0)
  const target = nested.get(2)?.toString('latin1').replace(/\0.*$/s, '')
  return {
    id: number(tags.id) ?? 0,
    family: families[bytes[16] ?? 0] ?? 'inet',
    table: text(tags.table),
    chain: text(tags.chain),
    type: type === 1 || type === 2 ? types[type] : types[3],
    ...(handle === undefined ? {} : { handle: Number(handle) }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(target === undefined ? {} : { target }),
    ...(packet === undefined ? {} : { packet }),
    ...(iif === undefined ? {} : { iif }),
    ...(oif === undefined ? {} : { oif }),
    ...(mark === undefined ? {} : { mark }),
  }
}

const nftables = 10

function headers(network?: Buffer, transport?: Buffer): IpPacket | undefined {
  if (!network) return undefined
  // What is given of the network header may go on into the next one.
  const length = (network[0] ?? 0) >> 4 === 4 ? ((network[0] ?? 0) & 15) * 4 : 40
  return dissectIp(Buffer.concat([network.subarray(0, length), transport ?? Buffer.alloc(0)]))
}

/** netlink(7): 16 bits of length, 16 of type, the value, padded to four bytes. */
function readAttributes(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const attributes = new Map<number, Buffer>()
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = bytes.readUInt16LE(at)
    if (length < 4) break
    attributes.set(bytes.readUInt16LE(at + 2) & 0x3fff, bytes.subarray(at + 4, at + length))
    at += (length + 3) & ~3
  }
  return attributes
}
