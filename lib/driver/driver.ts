// What a kind of network must be able to do; a driver plans, and whoever called it journals and applies the plan.
import type { Forward } from '../firewall/firewall.ts'
import type { Operation } from '../kernel/operation.ts'

/** A part of a plan with the reason for it, as a title. */
export type Step = { readonly title: string; readonly operations: readonly Operation[] }

/** What a driver is told of a network; all of it was decided before anything was made. */
export type DriverNetwork = {
  readonly id: string
  readonly name: string
  /** The host's interface, or another name of at most 15 characters that the driver chose. */
  readonly interface: string
  readonly subnets: readonly { readonly subnet: string; readonly gateway: string }[]
  readonly internal: boolean
  readonly masquerade: boolean
  readonly internalTraffic: boolean
  readonly mtu?: number
  readonly options: Readonly<Record<string, string>>
}

export type DriverEndpoint = {
  readonly id: string
  /** Path of the network namespace. */
  readonly netns: string
  /** The interface inside. */
  readonly interface: string
  readonly hostInterface: string
  /** With their prefix lengths, as `192.168.0.2/24`. */
  readonly addresses: readonly string[]
  readonly mac: string
  /** Whether packets for anywhere leave by this endpoint. */
  readonly defaultRoute: boolean
  readonly forwards: readonly Forward[]
  /** Whether neighbours may remember one of its addresses with another MAC. */
  readonly announce: boolean
  /** Whether the namespace has no other endpoint, so that its `lo` may still be down. */
  readonly isFirst: boolean
}

export type Attached = {
  readonly network: DriverNetwork
  readonly endpoints: readonly DriverEndpoint[]
}

/** How the kernel differs from the records. */
export type Findings = {
  /** What brings it back. */
  readonly steps: readonly Step[]
  /** Ids of endpoints that are gone beyond repair: their namespace took them along. */
  readonly lost: readonly string[]
}

export type NetworkDriver = {
  readonly name: string
  /** Options that it understands, with what each means; others are refused. */
  readonly options: Readonly<Record<string, string>>
  networkInterface(network: Pick<DriverNetwork, 'id' | 'name' | 'options'>): string
  endpointInterface(endpointId: string): string
  /** Called before each plan: the time to look at what the host has that matters to it. */
  prepare(): Promise<void>
  /** `others` are the driver's networks that exist besides this one. */
  create(network: DriverNetwork, others: readonly DriverNetwork[]): readonly Step[]
  remove(network: DriverNetwork, others: readonly DriverNetwork[]): readonly Step[]
  connect(network: DriverNetwork, endpoint: DriverEndpoint): readonly Step[]
  disconnect(network: DriverNetwork, endpoint: DriverEndpoint): readonly Step[]
  /** Compares the kernel with everything that the records say is there. */
  check(attached: readonly Attached[]): Promise<Findings>
}

export function operationsOf(steps: readonly Step[]): readonly Operation[] {
  return steps.flatMap(({ operations }) => operations)
}
