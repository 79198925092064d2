// Tells the addresses of a packet at a hop, what that hop rewrote, and the packet of the tunnel around it.
import type { Addresses, FrameHop, Hop, Way } from '../../../observe/journey/journey.ts'

export type Side = {
  readonly now: string
  readonly old: string | null
  readonly tone: 'dnat' | 'snat'
}

export type Addressed = {
  readonly packet: Addresses
  readonly source: Side
  readonly destination: Side
  /** `rewritten by DNAT`, in English. */
  readonly by: string | null
  /** The ends of the tunnel's packet that it is in. */
  readonly outer: string | null
}

export function addressesAt({ hops, packet }: Way, index: number): Addressed {
  const hop = hops[index]
  const now = packetAfter(hops, packet, index)
  const was = hop?.kind === 'hook' ? hop.before : now
  const isEcho = now.protocol.startsWith('icmp')
  const end = (address: string, port?: number) =>
    isEcho || port === undefined
      ? address
      : address.includes(':')
        ? `[${address}]:${port}`
        : `${address}:${port}`
  const side = (after: string, before: string, tone: Side['tone']): Side => ({
    now: after,
    old: after === before ? null : before,
    tone,
  })
  const source = side(end(now.source, now.sourcePort), end(was.source, was.sourcePort), 'snat')
  const destination = side(
    end(now.destination, now.destinationPort),
    end(was.destination, was.destinationPort),
    'dnat',
  )
  const isTyped = hop?.kind === 'hook' && hop.rules.some(({ rule }) => !rule.startsWith('policy '))
  const by =
    source.old === null && destination.old === null
      ? null
      : isTyped
        ? destination.old === null
          ? 'SNAT'
          : 'DNAT'
        : 'conntrack'
  return { packet: now, source, destination, by, outer: outerAt(hops, index) }
}

function packetAfter(hops: readonly Hop[], first: Addresses, index: number): Addresses {
  const inner = hops
    .slice(0, index + 1)
    .filter((hop) => hop.kind === 'hook' && hop.before.protocol === first.protocol)
  const last = inner.at(-1)
  return last?.kind === 'hook' ? (last.after ?? last.before) : first
}

function outerAt(hops: readonly Hop[], index: number): string | null {
  const tunnel = hops.slice(0, index + 1).findLast((hop) => hop.kind === 'tunnel')
  return tunnel?.kind === 'tunnel' && tunnel.how === 'in'
    ? `${tunnel.packet.source} → ${tunnel.packet.destination}`
    : null
}

/** The frames among the hops: these have bytes, MACs and a time to live. */
export function framesOf(hops: readonly Hop[]): readonly (Hop & FrameHop)[] {
  return hops.filter((hop): hop is Hop & FrameHop => hop.kind === 'leaves' || hop.kind === 'enters')
}
