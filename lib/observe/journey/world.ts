// Holds all that was recorded of a journey, with the look-ups that its reconstruction needs; nothing here asks the kernel.
import { dissectFrame } from '../capture/dissect.ts'
import { inOrder } from '../capture/in-order.ts'
import type { Ethernet, IpPacket } from '../capture/packet.ts'
import type { Frame } from '../capture/packet-listener.ts'
import type { Connection, Counters, Device, NodeState, Port } from './node-state.ts'
import type { Addresses } from './journey.ts'
import { readPasses, type LowerEvaluation, type Pass, type Traced } from './passes.ts'
import {
  answerTo,
  type RouteAnswer,
  type RouteAnswers,
  type RouteQuestion,
} from './route-answers.ts'
import type { LegacyRule, Rule } from './rules.ts'

export type Before = {
  readonly connections: readonly Connection[]
  readonly counters: Counters
  readonly legacy: readonly LegacyRule[]
  /** Dropped frames of each device, both ways; and of each device's queueing discipline. */
  readonly dropped: Readonly<Record<string, number>>
}

export type Evidence = {
  readonly from: string
  readonly command: string
  readonly exitCode: number | null
  /** What the command printed on its standard error. */
  readonly stderr: string
  /** Addresses that the command names. */
  readonly targets: readonly string[]
  readonly frames: readonly Frame[]
  readonly traced: readonly Traced[]
  readonly before: ReadonlyMap<string, Before>
  readonly after: ReadonlyMap<string, NodeState>
  readonly lost: readonly string[]
  /** Ports of `from` that its TCP connections have; read only where nothing was sent. */
  readonly ports?: readonly number[]
  /** Whether exit code 0 of the command means that it was answered. */
  readonly trusted: boolean
}

export type Seen = { readonly frame: Frame; readonly ethernet: Ethernet }

/** A device, with the node that has it. */
export type Place = { readonly node: string; readonly device: Device }

export class World {
  readonly evidence: Evidence
  readonly seen: readonly Seen[]
  readonly passes: readonly Pass[]
  /** Chains of the families bridge, arp and netdev that looked at a packet. */
  readonly lower: readonly LowerEvaluation[]
  readonly #answers: RouteAnswers
  /** When the first packet of the journey was seen: a stamp of the kernel's. */
  start = 0n
  /** What was asked of the routing tables and not answered yet. */
  readonly questions: RouteQuestion[] = []

  constructor(evidence: Evidence, answers: RouteAnswers) {
    this.evidence = evidence
    this.#answers = answers
    const { passes, lower } = readPasses(evidence.traced)
    this.passes = passes
    this.lower = lower
    const ports = new Set(
      [...evidence.after.values()].flatMap(({ devices }) =>
        devices.flatMap(({ vxlan }) => (vxlan ? [vxlan.port] : [])),
      ),
    )
    this.seen = inOrder(evidence.frames).map((frame) => ({
      frame,
      ethernet: dissectFrame(frame.bytes, frame.hardware, ports),
    }))
    this.start = this.seen[0]?.frame.at ?? 0n
  }

  get nodes(): readonly string[] {
    return [...this.evidence.after.keys()]
  }

  state(node: string): NodeState | undefined {
    return this.evidence.after.get(node)
  }

  device(node: string, index: number | null): Device | undefined {
    return this.state(node)?.devices.find((each) => each.index === index)
  }

  deviceNamed(node: string, name: string | null | undefined): Device | undefined {
    return this.state(node)?.devices.find((each) => each.name === name)
  }

  /** The bridge that the device is a port of. */
  bridgeOf(node: string, index: number): string | null {
    const device = this.device(node, index)
    return this.portOf(node, device?.name)?.bridge ?? null
  }

  portOf(node: string, device: string | null | undefined): Port | undefined {
    return this.state(node)?.ports.find((port) => port.device === device)
  }

  portsOf(node: string, bridge: string): readonly Port[] {
    return this.state(node)?.ports.filter((port) => port.bridge === bridge) ?? []
  }

  /** The other end of a veth, or the parent of a macvlan. Undefined where it is in no node that was looked at. */
  linkOf({ other }: Device): Place | undefined {
    const device = other && this.deviceNamed(other.node, other.name)
    return other && device ? { node: other.node, device } : undefined
  }

