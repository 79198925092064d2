// Finds why a packet that had passed POSTROUTING was seen on no interface: the device, its neighbour, its queue, or a filter.
import { message } from '../../../language/message.ts'
import type { IpPacket } from '../../capture/packet.ts'
import type { Device } from '../node-state.ts'
import { nextHop } from '../neighbour-hop.ts'
import { appliedRules } from '../pass-hops.ts'
import type { Pass } from '../passes.ts'
import type { World } from '../world.ts'
import { conntrackLoss, qdiscLoss } from './counted.ts'
import { judge, type Finding, type Loss, type LossOf } from './finding.ts'
import { lowerLoss } from './lower.ts'
import { neighbourLoss } from './neighbour.ts'
import { mtuFinding } from './routing.ts'

export function lossBeforeInterface(world: World, lossOf: LossOf, pass: Pass): Loss {
  const { node, output, visits } = pass
  const device = world.device(node, output)
  const packet = visits.at(-1)?.after
  const name = device?.name ?? 'interface'
  return judge({ node, where: name }, 'it was seen after POSTROUTING and on no interface', [
    [
      message('whether {name} is up and has a carrier', { name }),
      () => device && carrierLoss(world, node, device),
    ],
    ['the counters of connection tracking', () => conntrackLoss(world, node, rulesOf(world, pass))],
    [
      'the hardware address of the next hop',
      () => {
        const address = nextHop(world, pass)
        return device && address !== undefined
          ? neighbourLoss(world, lossOf, node, device, address)
          : null
      },
    ],
    [
      message('the MTU of {name}', { name }),
      () => (device && packet ? lengthLoss(pass, packet, device) : null),
    ],
    ['rules of the families netdev, bridge and arp', () => lowerLoss(world, node, pass.key)],
    [
      message('the queueing discipline of {name}', { name }),
      () => device && qdiscLoss(world, node, name),
    ],
    [
      message('dropped frames that {name} counts itself', { name }),
      () => device && countedByDevice(world, node, device),
    ],
  ])
}

/** What may be divided is divided after POSTROUTING: in IPv4 by each router, in IPv6 by its sender. */
function lengthLoss(
  { visits }: Pass,
  packet: IpPacket,
  { name, mtu }: Device,
): Finding | undefined {
  if (packet.length <= mtu) return undefined
  const isOwnV6 = packet.family === 6 && visits[0]?.hook === 'output'
  if (packet.dontFragment && !isOwnV6) return mtuFinding(packet, name, mtu)
  if (!isOwnV6) return undefined
  return {
    reason: 'unknown',
    why: message(
      'it has {length} bytes, so its sender divides it for {name} ({mtu}), and pieces of IPv6 are not followed',
      { length: packet.length, name, mtu },
    ),
    evidence: `ip link show ${name}: mtu ${mtu}`,
  }
}

/** Without a carrier, the other end is at fault where it can be seen. */
export function carrierLoss(world: World, node: string, device: Device): Finding | undefined {
  const { name } = device
  if (!device.up) return downFinding(node, name)
  if (device.carrier) return undefined
  const other = world.linkOf(device)
  if (device.type === 'bridge') {
    const ports = world.portsOf(node, name)
    const why =
      ports.length === 0
        ? message('{name} has no carrier: no port is attached to the bridge', { name })
        : message('{name} has no carrier: none of its ports ({name2}) is up and forwards', {
            name,
            name2: ports.map((port) => port.device).join(', '),
          })
    return { reason: 'link-down', where: name, why, evidence: `ip link show ${name}: NO-CARRIER` }
  }
  if (other && !other.device.up) {
    return {
      ...downFinding(other.node, other.device.name),
      why: message('{name} has no carrier: its other end, {node}:{name2}, is down', {
        name,
        node: other.node,
        name2: other.device.name,
      }),
      evidence: `ip link show ${name}: NO-CARRIER; on ${other.node}, ip link show ${other.device.name}: state DOWN`,
    }
  }
  const why = message(
    '{name} has no carrier, and its other end is in no namespace that could be looked at',
    { name },
  )
  return { reason: 'link-down', where: name, why, evidence: `ip link show ${name}: NO-CARRIER` }
}

export function downFinding(node: string, name: string): Finding {
  return {
    reason: 'link-down',
    node,
    where: name,
    why: message('{name} is down', { name }),
    evidence: `ip link show ${name}: state DOWN`,
    remedy: `ip link set ${name} up`,
  }
}

export function countedByDevice(world: World, node: string, { name }: Device): Finding | undefined {
  const dropped = world.droppedBy(node, name, 'tx')
  if (dropped <= 0) return undefined
  const why = message(
    '{name} dropped {dropped} frames that it should have sent while we looked, and does not say why',
    { name, dropped },
  )
  return {
    reason: 'unknown',
    where: name,
    why,
    evidence: `ip -s link show ${name}: TX dropped grew by ${dropped}`,
  }
}

function rulesOf(world: World, { node, visits }: Pass) {
  return visits
    .flatMap(({ evaluations }) => evaluations)
    .flatMap((evaluation) => appliedRules(world, node, evaluation))
}
