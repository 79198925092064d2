// Describes the headers of a packet, as far as this project reads them.

export type IpPacket = {
  readonly family: 4 | 6
  readonly source: string
  readonly destination: string
  /** `'icmp'` also for ICMPv6; otherwise `'tcp'`, `'udp'`, or the protocol's number. */
  readonly protocol: string
  readonly ttl: number
  /** The whole byte: the class of service and two bits of congestion. */
  readonly tos: number
  readonly length: number
  readonly dontFragment: boolean
  /** Whether it is a piece, and others follow. */
  readonly moreFragments?: true
  readonly sourcePort?: number
  readonly destinationPort?: number
  /** TCP flags in the letters of tcpdump: `S`, `S.`, `F.`, `R` … */
  readonly flags?: string
  readonly icmp?: IcmpPart
  /** What a tunnel carries in it. */
  readonly tunnel?: Tunnel
  /** Identifies the packet on every interface: no rewriting changes it, and no other packet under way has the same. */
  readonly key: string
}

export type Arp = {
  readonly question: boolean
  readonly sender: string
  readonly senderMac: string
  readonly target: string
  /** As a packet's: of no other question or answer that is under way. */
  readonly key: string
}

export type Tunnel = { readonly vni: number; readonly inner: Ethernet }

export type Ethernet = {
  readonly sourceMac: string
  readonly destinationMac: string
  readonly arp?: Arp
  readonly ip?: IpPacket
}

export type IcmpPart = {
  readonly type: number
  readonly code: number
  /** In the words of the RFCs: `echo request`, `port unreachable` … */
  readonly name: string
  readonly id?: number
  readonly sequence?: number
  /** In 'fragmentation needed' and 'packet too big'. */
  readonly mtu?: number
  /** The packet that an error is about. */
  readonly about?: IpPacket
  /** The address whose MAC a neighbour solicitation asks for, or an advertisement announces. */
  readonly neighbour?: string
}
