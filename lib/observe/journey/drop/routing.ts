// Finds why a packet was lost at the routing decision: the kernel is asked again for exactly this packet, and its sysctls are read.
import { message } from '../../../language/message.ts'
import type { IpPacket } from '../../capture/packet.ts'
import type { Pass, Visit } from '../passes.ts'
import { questionOf } from '../question.ts'
import { type RouteAnswer, type RouteQuestion } from '../route-answers.ts'
import { isGroupAddress } from '../steps.ts'
import type { World } from '../world.ts'
import { countedLoss, fragmentLoss } from './counted.ts'
import { judge, type Check, type Finding, type Loss, type LossOf } from './finding.ts'
import { routeLoss, asked } from './route-loss.ts'

/** PREROUTING is behind it, and neither INPUT nor FORWARD came; or OUTPUT, and no POSTROUTING. */
export function lossAtDecision(world: World, lossOf: LossOf, pass: Pass, visit: Visit): Loss {
  const { node } = pass
  const packet = visit.after ?? visit.before
  const question = questionOf(world, pass)
  const answer = question && world.route(question)
  const at = { node, where: 'routing decision' }
  const evidence = asked(question, answer)
  const checks: readonly Check[] =
    visit.hook === 'prerouting'
      ? [
          [
            'addresses that may not come from outside (martians)',
            () => martian(world, pass, packet, evidence),
          ],
          ['whether the node forwards', () => forwardingLoss(world, pass, packet)],
          ['the reverse-path filter', () => filterLoss(world, pass, packet, answer)],
          [
            'the route, as the kernel answers it for this packet',
            () => refused(world, question, answer),
          ],
          ['groups that the node has joined (ip maddress)', () => groupLoss(node, packet)],
          ['its time to live', () => ttlLoss(world, node, packet)],
          ['the MTU of the next interface', () => tooLong(world, node, packet, answer, evidence)],
          [
            'fragments that wait for the rest of their packet',
            () => fragmentLoss(world, lossOf, node, packet),
          ],
          ['the counters of IP (/proc/net/snmp)', () => countedLoss(world, node, packet)],
        ]
      : [
          [
            'the route, as the kernel answers it for this packet',
            () => refused(world, question, answer),
          ],
          ['the MTU of the next interface', () => tooLong(world, node, packet, answer, evidence)],
          ['the counters of IP (/proc/net/snmp)', () => countedLoss(world, node, packet)],
        ]
  return judge(at, `${visit.hook.toUpperCase()} is its last trace; ${evidence}`, checks)
}

function martian(
  world: World,
  { node, input }: Pass,
  { source, destination, family }: IpPacket,
  evidence: string,
): Finding | undefined {
  const device = world.device(node, input)?.name ?? '?'
  const conf = `net/ipv${family}/conf`
  const on = (name: string) =>
    Math.max(
      world.sysctl(node, `${conf}/all/${name}`),
      world.sysctl(node, `${conf}/${device}/${name}`),
    ) > 0
  if (source.startsWith('127.') && !on('route_localnet')) {
    const why = message(
      'it came in by {name} from {address}, which is for a node itself only (route_localnet is 0)',
      { name: device, address: source },
    )
    return { reason: 'martian', why, evidence }
  }
  if (family === 4 && world.isOwn(node, source) && !on('accept_local')) {
    const owner = world.addressOn(node, source)?.name ?? ''
    const why = message(
      'it came in by {name} from {address}, which {node} has itself (on {owner}): it does not believe that',
      { name: device, address: source, node, owner },
    )
    return {
      reason: 'martian',
      why,
      evidence: `${evidence}; sysctl net.ipv4.conf.${device}.accept_local = 0`,
    }
  }
  if (destination.startsWith('127.') && !on('route_localnet')) {
    const why = message(
      '{address} is for the node itself only: nothing from outside may go there (route_localnet is 0)',
      { address: destination },
    )
    return {
      reason: 'martian',
      why,
      evidence: `sysctl net.ipv4.conf.${device}.route_localnet = 0`,
      remedy: `sysctl -w net.ipv4.conf.${device}.route_localnet=1`,
    }
  }
  return undefined
}

