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
}

/** One port of the host, and the port of a container that it is translated to. */
export type Forward = {
  readonly protocol: Protocol
  /** Absent: every address of the host in the family of `address`. */
  readonly hostAddress?: string
  readonly hostPort: number
  readonly address: string
  readonly port: number
}

export type FirewallState = {
  readonly networks: readonly NetworkRules[]
  readonly forwards: readonly Forward[]
}

export type Firewall = {
  readonly name: 'nftables' | 'iptables'
  /** Creates the shared objects with the first network. Applying them throws `firewall-taken` when they exist already. */
  start(first: NetworkRules): readonly Operation[]
  /** Removes the shared objects with the last network. */
  stop(last: NetworkRules): readonly Operation[]
  open(network: NetworkRules): readonly Operation[]
  close(network: NetworkRules): readonly Operation[]
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
