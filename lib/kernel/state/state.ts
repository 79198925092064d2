// Describes the network state of one node as the kernel holds it. This is the only model of it; lists are sorted, and a field without a
// value is absent.

export type Family = 4 | 6

export type NodeState = {
  readonly name: string
  /** By index. */
  readonly links: readonly Link[]
  /** Of all tables; a snapshot leaves out `local`, which the kernel derives from the addresses. */
  readonly routes: readonly Route[]
  readonly rules: readonly RoutingRule[]
  readonly neighbours: readonly Neighbour[]
  readonly ports: readonly BridgePort[]
  readonly forwarding: readonly ForwardingEntry[]
  /** Multicast groups that a bridge has learned (MDB). */
  readonly groups: readonly MulticastGroup[]
  readonly chains: readonly Chain[]
  /** The sets and maps of nftables. */
  readonly sets: readonly NftSet[]
  readonly connections: readonly Connection[]
  readonly listeners: readonly Listener[]
  /** Queueing disciplines, also those that a device has by default. */
  readonly qdiscs: readonly Qdisc[]
  /** The numbers of the queues (NFQUEUE) that a program serves. */
  readonly queues: readonly number[]
  /** By the name that sysctl(8) knows: `net.ipv4.conf.all.forwarding`. */
  readonly sysctls: Readonly<Record<string, string>>
  /** From /proc/net: `Ip.ForwDatagrams`, `TcpExt.IPReversePathFilter`, `Ip6InNoRoutes`, `conntrack.insert_failed` … */
  readonly counters: Readonly<Record<string, number>>
}

/** A part of the state that could not be read; the other parts are complete. */
export type Unread = { readonly node: string; readonly what: string; readonly reason: string }

export type Link = {
  readonly index: number
  readonly name: string
  /** `'veth'`, `'bridge'`, `'vxlan'` …; absent for loopback and hardware. */
  readonly kind?: string
  readonly mac?: string
  readonly mtu: number
  readonly up: boolean
  /** Whether both ends of the veth or cable are up. */
  readonly carrier: boolean
  readonly loopback?: true
  /** The device resolves no neighbours (`arp off`, tun). */
  readonly noArp?: true
  readonly promiscuous?: true
  /** `'default'`, or a number in decimal. */
  readonly group?: string
  readonly master?: string
  /** The device below, on the same node: the parent of a macvlan or VLAN, the device of a VXLAN. */
  readonly parent?: string
  /** The other end of a veth pair; for a macvlan or VLAN whose parent is on another node, that parent. */
  readonly peer?: Peer
  readonly alias?: string
  /** The queueing discipline: `'noqueue'`, `'tbf'`, `'netem'` … */
  readonly qdisc?: string
  readonly bridge?: BridgeData
  readonly vxlan?: VxlanData
  /** `'bridge'`, `'private'`, `'vepa'`, `'passthru'`, `'source'`. */
  readonly macvlanMode?: string
  readonly vlan?: number
  /** A program of BPF sees each packet before the kernel does (XDP). */
  readonly xdp?: true
  readonly statistics?: LinkStatistics
  readonly addresses: readonly Address[]
}

export type LinkStatistics = {
  readonly receivedPackets: number
  readonly sentPackets: number
  readonly receiveErrors: number
  readonly sendErrors: number
  readonly receiveDropped: number
  readonly sendDropped: number
}

export type Qdisc = { readonly link: string; readonly kind: string; readonly drops: number }

export type BridgeData = {
  readonly stp: boolean
  readonly vlanFiltering: boolean
  readonly multicastSnooping: boolean
  /** The option nf_call_iptables of this bridge; the sysctl bridge-nf-call-iptables applies to all bridges. */
  readonly callIptables: boolean
  readonly callIp6tables: boolean
  readonly callArptables: boolean
}

export type VxlanData = {
  readonly id: number
  readonly port: number
  readonly local?: string
  readonly remote?: string
  readonly learning: boolean
  /** The device answers ARP and NDP requests from its own neighbour entries. */
  readonly proxy?: true
}

/** `node` is null when the other end is in a namespace that is none of the nodes; then only its index is known. */
export type Peer =
  | { readonly node: string; readonly link: string }
  | { readonly node: null; readonly index: number }

export type Address = {
  readonly family: Family
  readonly address: string
  readonly prefix: number
  readonly scope: string
  /** The other end of a point-to-point address. */
  readonly peer?: string
  readonly broadcast?: string
  /** Duplicate address detection has not ended: the kernel does not use the address yet. */
  readonly tentative?: true
  /** Duplicate address detection found another owner: the kernel does not use the address. */
  readonly dadFailed?: true
}

export type Route = {
  readonly family: Family
  readonly table: string
  /** `'unicast'`, or `'blackhole'`, `'unreachable'` … */
  readonly type: string
  /** A prefix, an address, or `'default'`. */
  readonly to: string
  readonly via?: string
  readonly link?: string
  readonly metric?: number
  /** Who made it: `'kernel'`, `'boot'` (ip), `'static'` … */
  readonly protocol?: string
  readonly source?: string
  readonly tos?: number
  readonly mtu?: number
  /** The kernel does not use it: its device is down or has no carrier (RTNH_F_DEAD, RTNH_F_LINKDOWN). */
  readonly down?: true
}

