// Defines the interface of a network driver: it only plans, and the caller journals and applies the plan.
import type { Forward } from '../firewall/firewall.ts'
import type { Operation } from '../kernel/operation.ts'
import type { OperationKind } from '../kernel/own-operations.ts'

/** A titled part of a plan. */
export type Step = {
  /** What the operations do, as a title: `'Create the bridge with its gateway address'`. */
  readonly title: string
  /** The operations, in order. */
  readonly operations: readonly Operation[]
}

/** A network as a driver sees it; everything in it is decided before the first change of the kernel. */
export type DriverNetwork = {
  /** 16 hexadecimal digits, never used twice. */
  readonly id: string
  /** The name of the network, or of the driver. */
  readonly name: string
  /** The host's interface, or another name of at most 15 characters that the driver chose. */
  readonly interface: string
  /** The subnets, IPv4 first. */
  readonly subnets: readonly {
    /** In CIDR notation: `'192.168.0.0/24'`. */
    readonly subnet: string
    /** The gateway's address: `'192.168.0.1'`. */
    readonly gateway: string
  }[]
  /** Whether nothing enters or leaves the network. */
  readonly internal: boolean
  /** Whether packets that leave the network get the host's address as their source. */
  readonly masquerade: boolean
  /** Whether containers of the network reach each other. */
  readonly internalTraffic: boolean
  /** In bytes; the kernel's default when absent. */
  readonly mtu?: number
  /** Options of the driver, by name. */
  readonly options: Readonly<Record<string, string>>
}

/** An endpoint as a driver sees it; everything in it is decided before the first change of the kernel. */
export type DriverEndpoint = {
  /** 16 hexadecimal digits, never used twice. */
  readonly id: string
  /** Path of the network namespace; absent if the container's end stays on the host, for an engine that moves it (`handsOver`). */
  readonly netns?: string
  /** The interface in the container, or the one that stays on the host. */
  readonly interface: string
  /** The interface on the host, at most 15 characters. */
  readonly hostInterface: string
  /** With their prefix lengths, as `192.168.0.2/24`. */
  readonly addresses: readonly string[]
  /** `'02:42:ac:11:00:02'` */
  readonly mac: string
  /** Set the default routes of the namespace: of this endpoint, or of another one that it displaces. */
  readonly routes: readonly Operation[]
  /** The published ports, one for each address of the container. */
  readonly forwards: readonly Forward[]
  /** Whether neighbours may have an entry of one of its addresses with another MAC. */
  readonly announce: boolean
  /** Whether the namespace has no other endpoint, so that its `lo` may still be down. */
  readonly isFirst: boolean
}

/** An address of an endpoint on another machine. */
export type Peer = {
  /** Without a prefix length. */
  readonly address: string
  /** The MAC of the endpoint. */
  readonly mac: string
  /** The address of its machine. */
  readonly machine: string
}

/** What has changed on other machines. */
export type PeerChange = {
  /** They are connected now, or have moved to another machine. */
  readonly added: readonly Peer[]
  /** They are gone. */
  readonly removed: readonly Peer[]
}

/** A network with its endpoints, for a comparison with the kernel. */
export type Attached = {
  /** The network. */
  readonly network: DriverNetwork
  /** Its endpoints. */
  readonly endpoints: readonly DriverEndpoint[]
  /** Its other interfaces on the host. */
  readonly links?: readonly string[]
  /** The addresses of its endpoints on other machines; absent for a network of one machine. */
  readonly peers?: readonly Peer[]
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
  /** The path below /proc/sys: `'net/ipv4/ip_forward'`. */
  readonly key: string
  /** The value as text. */
  readonly value: string
  /** The value before the change. */
  readonly before: string
}

/** How a driver compares its networks with the kernel. */
export type CheckOptions = {
  /** Interfaces without a record may serve containers whose records were lost: they go only when the user says so. */
  readonly removeStrays: boolean
}

/** A kind of network: `openNetworks({ drivers: [driver] })`. */
export type NetworkDriver = {
  /** The kinds of operations that its plans have beside ours; default none. */
  readonly operations?: readonly OperationKind[]
  /** The name of the network, or of the driver. */
  readonly name: string
  /** The driver whose objects on the host its networks use, too: that one compares them with the kernel. */
  readonly base?: string
  /** Whether its networks span several machines. */
  readonly isShared?: true
  /** The options of a network with this driver, each with its meaning; other options are refused. */
  readonly options: Readonly<Record<string, string>>
  /** Whether it can connect an endpoint without `netns`; default `false`: `connect` with `handOver` is then refused. */
  readonly handsOver?: boolean
  /** The name of the host's interface of a network, at most 15 characters; each network needs another one. */
  networkInterface(network: Pick<DriverNetwork, 'id' | 'name' | 'options'>): string
  /** Its other interfaces on the host; default none. */
  otherInterfaces?(network: Pick<DriverNetwork, 'id'>): readonly string[]
  /** The name of the host's interface of an endpoint, at most 15 characters. */
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
  /** The steps that remove a network, of which some may have been applied before. */
  remove(network: DriverNetwork, others: readonly DriverNetwork[]): readonly Step[]
  /** The steps that connect an endpoint. */
  connect(network: DriverNetwork, endpoint: DriverEndpoint): readonly Step[]
  /** The steps that disconnect it, of which some may have been applied before. */
  disconnect(network: DriverNetwork, endpoint: DriverEndpoint): readonly Step[]
  /** Publish and unpublish ports of an existing endpoint, which move from one network to another; a driver may lack them. */
  publish?(forwards: readonly Forward[]): readonly Step[]
  /** The reverse of `publish`. */
  unpublish?(forwards: readonly Forward[]): readonly Step[]
  /** Makes endpoints of other machines known to a network, and forgets others. Some may be known, or gone, already. */
  peers?(network: DriverNetwork, change: PeerChange): readonly Step[]
  /** Compares the kernel with the records. */
  check(attached: readonly Attached[], options: CheckOptions): Promise<Findings>
}

/** The parts of the bridge driver, of which you can make your own driver. */
export type DriverParts = {
  /**
   * The steps of a bridge network with published ports, as a driver: `{ ...bridge('lan'), name: 'lan', … }` takes all of
   * them and replaces some. Its rules are in a table of its own (`LABEL-NAME`), so that neither driver's `check` changes what
   * the other one made. The name is that of your driver: 1 to 12 lower-case letters or digits, starting with a letter.
   * @throws NetdojoError `usage` for another name
   */
  readonly bridge: (name: string) => NetworkDriver
}

/** A driver, or a function that makes a driver of the parts of the bridge driver. */
export type DriverOption = NetworkDriver | ((parts: DriverParts) => NetworkDriver)

export function operationsOf(steps: readonly Step[]): readonly Operation[] {
  return steps.flatMap(({ operations }) => operations)
}