  route(question: RouteQuestion): RouteAnswer | undefined {
    const answer = answerTo(this.#answers, question)
    if (!answer) this.questions.push(question)
    return answer
  }

  isOwn(node: string, address: string): boolean {
    return this.addressOn(node, address) !== undefined
  }

  /** The device that has the address. */
  addressOn(node: string, address: string): Device | undefined {
    return this.state(node)?.devices.find((device) =>
      device.addresses.some((each) => each.address === address),
    )
  }

  /** Everybody who has the address. */
  owners(address: string): readonly Place[] {
    return this.nodes.flatMap((node) => {
      const device = this.addressOn(node, address)
      return device ? [{ node, device }] : []
    })
  }

  /** Every device with this hardware address: ports of bridges, which share theirs, are left out. */
  withMac(mac: string): readonly Place[] {
    return this.nodes.flatMap((node) =>
      (this.state(node)?.devices ?? []).flatMap((device) =>
        device.mac === mac && !this.portOf(node, device.name) ? [{ node, device }] : [],
      ),
    )
  }

  /** Whether it is the packet of a tunnel. */
  isTunnel(key: string): boolean {
    return this.seen.some(({ ethernet: { ip } }) => ip?.key === key && ip.tunnel !== undefined)
  }

  /** All rules of the node, also those that no packet met. */
  rulesOf(node: string): readonly Rule[] {
    return this.state(node)?.rules ?? []
  }

  sysctl(node: string, path: string): number {
    return Number(this.state(node)?.sysctls[path] ?? 0)
  }

  grown(node: string, counter: string): number {
    const before = this.evidence.before.get(node)?.counters[counter] ?? 0
    return (this.state(node)?.counters[counter] ?? 0) - before
  }

  /** Frames that the device dropped while we looked, as it counts them itself. */
  droppedBy(node: string, device: string, direction: 'rx' | 'tx'): number {
    const before = this.evidence.before.get(node)?.dropped[`${direction} ${device}`] ?? 0
    return (this.deviceNamed(node, device)?.dropped[direction] ?? 0) - before
  }

  /** The queueing disciplines of the device that dropped while we looked. */
  droppingQdiscs(
    node: string,
    device: string,
  ): readonly { readonly kind: string; readonly drops: number }[] {
    const before = this.evidence.before.get(node)?.dropped ?? {}
    const own = this.state(node)?.qdiscs.filter((each) => each.device === device) ?? []
    return [...Map.groupBy(own, ({ kind }) => kind)].flatMap(([kind, all]) => {
      const sum = all.reduce((total, each) => total + each.drops, 0)
      const drops = sum - (before[`qdisc ${device} ${kind}`] ?? 0)
      return drops > 0 ? [{ kind, drops }] : []
    })
  }
}

export function addressesOf(packet: IpPacket): Addresses {
  const { protocol, source, destination, icmp } = packet
  const from = packet.sourcePort ?? icmp?.id
  const to = packet.destinationPort ?? icmp?.id
  if (from === undefined || to === undefined) return { protocol, source, destination }
  return { protocol, source, destination, sourcePort: from, destinationPort: to }
}

export function sameAddresses(a: Addresses, b: Addresses): boolean {
  return (
    a.protocol === b.protocol &&
    a.source === b.source &&
    a.destination === b.destination &&
    a.sourcePort === b.sourcePort &&
    a.destinationPort === b.destinationPort
  )
}

/** As the other side would address its answer. */
export function reversed(addresses: Addresses): Addresses {
  const { protocol, source, destination, sourcePort, destinationPort } = addresses
  const swapped = { protocol, source: destination, destination: source }
  if (sourcePort === undefined || destinationPort === undefined) return swapped
  return { ...swapped, sourcePort: destinationPort, destinationPort: sourcePort }
}

/** A packet that says that another one was not taken. */
export function isError({ icmp, flags }: IpPacket): boolean {
  // Echoes have an id, and neighbour discovery is not among the packets here.
  return (icmp !== undefined && icmp.id === undefined) || (flags?.includes('R') ?? false)
}
