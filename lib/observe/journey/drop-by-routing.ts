// The end of a packet between two hooks: the routing decision, or the step from the IP layer to the interface.
import { message, type Message } from '../../language/message.ts'
import type { IpPacket } from '../capture/packet.ts'
import { neighbourHop } from './neighbour-hop.ts'
import type { DropReason, Drop } from './journey.ts'
import type { Pass, Visit } from './passes.ts'
import { questionOf } from './question.ts'
import type { RouteAnswer } from './route-answers.ts'
import type { World } from './world.ts'

export function dropByRouting(world: World, pass: Pass, visit: Visit): Drop {
  if (visit.hook === 'postrouting') return dropBeforeInterface(world, pass)
  if (visit.hook === 'output') return noRoute(world, pass, visit.after ?? visit.before)
  return dropAtDecision(world, pass, visit.after ?? visit.before)
}

/** PREROUTING is behind it, and neither INPUT nor FORWARD came. */
function dropAtDecision(world: World, pass: Pass, packet: IpPacket): Drop {
  const { node, input } = pass
  const device = world.device(node, input)?.name ?? '?'
  const question = questionOf(world, pass)
  const answer = question ? world.route(question) : undefined
  const at = { node, where: 'routing decision' }
  const isOwn = world.isOwn(node, packet.destination)
  const path = `net/ipv${packet.family}/conf/${device}`
  if (packet.source.startsWith('127.') || world.isOwn(node, packet.source)) {
    const why = message(
      "it came in by {name} from {address}, which can only be a lie: the address is {node}'s own",
      { name: device, address: packet.source, node },
    )
    return { ...at, reason: 'martian', why, evidence: asked(question, answer) }
  }
  if (packet.destination.startsWith('127.')) {
    const why = message(
      '{address} is for the node itself only: nothing from outside may go there (route_localnet is 0)',
      { address: packet.destination },
    )
    return { ...at, reason: 'martian', why, evidence: asked(question, answer) }
  }
  if (!isOwn && world.setting(node, `${path}/forwarding`) === 0) {
    const why = message(
      'it is for {address}, not for {node} itself, and {node} is no router: forwarding is off',
      { address: packet.destination, node },
    )
    const evidence = `sysctl ${path.replaceAll('/', '.')}.forwarding = 0`
    return { ...at, reason: 'forwarding-off', why, evidence }
  }
  const filter = Math.max(
    world.setting(node, `net/ipv4/conf/all/rp_filter`),
    world.setting(node, `${path}/rp_filter`),
  )
  const filtered = world.grown(node, 'TcpExt.IPReversePathFilter')
  if (filter > 0 && filtered > 0) {
    return {
      ...at,
      reason: 'reverse-path-filter',
      why: message(
        'it came in by {name}, but an answer to {address} would not leave that way: rp_filter takes it for a forgery',
        { name: device, address: packet.source },
      ),
      evidence: `rp_filter of ${device} is ${filter}, and TcpExt IPReversePathFilter grew by ${filtered}`,
    }
  }
  if (answer?.error !== undefined)
    return { ...at, ...refusal(packet, answer), evidence: asked(question, answer) }
  if (!isOwn && packet.ttl <= 1) {
    const why = message('its time to live is used up: {ttl}, and every router takes one', {
      ttl: packet.ttl,
    })
    return { ...at, reason: 'ttl', why, evidence: `ttl ${packet.ttl}` }
  }
  const out = world.deviceNamed(node, answer?.device)
  if (out && packet.length > out.mtu && packet.dontFragment) {
    return { ...at, ...tooLong(packet, out.name, out.mtu) }
  }
  const why = message('{node} took it in and did nothing with it', { node })
  return { ...at, reason: 'not-routed', why, evidence: asked(question, answer) }
}

