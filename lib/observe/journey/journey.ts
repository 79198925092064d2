// The journey of a command's packets as a value: docs/journey.md describes its JSON, and every reader draws from it alone.
import type { Message } from '../../language/message.ts'
import type { Hook } from './trace-table.ts'

/** Raised when a field changes its meaning; new ones may appear without it. */
export const journeyVersion = 2

export type Journey = {
  readonly version: typeof journeyVersion
  /** The node on which the command ran. */
  readonly from: string
  readonly command: string
  /** Of the command; in a scenario, 0 when its question was answered, and 1 when not. */
  readonly exitCode: number | null
  readonly outcome: Outcome
  /** Why it ended badly: that of the first conversation that did. */
  readonly drop: Drop | null
  /** In the order in which they began. */
  readonly conversations: readonly Conversation[]
  /** Nodes whose kernel had more to tell than there was room for: of these, hops may be missing. */
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
  /** Packets of the same conversation that are not told, in both directions. */
  readonly more: number
}

export type Way = {
  /** What kind of packet: `ICMP echo request`, `TCP SYN` … */
  readonly what: string
  readonly packet: Addresses
  readonly length: number
  readonly hops: readonly Hop[]
  readonly drop: Drop | null
}

export type Addresses = {
  readonly protocol: string
  readonly source: string
  readonly destination: string
  /** Of ICMP echoes, their id. */
  readonly sourcePort?: number
  readonly destinationPort?: number
}

export type Hop =
  | { readonly kind: 'sent'; readonly node: string; readonly by: 'program' | 'kernel' }
  | RouteHop
  | HookHop
  | ConnectionHop
  | NeighbourHop
  | FrameHop
  | BridgeHop
  | DeliveredHop

export type DeliveredHop = {
  readonly kind: 'delivered'
  readonly node: string
  /** `listener`: whoever listens on the port, if anybody; `asker`: the program that waits for this answer. */
  readonly to: 'listener' | 'asker' | 'kernel'
  readonly protocol: string
  readonly port: number | null
}

export type RouteHop = {
  readonly kind: 'route'
  readonly node: string
  readonly decision: 'out' | 'forward' | 'local'
  readonly destination: string
  readonly via: string | null
  readonly interface: string | null
}

/** One of netfilter's hooks. */
export type HookHop = {
  readonly kind: 'hook'
  readonly node: string
  readonly hook: Hook
  /** The rules that matched, in order; and the policies that decided where no rule did. */
  readonly rules: readonly AppliedRule[]
  readonly before: Addresses
  /** Null when it did not come out. */
  readonly after: Addresses | null
}

export type AppliedRule = {
  readonly table: string
  readonly chain: string
  /** As it would be typed, or `policy drop`. */
  readonly rule: string
  readonly verdict: string
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
  readonly destinationMac: string
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
  | 'ttl'
  | 'mtu'
  | 'no-neighbour'
  | 'link-down'
  | 'dropped-by-rule'
  | 'rejected-by-rule'
  | 'dropped-by-policy'
  | 'dropped-in-hook'
  | 'dnat-to-nowhere'
  | 'refused'
  | 'echo-ignored'
  | 'no-answer'
  | 'bridge'
  | 'wrong-mac'
  | 'stranger'
  | 'address-missing'
  | 'not-routed'
  | 'lost'

export type Drop = {
  readonly reason: DropReason
  readonly node: string
  /** A hook, an interface, the routing decision … */
  readonly where: string
  /** For a beginner, as a sentence without its full stop; with its key and values, to translate it. */
  readonly why: Message
  /** What the kernel shows for it: a rule, the answer of a command, a counter. */
  readonly evidence: string
}
