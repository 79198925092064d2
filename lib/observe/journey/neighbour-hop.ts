// Tells how a node found the hardware address of the next one, when it had to ask for it.
import type { NeighbourHop } from './journey.ts'
import type { Pass } from './passes.ts'
import { questionOf } from './question.ts'
import type { RouteAnswer } from './route-answers.ts'
import type { Step } from './tree.ts'
import type { Seen, World } from './world.ts'

/** The kernel's answer for this packet; asked for the interface that it took where a program chose that one. */
export function routeOf(world: World, pass: Pass): RouteAnswer | undefined {
  const question = questionOf(world, pass)
  const answer = question && world.route(question)
  const took = world.device(pass.node, pass.output)?.name
  if (!question || !answer || took === undefined || answer.device === took) return answer
  if (question.input !== undefined) return answer
  const bound = world.route({ ...question, output: took })
  return bound?.error === undefined ? bound : answer
}

/** The address whose hardware address the packet needs. */
export function nextHop(world: World, pass: Pass): string | undefined {
  return routeOf(world, pass)?.via ?? pass.visits.at(-1)?.before.destination
}

/** Nothing when it was known. */
export function neighbourHop(
  world: World,
  pass: Pass,
  later: readonly Step[],
): readonly NeighbourHop[] {
  const { node, output } = pass
  const device = world.device(node, output)
  const address = nextHop(world, pass)
  if (!device || address === undefined) return []
  const asked = world.seen.some(
    (seen) => isOn(seen, node, device.index, 'out') && asksFor(seen, address),
  )
  if (!asked) return []
  const answer = world.seen.find(
    (seen) => isOn(seen, node, device.index, 'in') && macTold(seen, address) !== undefined,
  )
  const mac = answer ? (macTold(answer, address) ?? null) : null
  // The question was for another packet, and this packet went out without an answer.
  const went = later.some((step) => step.kind === 'frame' && step.frame.node === node)
  if (mac === null && went) return []
  if (answer && wasKnown(world, answer, device.index, later)) return []
  return [{ kind: 'neighbour', node, interface: device.name, address, mac }]
}

/** Whether a packet went there between the answer and this packet: then the question was for that packet. */
function wasKnown(world: World, answer: Seen, ifindex: number, later: readonly Step[]): boolean {
  const { node } = answer.frame
  const own = later.find(
    (step) => step.kind === 'frame' && isOn(step, node, ifindex, 'out') && step.ethernet.ip,
  )
  if (own?.kind !== 'frame') return false
  if (own.frame.at < answer.frame.at) return true
  return world.seen.some(
    (seen) =>
      isOn(seen, node, ifindex, 'out') &&
      seen.ethernet.ip !== undefined &&
      seen.ethernet.destinationMac === own.ethernet.destinationMac &&
      seen.frame.at > answer.frame.at &&
      seen.frame.at < own.frame.at,
  )
}

function isOn({ frame }: Seen, node: string, ifindex: number, direction: 'in' | 'out'): boolean {
  return frame.node === node && frame.ifindex === ifindex && frame.direction === direction
}

function asksFor({ ethernet: { arp, ip } }: Seen, address: string): boolean {
  if (arp) return arp.question && arp.target === address
  return ip?.icmp?.name === 'neighbour solicitation' && ip.icmp.neighbour === address
}

function macTold({ ethernet: { arp, ip, sourceMac } }: Seen, address: string): string | undefined {
  if (arp) return !arp.question && arp.sender === address ? arp.senderMac : undefined
  const tells = ip?.icmp?.name === 'neighbour advertisement' && ip.icmp.neighbour === address
  return tells ? sourceMac : undefined
}
