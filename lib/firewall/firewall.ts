// What bridge networks need of netfilter; a backend says it in operations, and touches nothing that is not its own.
import type { Protocol } from '../address/port-mapping.ts'
import type { Operation } from '../kernel/operation.ts'

export type NetworkRules = {
  /** The bridge; rules match its name, so they may come before it and stay after it. */
  readonly bridge: string
  /** In CIDR form, of either family. */
  readonly subnets: readonly string[]
  /** Packets that leave get the address of the interface that they leave by. */
  readonly masquerade: boolean
  /** No way out and no way in; the host itself can still reach the containers. */
  readonly internal: boolean
  /** Whether its containers may reach each other (Docker's 'icc'). */
  readonly internalTraffic: boolean
}

/** One port of the host that leads to one port of a container. */
export type Forward = {
  readonly protocol: Protocol
  /** Absent: every address of the host, of the family of `address`. */
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
  /** Sets up what all networks share, with its first network. @throws on apply `firewall-taken`, if it is there. */
  start(first: NetworkRules): readonly Operation[]
  /** Removes what all networks share, with its last network. */
  stop(last: NetworkRules): readonly Operation[]
  open(network: NetworkRules): readonly Operation[]
  close(network: NetworkRules): readonly Operation[]
  /** The kernel refuses a host port that leads somewhere already (`port-in-use`). */
  publish(forwards: readonly Forward[]): readonly Operation[]
  unpublish(forwards: readonly Forward[]): readonly Operation[]
  /** What brings the kernel to exactly this state, whatever is there of ours; empty when it is in it. */
  repair(state: FirewallState): Promise<readonly Operation[]>
}
