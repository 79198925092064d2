// All that was recorded of a journey, with the look-ups that its telling needs; nothing here asks the kernel.
import { dissectFrame } from '../capture/dissect.ts'
import { inOrder } from '../capture/in-order.ts'
import type { Ethernet, IpPacket } from '../capture/packet.ts'
import type { Frame } from '../capture/packet-listener.ts'
import type { Connection } from './connections.ts'
import type { Counters } from './counters.ts'
import type { Addresses } from './journey.ts'
import type { Device, NodeState } from './node-state.ts'
import { readPasses, type Pass, type Traced } from './passes.ts'
import {
  answerTo,
  type RouteAnswer,
  type RouteAnswers,
  type RouteQuestion,
} from './route-answers.ts'
import type { LegacyRule } from './rules.ts'

export type Before = {
  readonly connections: readonly Connection[]
  readonly counters: Counters
  readonly legacy: readonly LegacyRule[]
}

export type Evidence = {
  readonly from: string
  readonly command: string
  readonly exitCode: number | null
  /** What the command said on its standard error. */
  readonly said: string
  /** Addresses that the command names. */
  readonly targets: readonly string[]
  readonly frames: readonly Frame[]
  readonly traced: readonly Traced[]
  readonly before: ReadonlyMap<string, Before>
  readonly after: ReadonlyMap<string, NodeState>
  readonly lost: readonly string[]
}

export type Seen = { readonly frame: Frame; readonly ethernet: Ethernet }

export class World {
  readonly evidence: Evidence
  readonly seen: readonly Seen[]
  readonly passes: readonly Pass[]
  readonly #answers: RouteAnswers
  /** What was asked of the routing tables and not answered yet. */
  readonly questions: RouteQuestion[] = []

  constructor(evidence: Evidence, answers: RouteAnswers) {
    this.evidence = evidence
    this.#answers = answers
    this.passes = readPasses(evidence.traced)
    this.seen = inOrder(evidence.frames).map((frame) => ({
      frame,
      ethernet: dissectFrame(frame.bytes, frame.hardware),
    }))
  }

  state(node: string): NodeState | undefined {
    return this.evidence.after.get(node)
  }

  device(node: string, index: number | null): Device | undefined {
    return this.state(node)?.devices.find((each) => each.index === index)
  }

  deviceNamed(node: string, name: string | undefined): Device | undefined {
    return this.state(node)?.devices.find((each) => each.name === name)
  }

  /** The bridge that the device is a port of. */
  bridgeOf(node: string, index: number): string | null {
    return this.device(node, index)?.master ?? null
  }

  route(question: RouteQuestion): RouteAnswer | undefined {
    const answer = answerTo(this.#answers, question)
    if (!answer) this.questions.push(question)
    return answer
  }

  /** Whoever has the address, and got the question for it. */
  deafTo(address: string): string | undefined {
    return this.seen.find(
      ({ frame, ethernet: { arp } }) =>
        frame.direction === 'in' &&
        arp?.question === true &&
        arp.target === address &&
        this.isOwn(frame.node, address),
    )?.frame.node
  }

  isOwn(node: string, address: string): boolean {
    return this.state(node)?.addresses.includes(address) ?? false
  }

  setting(node: string, path: string): number {
    return Number(this.state(node)?.settings[path] ?? 0)
  }

  grown(node: string, counter: string): number {
    const before = this.evidence.before.get(node)?.counters[counter] ?? 0
    return (this.state(node)?.counters[counter] ?? 0) - before
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
