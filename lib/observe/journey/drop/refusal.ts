// Finds why a packet that arrived was refused: nothing listens there, or on another address, or a translation was missed.
import { message } from '../../../language/message.ts'
import type { IpPacket } from '../../capture/packet.ts'
import { hooksOf } from '../rules.ts'
import type { Socket } from '../node-state.ts'
import type { World } from '../world.ts'
import { type Finding } from './finding.ts'

/** @param input the interface that it came in by, where it is known */
export function socketsFor(
  world: World,
  node: string,
  packet: IpPacket,
  input?: string,
): readonly Socket[] {
  const { protocol, destinationPort, destination, family } = packet
  return listening(world, node, protocol, destinationPort).filter(
    ({ address, device, ipv6Only, family: own }) =>
      (device === null || input === undefined || device === input) &&
      !(family === 4 && ipv6Only) &&
      !(family === 6 && own === 4) &&
      (address === destination ||
        address === '0.0.0.0' ||
        address === '::' ||
        address.endsWith(`:${destination}`)),
  )
}

function listening(
  world: World,
  node: string,
  protocol: string,
  port: number | undefined,
): readonly Socket[] {
  return (world.state(node)?.sockets ?? []).filter(
    (socket) => socket.protocol === protocol && socket.port === port && socket.peer === null,
  )
}

/** As ss(8) writes it: `0.0.0.0%eth0:80`. */
export function written(socket: Socket): string {
  return `${place(socket)}:${socket.port}${socket.ipv6Only ? ' v6only:1' : ''}`
}

function place({ address, device }: Socket): string {
  return `${address.includes(':') ? `[${address}]` : address}${device === null ? '' : `%${device}`}`
}

function inSentence(socket: Socket): string {
  return socket.ipv6Only ? `${place(socket)} (IPv6)` : place(socket)
}

/** An answer that says no: a reset, or ICMP. */
export function refusalAt(
  world: World,
  node: string,
  packet: IpPacket,
  evidence: string,
  input?: string,
): Finding {
  const { protocol, destination, destinationPort: port = 0 } = packet
  const name = protocol.toUpperCase()
  const says =
    protocol === 'tcp'
      ? message('the kernel refuses with a reset (RST)')
      : message('the kernel says so with ICMP')
  const all = listening(world, node, protocol, port)
  const fits = socketsFor(world, node, packet, input)
  const base = { reason: 'refused' as const, node, where: name }
  const missed = missedTranslation(world, node, packet)
  if (all.length > 0 && fits.length === 0) {
    const addresses = [...new Set(all.map(inSentence))].join(', ')
    const why = message(
      'it arrived at {address} of {node}, where a program listens on {name} port {port} of {addresses} only: {says}',
      { address: destination, node, name, port, addresses, says },
    )
    return {
      ...base,
      where: 'socket',
      why,
      evidence: `ss -ln: ${all.map(written).join(', ')}; ${evidence}`,
    }
  }
  if (fits.length > 0) {
    const why = message(
      'it arrived at {node}, and is refused although a program listens on {name} port {port} now',
      { node, name, port },
    )
    return {
      ...base,
      where: 'socket',
      why,
      evidence: `ss -ln: ${fits.map(written).join(', ')}; ${evidence}`,
    }
  }
  const why = message('it arrived at {node}, where nothing listens on {name} port {port}: {says}', {
    node,
    name,
    port,
    says,
  })
  if (!missed) return { ...base, why, evidence }
  return {
    ...base,
    why: message(
      '{why}; a rule would send it on, but stands on {hook}, where this packet does not pass',
      { why, hook: missed.hook },
    ),
    evidence: `${missed.text}; ${evidence}`,
  }
}

/** A DNAT rule for this port on a hook that the packet did not go through. */
function missedTranslation(
  world: World,
  node: string,
  { protocol, destinationPort: port = 0 }: IpPacket,
) {
  const passes = world.passes.filter(
    (pass) => pass.node === node && pass.visits.at(-1)?.before.destinationPort === port,
  )
  // The first hook of a packet decides: what the node sends to itself comes in again, and is known by then.
  const isOwn = passes.some(({ visits: [first] }) => first?.hook === 'output')
  const passed = new Set([isOwn ? 'output' : 'prerouting'])
  const rules = world.rulesOf(node)
  for (const rule of rules) {
    if (!/\b(dnat|redirect)\b/i.test(rule.text)) continue
    if (!new RegExp(`\\b${protocol}\\b.*\\b(dport|dports) ${port}\\b`).test(rule.text)) continue
    const hooks = hooksOf(rules, rule)
    if (hooks.size > 0 && hooks.isDisjointFrom(passed))
      return { text: rule.text, hook: [...hooks].join(', ').toUpperCase() }
  }
  return undefined
}
