// The journey of a command's packets as a value: docs/journey.md describes its JSON, and every reader draws from it alone.
import type { Message } from '../../language/message.ts'
import type { Hook } from './trace-table.ts'

/** Raised when a field changes its meaning; new ones may appear without it. */
export const journeyVersion = 2

export type Journey = {
  readonly version: typeof journeyVersion
  /** The node on which the command ran, or the one that it entered (`ip netns exec`). */
  readonly from: string
  readonly command: string
  /** Of the command; in a scenario, 0 when its question was answered, and 1 when not. */
  readonly exitCode: number | null
  readonly outcome: Outcome
  /** Why it ended badly: that of the first conversation that did. Null when the command succeeded. */
  readonly drop: Drop | null
  /** Where what the command said and what was reconstructed do not agree: both, in a sentence. */
  readonly disagreement: Message | null
  /** In the order in which they began. */
  readonly conversations: readonly Conversation[]
  /** Nodes whose kernel dropped trace messages or frames for lack of room: hops of these nodes may be missing. */
  readonly lost: readonly string[]
}

/** `refused`: somebody answered, and said no. `not-sent`: the node itself knew that it could not. */
export type Outcome = 'answered' | 'refused' | 'unanswered' | 'dropped' | 'not-sent'

export type Conversation = {
  readonly protocol: string
  readonly outcome: Outcome
  readonly drop: Drop | null
  /** The way of its first packet, or of the first that was dropped. */
  readonly request: Way
  /** The way back of the first answer, or of the error message that came in its place. */
  readonly answer: Way | null
  /** Further packets in both directions, in the order in which they were sent. */
  readonly others: readonly Way[]
  /** Packets of the same conversation besides `request` and `answer`, in both directions; `others` has the first of them. */
  readonly more: number
  /** All packets in each direction. A flood has thousands, and the ways of its first ones are told. Journeys before 2026-11-28 lack it. */
  readonly count?: { readonly request: number; readonly answer: number }
}

export type Way = {
  /** What kind of packet: `ICMP echo request`, `TCP SYN` … */
  readonly what: string
  readonly direction: 'request' | 'answer'
  /** Milliseconds since the first packet of the journey. */
  readonly at: number
  readonly packet: Addresses
  readonly length: number
  readonly hops: readonly Hop[]
  /** Of a broadcast, a multicast or a flooded frame: what else became of it. */
  readonly copies: readonly Copy[]
  readonly drop: Drop | null
}

export type Copy = {
  /** The index of the last hop that it shares with the way; -1 for none. */
  readonly after: number
  readonly hops: readonly Hop[]
  /** `own`: the sender's own copy of a broadcast. */
  readonly end: 'delivered' | 'ignored' | 'own' | 'lost'
}

export type Addresses = {
  readonly protocol: string
  readonly source: string
  readonly destination: string
  /** Of ICMP echoes, their id. */
  readonly sourcePort?: number
  readonly destinationPort?: number
}

/** `at`: milliseconds since the first packet of the journey; the hooks have no clock, and take that of the frame before them. */
export type Hop = { readonly node: string; readonly at: number } & HopKind

export type HopKind =
  | SentHop
  | RouteHop
  | HookHop
  | ConnectionHop
  | NeighbourHop
  | FrameHop
  | BridgeHop
  | TunnelHop
  | LoopHop
  | DeliveredHop

export type SentHop = {
  readonly kind: 'sent'
  readonly node: string
  readonly by: 'program' | 'kernel'
  /** What the kernel sends by itself: `echo reply`, `SYN+ACK` … */
  readonly what: string
}

/** The packet goes into a tunnel, or comes out: it has one more header in between. */
export type TunnelHop = {
  readonly kind: 'tunnel'
  readonly node: string
  readonly interface: string
  readonly how: 'in' | 'out'
  readonly vni: number
  /** The packet of the tunnel. */
  readonly packet: Addresses
}

/** The packet went round in a circle; the circle is shown once. */
export type LoopHop = {
  readonly kind: 'loop'
  readonly node: string
  readonly nodes: readonly string[]
  readonly times: number
}

export type DeliveredHop = {
  readonly kind: 'delivered'
  readonly node: string
  /** `listener`: the program that listens on the port, if any; `tunnel`: the packet has another one in it; `asker`: the program that waits for this answer. */
  readonly to: 'listener' | 'asker' | 'kernel' | 'tunnel'
  readonly protocol: string
  readonly port: number | null
}