/** POSTROUTING is behind it, and no frame came out. */
function dropBeforeInterface(world: World, pass: Pass): Drop {
  const { node, output, visits } = pass
  const device = world.device(node, output)
  const packet = visits.at(-1)?.after
  const at = { node, where: device?.name ?? 'interface' }
  const [asked] = neighbourHop(world, pass, [])
  if (device && (!device.up || !device.carrier)) {
    const why = device.up
      ? message('{name} has no carrier: nothing is alive at the other end of the cable', {
          name: device.name,
        })
      : message('{name} is down', { name: device.name })
    return { ...at, reason: 'link-down', why, evidence: `ip link show ${device.name}` }
  }
  if (asked && asked.mac === null) {
    const deaf = world.deafTo(asked.address)
    const why =
      deaf === undefined
        ? message(
            'nobody answers the question who has {address}: without a hardware address no frame can be sent',
            { address: asked.address },
          )
        : message(
            '{node} has {address} and hears the question who has it, but does not answer: its own settings (rp_filter, arp_ignore) or routes forbid it',
            { node: deaf, address: asked.address },
          )
    const kind = packet?.family === 6 ? 'neighbour solicitation' : 'ARP'
    const evidence = `${kind} for ${asked.address} on ${asked.interface}, unanswered`
    return { ...at, reason: 'no-neighbour', why, evidence }
  }
  const failed = failedNeighbour(world, pass)
  if (failed !== undefined) {
    const why = message('nobody has answered the question who has {address}', { address: failed })
    return { ...at, reason: 'no-neighbour', why, evidence: `ip neighbour: ${failed} FAILED` }
  }
  if (device && packet && packet.length > device.mtu) {
    return { ...at, ...tooLong(packet, device.name, device.mtu) }
  }
  const why = message('it was ready to leave, and no interface sent it')
  return {
    ...at,
    reason: 'lost',
    why,
    evidence: 'it was seen after POSTROUTING and on no interface',
  }
}

function failedNeighbour(world: World, pass: Pass): string | undefined {
  const question = questionOf(world, pass)
  if (!question) return undefined
  const address = world.route(question)?.via ?? question.destination
  const found = world.state(pass.node)?.neighbours.find((each) => each.address === address)
  return found && found.mac === null ? address : undefined
}

/** OUTPUT is behind it: it was given another destination there, to which there is no way. */
function noRoute(world: World, pass: Pass, packet: IpPacket): Drop {
  const question = questionOf(world, pass)
  const answer = question ? world.route(question) : undefined
  const at = { node: pass.node, where: 'routing decision' }
  if (answer?.error !== undefined)
    return { ...at, ...refusal(packet, answer), evidence: asked(question, answer) }
  const why = message('{node} sent it and did nothing more with it', { node: pass.node })
  return { ...at, reason: 'not-routed', why, evidence: asked(question, answer) }
}

/** What the answers of `ip route get` mean: the errors of fib_lookup, ip-route(8) 'unreachable', 'blackhole', 'prohibit'. */
export function refusal(
  { destination }: Pick<IpPacket, 'destination'>,
  { error = '' }: RouteAnswer,
): { reason: DropReason; why: Message } {
  if (/Permission denied/.test(error)) {
    return {
      reason: 'prohibited',
      why: message('a route says that {address} is prohibited', { address: destination }),
    }
  }
  if (/No route to host/.test(error)) {
    return {
      reason: 'no-route',
      why: message('a route says that {address} is unreachable', { address: destination }),
    }
  }
  if (/Invalid argument/.test(error)) {
    return {
      reason: 'blackhole',
      why: message('a route says to throw away what is for {address}', { address: destination }),
    }
  }
  return {
    reason: 'no-route',
    why: message('no route leads to {address}', { address: destination }),
  }
}

function tooLong({ length, dontFragment }: IpPacket, device: string, mtu: number) {
  const values = { length, name: device, mtu }
  return {
    reason: 'mtu' as const,
    why: dontFragment
      ? message(
          'it has {length} bytes, {name} takes {mtu} at most, and its sender forbade to cut it in pieces',
          values,
        )
      : message('it has {length} bytes, {name} takes {mtu} at most', values),
    evidence: `mtu ${mtu} of ${device}`,
  }
}

function asked(question: ReturnType<typeof questionOf>, answer: RouteAnswer | undefined): string {
  if (!question) return 'no question to the routing table'
  const { destination, source, input } = question
  const from = source === undefined ? '' : ` from ${source}`
  const iif = input === undefined ? '' : ` iif ${input}`
  const said =
    answer?.error ?? [answer?.type, answer?.via, answer?.device].filter(Boolean).join(' ')
  return `ip route get ${destination}${from}${iif}: ${said}`
}
