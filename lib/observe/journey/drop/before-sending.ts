// Finds why no packet left the node: its own kernel refused to send, and the program printed the reason.
import { message } from '../../../language/message.ts'
import type { Drop } from '../journey.ts'
import { lineOf } from '../route-answers.ts'
import type { World } from '../world.ts'
import { judge, type Finding } from './finding.ts'
import { routeLoss } from './route-loss.ts'

export function dropBeforeSending(world: World): Drop {
  const { from, stderr } = world.evidence
  const line = stderr.trim().split('\n').at(-1) ?? ''
  const loss = judge({ node: from, where: 'socket' }, line === '' ? 'no packet was seen' : line, [
    ['routes to the addresses that the command names', () => noRoute(world)],
    ['the MTU', () => tooLong(world, line)],
    ['ports that are still free', () => noPort(world, line)],
    ['the address that the program sends from', () => noAddress(world, line)],
    ['interfaces that are down', () => linkDown(world)],
  ])
  const why =
    loss.reason === 'unknown'
      ? message('the command sent no packet')
      : message('nothing was sent: {why}', { why: loss.why })
  return { ...loss, why, place: { node: from, device: null, hop: -1 } }
}

function noRoute(world: World): Finding | undefined {
  const { from: node, targets } = world.evidence
  for (const destination of targets) {
    const question = { node, destination }
    const answer = world.route(question)
    if (answer?.error === undefined) continue
    const family = destination.includes(':') ? 6 : 4
    if (family === 6 && world.sysctl(node, 'net/ipv6/conf/all/disable_ipv6') === 1)
      return {
        reason: 'no-route',
        where: 'routing decision',
        why: message('IPv6 is switched off on {node}', { node }),
        evidence: 'sysctl net.ipv6.conf.all.disable_ipv6 = 1',
        remedy: 'sysctl -w net.ipv6.conf.all.disable_ipv6=0',
      }
    return { where: 'routing decision', ...routeLoss(world, question, answer) }
  }
  return undefined
}

/** The device or the route takes less; a route has learned it from an ICMP error, or somebody set it. */
function tooLong(world: World, line: string): Finding | undefined {
  const { from: node, stderr, targets } = world.evidence
  if (!/message too long/i.test(stderr)) return undefined
  const limit = Number(/mtu[= ](\d+)/.exec(stderr)?.[1] ?? 0)
  for (const destination of targets) {
    const question = { node, destination }
    const answer = world.route(question)
    const device = world.deviceNamed(node, answer?.device)
    if (!answer || !device) continue
    const mtu = limit === 0 ? (answer.mtu ?? device.mtu) : limit
    const values = { name: device.name, mtu, address: destination }
    if (answer.mtu !== undefined && answer.mtu === mtu && mtu !== device.mtu)
      return {
        reason: 'mtu',
        where: 'routing table',
        why: message(
          'the packet must not be divided, and the route to {address} takes {mtu} bytes at most: an ICMP error told so, or somebody set it',
          values,
        ),
        evidence: `ip ${lineOf(question)}: mtu ${mtu}`,
      }
    if (mtu === device.mtu)
      return {
        reason: 'mtu',
        where: device.name,
        why: message(
          'the packet must not be divided, and {name} takes {mtu} bytes at most',
          values,
        ),
        evidence: `ip link show ${device.name}: mtu ${mtu}`,
      }
  }
  return {
    reason: 'mtu',
    why: message('the packet is too long, and must not be divided'),
    evidence: line,
  }
}

function noPort(world: World, line: string): Finding | undefined {
  const { from } = world.evidence
  const range = world.state(from)?.sysctls['net/ipv4/ip_local_port_range'] ?? ''
  const [low = 0, high = 0] = range.split(/\s+/).map(Number)
  const used = new Set((world.evidence.ports ?? []).filter((port) => port >= low && port <= high))
  if (high === 0 || used.size < high - low + 1) return undefined
  return {
    reason: 'ports-exhausted',
    why: message('all ports that programs may send from are taken: {low} to {high}', { low, high }),
    evidence: `sysctl net.ipv4.ip_local_port_range = ${low} ${high}; ${line}`,
    remedy: `sysctl -w net.ipv4.ip_local_port_range="32768 60999"`,
  }
}

function noAddress(world: World, line: string): Finding | undefined {
  const { from } = world.evidence
  if (!/cannot assign requested address|bind/i.test(line)) return undefined
  const pending = (world.state(from)?.devices ?? []).flatMap(({ name, addresses }) =>
    addresses
      .filter(({ tentative, duplicate }) => tentative || duplicate)
      .map(({ address, duplicate }) => ({ name, address, duplicate })),
  )
  const named = pending.find(({ address }) => world.evidence.command.includes(address))
  if (named) {
    const state = named.duplicate ? 'dadfailed' : 'tentative'
    const why = message('{address} may not be used ({state}): {what}', {
      address: named.address,
      state,
      what: named.duplicate
        ? message('somebody else has it, too')
        : message('the kernel still looks whether anybody else has it'),
    })
    return {
      reason: 'address-missing',
      where: named.name,
      why,
      evidence: `ip address show ${named.name}: ${named.address} ${state}`,
    }
  }
  const why = message('{from} does not have the address that the program wants to send from', {
    from,
  })
  return { reason: 'address-missing', why, evidence: line }
}

function linkDown(world: World): Finding | undefined {
  const { from: node, targets } = world.evidence
  for (const destination of targets) {
    const answer = world.route({ node, destination })
    const device = world.deviceNamed(node, answer?.device)
    if (!device || device.up) continue
    const { name } = device
    return {
      reason: 'link-down',
      where: name,
      why: message('{name} is down', { name }),
      evidence: `ip link show ${name}: state DOWN`,
      remedy: `ip link set ${name} up`,
    }
  }
  return undefined
}
