// Defines the interface of a network driver: it only plans, and the caller journals and applies the plan.
import type { Forward } from '../firewall/firewall.ts'
import type { Operation } from '../kernel/operation.ts'
import type { OperationKind } from '../kernel/own-operations.ts'

/** A titled part of a plan. */
export type Step = { readonly title: string; readonly operations: readonly Operation[] }

/** A network as a driver sees it; everything in it is decided before the first change of the kernel. */
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
  /** The interface in the container. */
  readonly interface: string
  readonly hostInterface: string
  /** With their prefix lengths, as `192.168.0.2/24`. */
  readonly addresses: readonly string[]
  readonly mac: string
  /** Set the default routes of the namespace: of this endpoint, or of another one that it displaces. */
  readonly routes: readonly Operation[]
  readonly forwards: readonly Forward[]
  /** Whether neighbours may have an entry of one of its addresses with another MAC. */
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
  /** The steps that restore it. */
  readonly steps: readonly Step[]
  /** Ids of endpoints that cannot be repaired, since they ended with their namespace. */
  readonly lost: readonly string[]
  /** Interfaces that carry our label and have no record. The steps leave them unless the check was told to remove them. */
  readonly strays?: readonly string[]
}

/** A sysctl of the host that our networks need to be changed. */
export type ChangedSysctl = {
  readonly key: string
  readonly value: string
  readonly before: string
}

export type CheckOptions = {
  /** Interfaces without a record may serve containers whose records were lost: they go only when the user says so. */
  readonly removeStrays: boolean
}

/** A kind of network: `openNetworks({ drivers: [driver] })`. */
export type NetworkDriver = {
  /** The kinds of operations that its plans have beside ours; default none. */
  readonly operations?: readonly OperationKind[]
  readonly name: string
  /** The options of a network with this driver, each with its meaning; other options are refused. */
  readonly options: Readonly<Record<string, string>>
  networkInterface(network: Pick<DriverNetwork, 'id' | 'name' | 'options'>): string
  endpointInterface(endpointId: string): string
  /**
   * Called before each plan, to read the state of the host that the plan depends on. `changed` is what earlier plans changed
   * on this host by operations with `before`.
   */
  prepare(changed: readonly ChangedSysctl[]): Promise<void>
  /** The same before an endpoint is connected or disconnected, which must be fast. */
  prepareEndpoint?(): Promise<void>
  /** `others` are the driver's networks that exist besides this one. */
  create(network: DriverNetwork, others: readonly DriverNetwork[]): readonly Step[]
  remove(network: DriverNetwork, others: readonly DriverNetwork[]): readonly Step[]
  connect(network: DriverNetwork, endpoint: DriverEndpoint): readonly Step[]
  disconnect(network: DriverNetwork, endpoint: DriverEndpoint): readonly Step[]
  /** Publish and unpublish ports of an existing endpoint, which move from one network to another; a driver may lack them. */
  publish?(forwards: readonly Forward[]): readonly Step[]
  unpublish?(forwards: readonly Forward[]): readonly Step[]
  /** Compares the kernel with the records. */
  check(attached: readonly Attached[], options: CheckOptions): Promise<Findings>
}

export function operationsOf(steps: readonly Step[]): readonly Operation[] {
  return steps.flatMap(({ operations }) => operations)
}
