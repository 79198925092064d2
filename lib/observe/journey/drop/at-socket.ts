// Finds why a packet that arrived was refused, or answered by nobody: the sockets, their counters, and what the node may not answer.
import { message } from '../../../language/message.ts'
import type { IpPacket } from '../../capture/packet.ts'
import type { Pass } from '../passes.ts'
import { questionOf } from '../question.ts'
import { isGroupAddress } from '../steps.ts'
import type { World } from '../world.ts'
import { judge, type Check, type Finding, type Loss, type LossOf } from './finding.ts'
import { conntrackLoss, fragmentLoss } from './counted.ts'
import { asked, routeLoss } from './route-loss.ts'
import { socketsFor, written } from './refusal.ts'

/** It arrived, and no answer was seen. */
export function lossOfSilence(world: World, lossOf: LossOf, pass: Pass, packet: IpPacket): Loss {
  const { node, input } = pass
  const { source, destination, icmp, protocol, destinationPort: port = 0 } = packet
  const at = port === undefined || icmp ? destination : `${destination}:${port}`
  const checks: readonly Check[] = [
    ['a route for the answer', () => noWayBack(world, node, packet)],
    [
      'pings that are ignored',
      () => (icmp?.name === 'echo request' ? ignoredEcho(world, node, packet) : null),
    ],
    [
      'fragments that wait for the rest of their packet',
      () => fragmentLoss(world, lossOf, node, packet),
    ],
    ['checksums (InCsumErrors)', () => checksumLoss(world, node, protocol)],
    [
      'full queues of the listener (ListenOverflows, RcvbufErrors)',
      () => backlogLoss(world, node, packet),
    ],
    ['limits on ICMP errors', () => limitedErrors(world, node)],
    ['the counters of connection tracking', () => conntrackLoss(world, node)],
    ['whether the node has the address', () => foreignAddress(world, pass, packet)],
    ['sockets', () => silentListener(world, node, packet)],
  ]
  const loss = judge(
    { node, where: protocol.toUpperCase() },
    `INPUT of ${node} is its last trace`,
    checks,
  )
  if (loss.reason !== 'unknown') return loss
  const arrived = message(
    'it arrived at {place} of {node}, and nobody there answered while we looked',
    { place: at, node },
  )
  const device = world.device(node, input)?.name
  return {
    ...loss,
    reason: 'no-answer',
    why: arrived,
    evidence: `${loss.evidence}${device === undefined ? '' : `, from ${device}`}; an answer to ${source} was seen nowhere`,
  }
}

/** The kernel is asked as the answer would ask: a rule of `ip rule` may know it by its address, class, protocol or ports. */
function noWayBack(world: World, node: string, packet: IpPacket): Finding | undefined {
  const { source, destination, protocol, key, tos, sourcePort, destinationPort } = packet
  const isUdp = protocol === 'udp'
  // A datagram of a socket that is bound to all addresses gets its source by the route.
  const isBound = socketsFor(world, node, packet).some(({ address }) => address === destination)
  const hasSource =
    world.isOwn(node, destination) && !isGroupAddress(destination) && (!isUdp || isBound)
  const question = {
    node,
    destination: source,
    ...(isKnown(protocol) ? { protocol } : {}),
    ...(hasSource ? { source: destination } : {}),
    // ICMP and TCP's reset answer with the class of service that they were asked with.
    ...((tos & 0x1c) === 0 || isUdp ? {} : { tos: tos & 0x1c }),
    ...(protocol === 'icmp' || sourcePort === undefined || destinationPort === undefined
      ? {}
      : { sourcePort: destinationPort, destinationPort: sourcePort }),
  }
  const back = world.route(question)
  if (back?.error === undefined) return undefined
  const loss = routeLoss(world, question, back)
  const wasForwarded = world.passes.some(
    ({ key: each, visits }) => each === key && visits.some(({ hook }) => hook === 'forward'),
  )
  const isPrivate =
    wasForwarded &&
    loss.reason === 'no-route' &&
    /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(source)
  const why = isPrivate
    ? message(
        'it arrived, but no answer can leave {node}: {why}; no node on the way translated this private address',
        { node, why: loss.why },
      )
    : message('it arrived, but no answer can leave {node}: {why}', { node, why: loss.why })
  return { ...loss, where: 'routing decision for the answer', why }
}

/** A program that chose the interface lo gets its packets back; a route of the type local gives a node what is for others. */
function foreignAddress(
  world: World,
  pass: Pass,
  { destination: address }: IpPacket,
): Finding | undefined {
  const { node, input } = pass
  const exact = questionOf(world, pass)
  // Asked for what came in by lo, the kernel takes the node's own source for a forgery, and refuses.
  const isAnswered = exact !== undefined && world.route(exact)?.error === undefined
  const question = isAnswered ? exact : { node, destination: address }
  const answer = world.route(question)
  if (world.isOwn(node, address) || !answer || answer.error !== undefined) return undefined
  if (/^(broadcast|multicast|anycast)$/.test(answer.type)) return undefined
  const name = world.device(node, input)?.name ?? '?'
  const evidence = asked(question, answer)
  const base = { reason: 'not-for-it' as const, where: name, evidence }
  if (answer.type !== 'local') {
    const values = { node, name, address }
    return {
      ...base,
      why: message('it came to {node} by {name}, and {node} does not have {address}', values),
    }
  }
  const table = answer.table ?? 'local'
  const why = message(
    'a route of the table {table} gives {node} what is for {address}, which it does not have, and no program there takes it',
    { table, node, address },
  )
  return { ...base, where: 'routing table', why }
}

