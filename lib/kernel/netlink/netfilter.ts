// What the messages of netfilter's subsystems have in common (linux/netfilter/nfnetlink.h).

/** NFNL_SUBSYS_CTNETLINK and NFNL_SUBSYS_NFTABLES. */
const subsystems = { conntrack: 1, nftables: 10 } as const

/** The type of a message: its subsystem, and its number there. */
export function netfilterType(subsystem: keyof typeof subsystems, number: number): number {
  return (subsystems[subsystem] << 8) | number
}

/** struct nfgenmsg: the family, a version, and in network order the subsystem that a transaction is for. */
export function netfilterHeader(family: number, transaction?: keyof typeof subsystems): Buffer {
  return Buffer.of(family, 0, 0, transaction === undefined ? 0 : subsystems[transaction])
}

/** Of the protocols whose ports can be published: /etc/protocols. */
export const protocolNumbers: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 }
