// Makes nf_tables trace every packet of a namespace: tables with chains that set `nftrace`, as messages of nf_tables and without nft.
//
// The tables belong to the socket (NFT_TABLE_F_OWNER, Linux 5.12): the kernel removes them with it, however this process ends. No
// expression looks at a connection, since that would turn connection tracking on in a namespace that had none.
import {
  attribute,
  attributesOf,
  nested,
  netfilterType,
  nfgenmsg,
  text,
  type Message,
} from './codec.ts'
import {
  NF_HOOK,
  NFNL_MSG_BATCH,
  NFPROTO,
  NFT,
  NFT_MSG,
  NFTA_CHAIN,
  NFTA_CMP,
  NFTA_DATA,
  NFTA_EXPR,
  NFTA_HOOK,
  NFTA_IMMEDIATE,
  NFTA_LIST,
  NFTA_META,
  NFTA_PAYLOAD,
  NFTA_RANGE,
  NFTA_RULE,
  NFTA_TABLE,
  NFTA_VERDICT,
  NLM_F,
} from './constants.ts'
import type { Libc } from './libc.ts'
import { boundary } from './set-element.ts'
import { NetlinkSocket, type NetlinkError } from './socket.ts'

export type TraceFamily = keyof typeof NF_HOOK

export type TraceChain = {
  readonly name: string
  readonly hook: string
  readonly priority: number
  /** In the family netdev. */
  readonly device?: string
  /** Whether the chain sets `nftrace`; an empty chain only shows that a packet passed. */
  readonly sets: boolean
  /** Leaves out router discovery and group membership (ICMPv6 130 to 134, 137 and 143, and IGMP), which go on all the time. */
  readonly quiet?: boolean
}

export class TraceTables implements Disposable {
  readonly #socket: NetlinkSocket
  readonly #name: string
  readonly #families: TraceFamily[] = []

  /** @throws Error in the words of `ip`, when the namespace does not exist */
  constructor(libc: Libc, netns: string, name: string) {
    this.#socket = new NetlinkSocket(libc, 'NETFILTER', netns)
    this.#name = name
  }

  /** Adds a table with these chains. @returns the kernel's refusal */
  add(family: TraceFamily, chains: readonly TraceChain[]): NetlinkError | undefined {
    const table = text(NFTA_TABLE.NAME, this.#name)
    const refusal = this.#transact([
      message(NFT_MSG.NEWTABLE, family, table, be32(NFTA_TABLE.FLAGS, NFT.TABLE_F_OWNER)),
      ...chains.flatMap((chain) => this.#messagesOf(family, chain)),
    ])
    if (refusal === undefined) this.#families.push(family)
    return refusal
  }

  /** Chains of the family netdev, each of which stands on one device. */
  deviceChains(): readonly { readonly hook: string; readonly device: string }[] {
    const type = netfilterType('NFTABLES', NFT_MSG.GETCHAIN)
    const replies = this.#socket.dump({ type, body: nfgenmsg.encode({ family: NFPROTO.NETDEV }) })
    return replies.flatMap(({ body }) => {
      const hook = attributesOf(attributesOf(body.subarray(nfgenmsg.size)).get(NFTA_CHAIN.HOOK))
      const number = hook.get(NFTA_HOOK.HOOKNUM)?.readUInt32BE()
      const name = Object.entries(NF_HOOK.netdev).find(([, value]) => value === number)?.[0]
      const devices = [hook.get(NFTA_HOOK.DEV), ...attributesOf(hook.get(NFTA_HOOK.DEVS)).values()]
      return devices.flatMap((device) =>
        device && name !== undefined
          ? [{ hook: name, device: device.toString().replace(/\0.*$/s, '') }]
          : [],
      )
    })
  }

