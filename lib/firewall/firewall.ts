// Defines what bridge networks need from netfilter; a backend plans it as operations, and changes only its own objects.
import type { Protocol } from '../address/port-mapping.ts'
import type { Operation } from '../kernel/operation.ts'

export type NetworkRules = {
  /** The bridge's name, which the rules match: they may exist before and after the bridge itself. */
  readonly bridge: string
  /** In CIDR notation, of both families. */
  readonly subnets: readonly string[]
  /** Outgoing packets get the address of their outgoing interface as source. */
  readonly masquerade: boolean
  /** No traffic from or to other networks; only the host itself can reach the containers. */
  readonly internal: boolean
  /** Whether its containers may reach each other (Docker's `icc`). */
  readonly internalTraffic: boolean
  /** Whether its containers may send with addresses that are not their own, as routers do. */
  readonly anySource: boolean
}

/**
 * How the interfaces begin that container engines and hypervisors make. An engine that starts after us finds forwarding switched
 * on, and adds rules for its own packets: nothing of ours may drop them.
 */
export const engineInterfaces = [
  'docker',
  'br-',
  'podman',
  'cni',
  'virbr',
  'lxcbr',
  'lxdbr',
  'incusbr',
] as const

/** Every interface of netdojo is created in this group ("nd" in ASCII), whatever its label: `ip link show group 28260`. */
export const linkGroup = 0x6e64

/** One port of the host, and the port of a container that it is translated to. */
export type Forward = {
  /** `'tcp'`, `'udp'` or `'sctp'`. */
  readonly protocol: Protocol
  /** Absent: every address of the host in the family of `address`. */
  readonly hostAddress?: string
  /** The port of the host, 1 to 65535. */
  readonly hostPort: number
  /** The address of the container. */
  readonly address: string
  /** The port of the container. */
  readonly port: number
}

/** A port of a bridge, and the addresses that a frame from there must have as its source. */
export type Source = {
  /** The host's end of the veth pair. */
  readonly port: string
  readonly mac: string
  /** Of both families, without prefix lengths. */
  readonly addresses: readonly string[]
}

export type FirewallState = {
  readonly networks: readonly NetworkRules[]
  /** Families in which this host forwards only for our networks: see `guard`. */
  readonly guarded: readonly (4 | 6)[]
  readonly sources: readonly Source[]
  readonly forwards: readonly Forward[]
}

export type Firewall = {
  readonly name: 'nftables' | 'iptables'
  /** Called before each plan, to read what the kernel can do. */
  prepare(): Promise<void>
  /** Creates the shared objects with the first network. Applying them throws `firewall-taken` when they exist already. */
  start(first: NetworkRules): readonly Operation[]
  /** Removes the shared objects with the last network, and the rules of `guard`. */
  stop(last: NetworkRules, guarded: readonly (4 | 6)[]): readonly Operation[]
  open(network: NetworkRules): readonly Operation[]
  close(network: NetworkRules): readonly Operation[]
  /**
   * This host did not forward before us, and it must not become a router between its other interfaces: drops forwarded packets
   * of these families, but for those of our networks and of the engines in `engineInterfaces`.
   */
  guard(families: readonly (4 | 6)[]): readonly Operation[]
  unguard(families: readonly (4 | 6)[]): readonly Operation[]
  /** From now on the port's frames are dropped unless their source is its own; no operations where that is impossible. */
  restrict(source: Source): readonly Operation[]
  unrestrict(source: Source): readonly Operation[]
  /** Applying this throws `port-in-use` when the host port is published already. */
  publish(forwards: readonly Forward[]): readonly Operation[]
  unpublish(forwards: readonly Forward[]): readonly Operation[]
  /**
   * Operations that bring the kernel from any state of our objects to exactly this one, or with `keepUnknown` to one that has all
   * of it; empty when there is no difference.
   */
  repair(
    state: FirewallState,
    options: { readonly keepUnknown: boolean },
  ): Promise<readonly Operation[]>
}
