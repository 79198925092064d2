// The network state of every node of a world at one moment, as one value: docs/snapshot.md describes the JSON that it is.

/** Raised when a field changes its meaning; new fields may appear without it. */
export const snapshotVersion = 1

export type Snapshot = {
  readonly version: typeof snapshotVersion
  /** The host first, then the others by name. */
  readonly nodes: readonly SnapshotNode[]
  /** What could not be read: the rest is there all the same. */
  readonly unread: readonly Unread[]
}

export type Unread = { readonly node: string; readonly what: string; readonly reason: string }

export type SnapshotNode = {
  readonly name: string
  /** By index. */
  readonly links: readonly Link[]
  /** Of all tables but `local`, which holds what the kernel makes of the addresses. */
  readonly routes: readonly Route[]
  readonly rules: readonly RoutingRule[]
  readonly neighbours: readonly Neighbour[]
  readonly ports: readonly BridgePort[]
  readonly forwarding: readonly ForwardingEntry[]
  readonly chains: readonly Chain[]
  /** The sets and maps of nftables. */
  readonly sets: readonly NftSet[]
  readonly connections: readonly Connection[]
  readonly listeners: readonly Listener[]
  /** By the name that sysctl(8) knows. */
  readonly sysctls: Readonly<Record<string, string>>
}

export type Family = 4 | 6

export type Link = {
  readonly index: number
  readonly name: string
  /** `'veth'`, `'bridge'`, `'vxlan'` …; absent for loopback and hardware. */
  readonly kind?: string
  readonly mac?: string
  readonly mtu: number
  readonly up: boolean
  /** Whether the cable carries a signal: both of its ends are up. */
  readonly carrier: boolean
  readonly master?: string
  /** The other end of a veth pair. */
  readonly peer?: Peer
  readonly alias?: string
  readonly addresses: readonly Address[]
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
}

export type RoutingRule = {
  readonly family: Family
  readonly priority: number
  /** In the words of `ip rule`, from the selector to the table. */
  readonly text: string
}

export type Neighbour = {
  readonly family: Family
  readonly address: string
  readonly link: string
  readonly mac?: string
  /** `'REACHABLE'`, `'STALE'`, `'FAILED'` … */
  readonly state: string
}

export type BridgePort = {
  readonly link: string
  readonly bridge: string
  readonly state: string
  readonly hairpin: boolean
  readonly isolated: boolean
}

/** What a bridge or a VXLAN device knows of a MAC address. */
export type ForwardingEntry = {
  readonly mac: string
  readonly link: string
  readonly bridge?: string
  readonly vlan?: number
  /** Another host's address, for VXLAN. */
  readonly destination?: string
  /** Seen in a frame, and forgotten after a while; otherwise set by somebody, or a port's own. */
  readonly learned: boolean
}

export type Chain = {
  readonly backend: 'nft' | 'iptables-nft' | 'iptables-legacy'
  readonly family: string
  readonly table: string
  readonly name: string
  /** Those of a chain that the kernel calls by itself. */
  readonly hook?: string
  readonly priority?: number
  readonly policy?: string
  readonly rules: readonly FirewallRule[]
}

export type FirewallRule = {
  /** As the program prints it that it belongs to, without the chain and without counters. */
  readonly text: string
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
  readonly protocol: string
  /** TCP's own, as `'ESTABLISHED'`. */
  readonly state?: string
  readonly original: Tuple
  /** What an answer must look like: the original turned round, unless an address was translated. */
  readonly reply: Tuple
  readonly answered: boolean
}

export type Tuple = {
  readonly source: string
  readonly destination: string
  readonly sourcePort?: number
  readonly destinationPort?: number
}

export type Listener = {
  readonly protocol: 'tcp' | 'udp'
  readonly family: Family
  readonly address: string
  readonly port: number
}