function isKnown(protocol: string): protocol is 'tcp' | 'udp' | 'icmp' {
  return protocol === 'tcp' || protocol === 'udp' || protocol === 'icmp'
}

function ignoredEcho(
  world: World,
  node: string,
  { family, destination }: IpPacket,
): Finding | undefined {
  const type = world.route({ node, destination })?.type
  const isGroup = type === 'broadcast' || type === 'multicast' || isGroupAddress(destination)
  const names =
    family === 6
      ? [
          'net/ipv6/icmp/echo_ignore_all',
          ...(isGroup ? ['net/ipv6/icmp/echo_ignore_multicast'] : []),
        ]
      : [
          'net/ipv4/icmp_echo_ignore_all',
          ...(isGroup ? ['net/ipv4/icmp_echo_ignore_broadcasts'] : []),
        ]
  const name = names.find((each) => world.sysctl(node, each) === 1)?.replaceAll('/', '.')
  if (name === undefined) return undefined
  const what = name.endsWith('all')
    ? message('all pings')
    : message('pings to a broadcast or multicast address')
  const why = message('it arrived, and {node} is told to ignore {what}', { node, what })
  return {
    reason: 'echo-ignored',
    where: 'ICMP',
    why,
    evidence: `sysctl ${name} = 1`,
    remedy: `sysctl -w ${name}=0`,
  }
}

function checksumLoss(world: World, node: string, protocol: string): Finding | undefined {
  const names: Readonly<Record<string, readonly string[]>> = {
    tcp: ['Tcp.InCsumErrors'],
    udp: ['Udp.InCsumErrors', 'Udp6InCsumErrors'],
    icmp: ['Icmp.InCsumErrors', 'Icmp6InCsumErrors'],
  }
  const name = (names[protocol] ?? []).find((each) => world.grown(node, each) > 0)
  if (name === undefined) return undefined
  const why = message('it arrived at {node} with a wrong checksum, and the kernel dropped it', {
    node,
  })
  return { reason: 'checksum', why, evidence: `${name} grew by ${world.grown(node, name)}` }
}

function backlogLoss(world: World, node: string, packet: IpPacket): Finding | undefined {
  const { protocol, destinationPort: port = 0 } = packet
  const names =
    protocol === 'tcp'
      ? ['TcpExt.ListenOverflows', 'TcpExt.TCPReqQFullDrop', 'TcpExt.TCPBacklogDrop']
      : ['Udp.RcvbufErrors', 'Udp6RcvbufErrors', 'Udp.MemErrors']
  const name = names.find((each) => world.grown(node, each) > 0)
  if (name === undefined) return undefined
  const [socket] = socketsFor(world, node, packet)
  const waits = socket ? `; ss -ln: ${written(socket)}, ${socket.waiting} waiting` : ''
  const why =
    protocol === 'tcp'
      ? message(
          'the queue of the program that listens on TCP port {port} is full: it does not accept connections fast enough',
          { port },
        )
      : message(
          'the queue of the program that listens on UDP port {port} is full: it does not read fast enough',
          { port },
        )
  return {
    reason: 'backlog',
    where: 'socket',
    why,
    evidence: `${name} grew by ${world.grown(node, name)}${waits}`,
  }
}

function limitedErrors(world: World, node: string): Finding | undefined {
  const name = ['Icmp.OutRateLimitGlobal', 'Icmp.OutRateLimitHost', 'Icmp6OutRateLimitHost'].find(
    (each) => world.grown(node, each) > 0,
  )
  if (name === undefined) return undefined
  const why = message(
    '{node} would have sent an ICMP error, and sends no more of them for the moment (net.ipv4.icmp_ratelimit)',
    { node },
  )
  return { reason: 'no-answer', why, evidence: `${name} grew by ${world.grown(node, name)}` }
}

function silentListener(world: World, node: string, packet: IpPacket): Finding | undefined {
  const { protocol, destinationPort: port = 0 } = packet
  if (protocol !== 'tcp' && protocol !== 'udp') return undefined
  const [socket] = socketsFor(world, node, packet)
  if (!socket) return undefined
  return {
    reason: 'no-answer',
    where: 'socket',
    why: message(
      'it arrived, and the program that listens on {protocol} port {port} of {node} did not answer while we looked',
      { protocol: protocol.toUpperCase(), port, node },
    ),
    evidence: `ss -ln: ${protocol} ${written(socket)}, ${socket.waiting} waiting to be read`,
  }
}