export type RoutingRule = {
  readonly family: Family
  readonly priority: number
  /** In the words of `ip rule`, from the selector to the table. */
  readonly text: string
  readonly table?: string
}

export type Neighbour = {
  readonly family: Family
  readonly address: string
  readonly link: string
  readonly mac?: string
  /** `'REACHABLE'`, `'STALE'`, `'FAILED'` …; `'PROXY'` for an address that the node answers for. */
  readonly state: string
}

export type BridgePort = {
  readonly link: string
  readonly bridge: string
  /** Of the spanning tree: `'forwarding'`, `'blocking'`, `'disabled'` … */
  readonly state: string
  readonly hairpin: boolean
  readonly isolated: boolean
  readonly learning: boolean
  /** Whether frames to an unknown MAC leave by this port. */
  readonly flooding: boolean
  readonly broadcastFlooding: boolean
  readonly multicastFlooding: boolean
  readonly neighbourSuppression: boolean
  /** Whether the port accepts frames only from MACs in the forwarding table. */
  readonly locked: boolean
}

/** An entry in the forwarding table of a bridge or a VXLAN device. */
export type ForwardingEntry = {
  readonly mac: string
  readonly link: string
  readonly bridge?: string
  readonly vlan?: number
  /** Another host's address, for VXLAN. */
  readonly destination?: string
  /** Whether the bridge learned it from a frame; such an entry expires. Other entries are static, or the address of a port. */
  readonly learned: boolean
  /** A frame to this MAC is for the node itself: the address of the bridge or of a port. */
  readonly local?: true
}

export type MulticastGroup = {
  readonly bridge: string
  readonly link: string
  readonly address: string
  readonly vlan?: number
}

export type Chain = {
  readonly backend: 'nft' | 'iptables-nft' | 'iptables-legacy'
  readonly family: string
  readonly table: string
  readonly name: string
  /** Hook, priority and policy exist only in base chains, which the kernel calls. */
  readonly hook?: string
  readonly priority?: number
  readonly policy?: string
  /** How often the policy of a chain of iptables-legacy decided. */
  readonly policyPackets?: number
  /** Only in the families netdev and inet (hooks ingress and egress). */
  readonly device?: string
  readonly rules: readonly FirewallRule[]
}

export type FirewallRule = {
  /** The rule as nft or iptables prints it, without the chain and the counters. */
  readonly text: string
  /** The handle of nftables: unique in its table, and used in traces. */
  readonly handle?: number
  readonly packets?: number
  readonly bytes?: number
}

export type NftSet = {
  readonly family: string
  readonly table: string
  readonly name: string
  readonly elements: readonly {
    readonly key: readonly string[]
    /** Only in maps. */
    readonly data?: readonly string[]
  }[]
}

/** An entry of conntrack. */
export type Connection = {
  readonly family: Family
  /** `'tcp'`, `'udp'`, `'icmp'`, `'icmpv6'` …, or the number. */
  readonly protocol: string
  /** The state of a TCP connection, such as `'ESTABLISHED'`. */
  readonly state?: string
  readonly original: Tuple
  /** The addresses and ports of an answer: the original reversed, unless an address was translated. */
  readonly reply: Tuple
  readonly answered: boolean
  readonly mark?: number
}

export type Tuple = {
  readonly source: string
  readonly destination: string
  readonly sourcePort?: number
  readonly destinationPort?: number
  /** The identifier of an ICMP echo. */
  readonly icmpId?: number
}

/** A TCP socket that listens, or any UDP socket. */
export type Listener = {
  readonly protocol: 'tcp' | 'udp'
  readonly family: Family
  readonly address: string
  readonly port: number
  /** The only device whose packets it receives (SO_BINDTODEVICE). */
  readonly link?: string
  /** The peer of a connected UDP socket, the only one whose packets it receives. */
  readonly remote?: { readonly address: string; readonly port: number }
  /** A socket on `::` that refuses IPv4 (IPV6_V6ONLY). */
  readonly ipv6Only?: true
  /** The connections (TCP) or bytes (UDP) that wait in the queue; `limit` is the largest number of TCP connections there. */
  readonly queued?: number
  readonly limit?: number
}

/** A node, with the path of its network namespace; without one, the node is that of this process, which needs no privileges. */
export type NodeTarget = { readonly name: string; readonly netns?: string }

/** `nft` are the rules of nftables and iptables-nft, `legacy` those of iptables-legacy; addresses and devices are always read. */
export type Part =
  | 'routes'
  | 'neighbours'
  | 'nft'
  | 'legacy'
  | 'connections'
  | 'listeners'
  | 'sysctls'
  | 'counters'
  | 'statistics'

export type States = {
  /** In the order of the nodes. A node that could not be read at all is missing. */
  readonly states: readonly NodeState[]
  readonly unread: readonly Unread[]
}