export type RouteHop = {
  readonly kind: 'route'
  readonly node: string
  readonly decision: 'out' | 'forward' | 'local'
  readonly destination: string
  /** `local` for an address of the node; else `unicast`, `broadcast`, `multicast` … as `ip route get` names it. */
  readonly type: string
  readonly via: string | null
  readonly interface: string | null
  /** The table that has the route, where it is not `main`; and the rules of `ip rule` that lead to it. */
  readonly table: string | null
  readonly policies: readonly string[]
}

/** One of netfilter's hooks. */
export type HookHop = {
  readonly kind: 'hook'
  readonly node: string
  readonly hook: Hook
  /** Whether the bridge called it (bridge-nf-call-iptables), and not the IP layer. */
  readonly bridged: boolean
  /** Names of interfaces; null where the hook has none. */
  readonly input: string | null
  readonly output: string | null
  /** The rules that matched, in order; and the policies that decided where no rule did. */
  readonly rules: readonly AppliedRule[]
  readonly before: Addresses
  /** Null when it did not come out. */
  readonly after: Addresses | null
}

export type AppliedRule = {
  readonly family: string
  readonly table: string
  readonly chain: string
  /** As it would be typed, or `policy drop`. */
  readonly rule: string
  readonly verdict: string
  /** What the kernel calls the rule by; null of policies, and of iptables-legacy. */
  readonly handle: number | null
}

export type ConnectionHop = {
  readonly kind: 'connection'
  readonly node: string
  /** `made` by this packet; `used`: it was there before; `answer`: the packet is what the entry waits for. */
  readonly entry: 'made' | 'used' | 'answer'
  readonly original: Addresses
  readonly reply: Addresses
}

export type NeighbourHop = {
  readonly kind: 'neighbour'
  readonly node: string
  readonly interface: string
  readonly address: string
  /** Null when nobody answers. */
  readonly mac: string | null
}

export type FrameHop = {
  readonly kind: 'leaves' | 'enters'
  readonly node: string
  readonly interface: string
  readonly sourceMac: string
  readonly destinationMac: string
  /** Of the whole frame. */
  readonly bytes: number
  /** Whether it is the packet of a tunnel. */
  readonly outer: boolean
  /** Null of frames that carry no IP. */
  readonly ttl: number | null
  /** The first 60 bytes after the Ethernet header, in hexadecimal; the kernel may not have written the checksums yet. */
  readonly head: string
}

export type BridgeHop = {
  readonly kind: 'bridge'
  readonly node: string
  readonly bridge: string
  /** The port that it came in by; null from the host itself. */
  readonly from: string | null
  /** The ports that it goes out by; none when it goes up to the host. */
  readonly to: readonly string[]
  readonly how: 'known' | 'flooded' | 'up'
  readonly destinationMac: string
  /** Whether it is an address of this node: else its forwarding entry or a group led it up. */
  readonly isOwnMac: boolean
  /** Who got a copy and was not meant: `ns2:eth0`. */
  readonly ignoredBy: readonly string[]
}

export type DropReason =
  | 'no-route'
  | 'blackhole'
  | 'prohibited'
  | 'forwarding-off'
  | 'reverse-path-filter'
  | 'martian'
  | 'not-for-it'
  | 'ttl'
  | 'routing-loop'
  | 'mtu'
  | 'no-neighbour'
  | 'link-down'
  | 'queue'
  | 'dropped-by-rule'
  | 'rejected-by-rule'
  | 'dropped-by-policy'
  | 'dropped-in-hook'
  | 'conntrack'
  | 'not-tracked'
  | 'dnat-to-nowhere'
  | 'snat-to-nowhere'
  | 'refused'
  | 'ignored'
  | 'echo-ignored'
  | 'backlog'
  | 'checksum'
  | 'no-answer'
  | 'bridge'
  | 'wrong-mac'
  | 'macvlan'
  | 'tunnel'
  | 'other-address'
  | 'address-missing'
  | 'ports-exhausted'
  | 'unknown'

export type Drop = {
  /** `unknown`: no reason was found; `checked` says where we looked. */
  readonly reason: DropReason
  /** The node at fault, which need not be the one that lost the packet: `place` is that. */
  readonly node: string
  /** The object at fault: a hook, an interface, the routing decision … */
  readonly where: string
  /** For a beginner, as a sentence without its full stop; with its key and values, to translate it. */
  readonly why: Message
  /** What the kernel shows for it: a rule, the answer of a command, a counter. */
  readonly evidence: string
  /** A command that mends it on `node`; null where none does, or where it is a matter of taste. */
  readonly remedy: string | null
  /** What was looked at without finding a reason. */
  readonly checked: readonly Message[]
  /** Where the packet was seen last: the index is that of the last hop of its way. */
  readonly place: { readonly node: string; readonly device: string | null; readonly hop: number }
}