  /** The tables are gone at the return; a thread waits until the kernel has freed them. */
  [Symbol.dispose](): void {
    const name = text(NFTA_TABLE.NAME, this.#name)
    // In one transaction: the next would wait for what this one frees.
    if (this.#families.length > 0)
      this.#transact(this.#families.map((family) => message(NFT_MSG.DELTABLE, family, name)))
    this.#socket[Symbol.dispose]()
  }

  #transact(messages: readonly Message[]): NetlinkError | undefined {
    const [begin, end] = [NFNL_MSG_BATCH.BEGIN, NFNL_MSG_BATCH.END].map(boundary)
    if (!begin || !end) return undefined
    const refusals = this.#socket.sendAll([begin, ...messages, end])
    return [...refusals.values()][0]
  }

  #messagesOf(family: TraceFamily, chain: TraceChain): readonly Message[] {
    const { name, hook, priority, device, sets, quiet = false } = chain
    const hooks: Readonly<Record<string, number>> = NF_HOOK[family]
    const where = [
      be32(NFTA_HOOK.HOOKNUM, hooks[hook] ?? 0),
      be32(NFTA_HOOK.PRIORITY, priority),
      ...(device === undefined ? [] : [text(NFTA_HOOK.DEV, device)]),
    ]
    const rules = [...(quiet ? quietRules : []), ...(sets ? [setTrace] : [])]
    return [
      message(
        NFT_MSG.NEWCHAIN,
        family,
        text(NFTA_CHAIN.TABLE, this.#name),
        text(NFTA_CHAIN.NAME, name),
        nested(NFTA_CHAIN.HOOK, ...where),
        text(NFTA_CHAIN.TYPE, 'filter'),
      ),
      ...rules.map((expressions) =>
        message(
          NFT_MSG.NEWRULE,
          family,
          text(NFTA_RULE.TABLE, this.#name),
          text(NFTA_RULE.CHAIN, name),
          nested(NFTA_RULE.EXPRESSIONS, ...expressions),
        ),
      ),
    ]
  }
}

function message(type: number, family: TraceFamily, ...attributes: readonly Buffer[]): Message {
  const header = nfgenmsg.encode({ family: NFPROTO[familyNames[family]] })
  const flags =
    NLM_F.REQUEST | NLM_F.ACK | (type === NFT_MSG.DELTABLE ? 0 : NLM_F.CREATE | NLM_F.APPEND)
  return {
    type: netfilterType('NFTABLES', type),
    flags,
    body: Buffer.concat([header, ...attributes]),
  }
}

const familyNames = { inet: 'INET', arp: 'ARP', netdev: 'NETDEV', bridge: 'BRIDGE' } as const

function be32(type: number, value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value | 0)
  return attribute(type, bytes)
}

function expression(name: string, ...data: readonly Buffer[]): Buffer {
  return nested(NFTA_LIST.ELEM, text(NFTA_EXPR.NAME, name), nested(NFTA_EXPR.DATA, ...data))
}

function value(type: number, ...bytes: readonly number[]): Buffer {
  return nested(type, attribute(NFTA_DATA.VALUE, Buffer.from(bytes)))
}

/** `meta nftrace set 1`. */
const setTrace = [
  expression('immediate', be32(NFTA_IMMEDIATE.DREG, NFT.REG_1), value(NFTA_IMMEDIATE.DATA, 1)),
  expression('meta', be32(NFTA_META.KEY, NFT.META_NFTRACE), be32(NFTA_META.SREG, NFT.REG_1)),
]

const loadProtocol = expression(
  'meta',
  be32(NFTA_META.DREG, NFT.REG_1),
  be32(NFTA_META.KEY, NFT.META_L4PROTO),
)
/** The first byte behind the IP header: the type of an ICMP message. */
const loadType = expression(
  'payload',
  be32(NFTA_PAYLOAD.DREG, NFT.REG_1),
  be32(NFTA_PAYLOAD.BASE, NFT.PAYLOAD_TRANSPORT_HEADER),
  be32(NFTA_PAYLOAD.OFFSET, 0),
  be32(NFTA_PAYLOAD.LEN, 1),
)
const goBack = expression(
  'immediate',
  be32(NFTA_IMMEDIATE.DREG, NFT.REG_VERDICT),
  nested(NFTA_IMMEDIATE.DATA, nested(NFTA_DATA.VERDICT, be32(NFTA_VERDICT.CODE, NFT.RETURN))),
)

function equals(byte: number): Buffer {
  const [register, operation] = [be32(NFTA_CMP.SREG, NFT.REG_1), be32(NFTA_CMP.OP, NFT.CMP_EQ)]
  return expression('cmp', register, operation, value(NFTA_CMP.DATA, byte))
}

const [icmp6, igmp] = [58, 2]
const inRange = expression(
  'range',
  be32(NFTA_RANGE.SREG, NFT.REG_1),
  be32(NFTA_RANGE.OP, NFT.RANGE_EQ),
  value(NFTA_RANGE.FROM_DATA, 130),
  value(NFTA_RANGE.TO_DATA, 134),
)
const quietRules = [
  [loadProtocol, equals(igmp), goBack],
  ...[inRange, equals(137), equals(143)].map((isQuiet) => [
    loadProtocol,
    equals(icmp6),
    loadType,
    isQuiet,
    goBack,
  ]),
]