/** IPv4 asks the interface that it came in by, IPv6 the node as a whole (ip-sysctl.rst). */
function forwardingLoss(
  world: World,
  { node, input }: Pass,
  packet: IpPacket,
): Finding | undefined {
  const { destination, family } = packet
  if (world.isOwn(node, destination)) return undefined
  const device = world.device(node, input)?.name ?? '?'
  const scope = family === 6 ? 'all' : device
  const path = `net/ipv${family}/conf/${scope}/forwarding`
  if (world.sysctl(node, path) !== 0) return undefined
  const name = path.replaceAll('/', '.')
  const evidence = `sysctl ${name} = 0`
  // Without the interface the kernel answers what it would do as a router.
  const way = { node, destination }
  const answer = world.route(way)
  // What is for many, or for itself by a route, is not forwarded by this sysctl.
  if (answer?.error === undefined && answer?.type !== 'unicast') return undefined
  const leadsOn = answer !== undefined && answer.error === undefined && answer.device !== device
  if (leadsOn) {
    const all = family === 4 && world.sysctl(node, 'net/ipv4/conf/all/forwarding') !== 0
    const but = all ? `; net.ipv4.conf.all.forwarding is 1, and does not count for ${device}` : ''
    return {
      reason: 'forwarding-off',
      why: message(
        'it is for {address}, not for {node} itself, and {node} does not forward: forwarding is off',
        { address: destination, node },
      ),
      evidence: evidence + but,
      remedy: `sysctl -w ${all ? name : `net.ipv${family}.conf.all.forwarding`}=1`,
    }
  }
  const [owner] = world.owners(destination)
  const who = owner
    ? message('{node} has it, on {name}', { node: owner.node, name: owner.device.name })
    : message('no node here has it')
  const why = message(
    'it is for {address}, which {node} does not have ({who}), and {node} is no router for it',
    { address: destination, node, who },
  )
  return { reason: 'not-for-it', why, evidence: `${evidence}; ${asked(way, answer)}` }
}

/** The kernel takes a multicast packet only for a group that an address or a program of its interface has joined. */
function groupLoss(node: string, { destination }: IpPacket): Finding | undefined {
  if (!isGroupAddress(destination)) return undefined
  const why = message(
    'perhaps no address and no program of {node} has joined the group {address}',
    {
      node,
      address: destination,
    },
  )
  return { reason: 'unknown', why, evidence: `see ip maddress show` }
}

function filterLoss(
  world: World,
  { node, input }: Pass,
  { source, family }: IpPacket,
  answer: RouteAnswer | undefined,
): Finding | undefined {
  const device = world.device(node, input)?.name ?? '?'
  const [all, own] = ['all', device].map((each) =>
    world.sysctl(node, `net/ipv4/conf/${each}/rp_filter`),
  )
  const filter = Math.max(all ?? 0, own ?? 0)
  const counted = world.grown(node, 'TcpExt.IPReversePathFilter')
  const isRefused = /cross-device|invalid/i.test(answer?.error ?? '')
  if (family === 6 || filter === 0 || (counted <= 0 && !isRefused)) return undefined
  const back = { node, destination: source }
  const way = world.route(back)
  const leaves =
    way?.error === undefined
      ? message('would leave by {name}', { name: way?.device ?? '?' })
      : message('has no route')
  const evidence = [
    `sysctl net.ipv4.conf.${(own ?? 0) >= (all ?? 0) ? device : 'all'}.rp_filter = ${filter}`,
    ...(counted > 0 ? [`TcpExt IPReversePathFilter grew by ${counted}`] : []),
    asked(back, way),
  ].join('; ')
  return {
    reason: 'reverse-path-filter',
    why: message(
      'it came in by {name}, but an answer to {address} {leaves}: rp_filter ({mode}) takes it for a forgery',
      { name: device, address: source, leaves, mode: filter === 1 ? 'strict' : 'loose' },
    ),
    evidence,
    remedy:
      filter === 1 && way?.error === undefined
        ? `sysctl -w net.ipv4.conf.${device}.rp_filter=2`
        : null,
  }
}

function refused(
  world: World,
  question: RouteQuestion | undefined,
  answer: RouteAnswer | undefined,
): Finding | undefined {
  if (!question || answer?.error === undefined) return undefined
  return routeLoss(world, question, answer)
}

function ttlLoss(world: World, node: string, packet: IpPacket): Finding | undefined {
  if (world.isOwn(node, packet.destination) || packet.ttl > 1) return undefined
  const why = message('its time to live is used up: {ttl}, and every router takes one', {
    ttl: packet.ttl,
  })
  return { reason: 'ttl', why, evidence: `ttl ${packet.ttl}` }
}

function tooLong(
  world: World,
  node: string,
  packet: IpPacket,
  answer: RouteAnswer | undefined,
  evidence: string,
): Finding | undefined {
  const out = world.deviceNamed(node, answer?.device)
  if (!out || !packet.dontFragment || world.isOwn(node, packet.destination)) return undefined
  const { length } = packet
  const mtu = answer?.mtu ?? out.mtu
  if (mtu < out.mtu && length > mtu)
    return {
      reason: 'mtu',
      where: 'routing table',
      why: message(
        'it has {length} bytes, the route to {address} takes {mtu} at most, and its sender forbade to cut it in pieces',
        { length, address: packet.destination, mtu },
      ),
      evidence: `${evidence}: mtu ${mtu}; ip link show ${out.name}: mtu ${out.mtu}`,
    }
  return length > out.mtu ? mtuFinding(packet, out.name, out.mtu) : undefined
}

export function mtuFinding(
  { length, dontFragment }: IpPacket,
  device: string,
  mtu: number,
): Finding {
  const values = { length, name: device, mtu }
  return {
    reason: 'mtu',
    why: dontFragment
      ? message(
          'it has {length} bytes, {name} takes {mtu} at most, and its sender forbade to cut it in pieces',
          values,
        )
      : message('it has {length} bytes, {name} takes {mtu} at most', values),
    evidence: `mtu ${mtu} of ${device}`,
  }
}
