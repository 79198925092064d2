// Tells the question for a hardware address as a conversation of its own, for a command (arping) that sends nothing else.
import type { Arp } from '../capture/packet.ts'
import { dropOf, lossOf, placeOf } from './drop/drop.ts'
import { neighbourLoss } from './drop/neighbour.ts'
import { hopsOf } from './hops.ts'
import type { Conversation, Drop, Way } from './journey.ts'
import { stepsOf, type Steps } from './steps.ts'
import type { World } from './world.ts'

export function arpingOf(world: World): readonly Conversation[] {
  const { from, targets } = world.evidence
  const asked = world.seen.find(
    ({ frame, ethernet: { arp } }) =>
      frame.node === from &&
      frame.direction === 'out' &&
      arp?.question === true &&
      targets.includes(arp.target),
  )
  const arp = asked?.ethernet.arp
  if (!asked || !arp) return []
  world.start = asked.frame.at
  const steps = stepsOf(world, arp.key)
  const request = wayOf(world, arp, steps, 'request')
  const question = world.seen.find(
    ({ ethernet }) => ethernet.arp?.question === false && ethernet.arp.sender === arp.target,
  )?.ethernet.arp
  const back = question && stepsOf(world, question.key)
  const answer = question && back ? wayOf(world, question, back, 'answer') : null
  const isHeard = world.seen.some(
    ({ frame, ethernet }) =>
      frame.node === from &&
      frame.direction === 'in' &&
      question !== undefined &&
      ethernet.arp?.key === question.key,
  )
  const drop = isHeard ? null : dropIn(world, asked.frame.ifindex, arp, steps, request)
  return [
    {
      protocol: 'arp',
      outcome: drop ? 'dropped' : 'answered',
      drop,
      request: { ...request, drop: drop && !answer ? drop : null },
      answer: answer && { ...answer, drop: isHeard ? null : drop },
      others: [],
      more: 0,
    },
  ]
}

function dropIn(world: World, ifindex: number, arp: Arp, steps: Steps, request: Way): Drop | null {
  const { from } = world.evidence
  const device = world.device(from, ifindex)
  const place = placeOf(world, steps, request.hops.length)
  const loss = device && neighbourLoss(world, lossOf, from, device, arp.target)
  if (loss) return { node: from, where: device.name, remedy: null, checked: [], ...loss, place }
  const own = lossOf(world, steps)
  return own && { ...own, place }
}

function wayOf(world: World, arp: Arp, steps: Steps, direction: Way['direction']): Way {
  const hops = hopsOf(world, steps)
  const { question, sender, target } = arp
  return {
    what: question ? 'ARP question' : 'ARP answer',
    direction,
    at: hops[0]?.at ?? 0,
    packet: { protocol: 'arp', source: sender, destination: target },
    length: 28,
    hops,
    copies: [],
    drop: direction === 'request' && !question ? dropOf(world, steps, hops.length) : null,
  }
}
