// Finds why a frame that left an interface came in nowhere, or came in and reached no protocol.
import { message } from '../../../language/message.ts'
import type { Device } from '../node-state.ts'
import { isGroup, type Steps } from '../steps.ts'
import { isBridged, type FrameStep } from '../tree.ts'
import type { World } from '../world.ts'
import { localEntry, lossInBridge, missedPort } from './bridge.ts'
import { qdiscLoss } from './counted.ts'
import { carrierLoss, countedByDevice, downFinding } from './before-interface.ts'
import { judge, type Finding, type Loss } from './finding.ts'
import { lowerLoss } from './lower.ts'
import { macvlanLoss } from './macvlan.ts'
import { misdirected, wrongMac } from './layer2.ts'
import { innerLoss, tunnelLoss } from './tunnel.ts'

export function lossAfterFrame(world: World, way: Steps, step: FrameStep): Loss {
  const { frame } = step
  const { node, direction } = frame
  const device = world.device(node, frame.ifindex)
  const name = device?.name ?? frame.interface
  const bridge = world.portOf(node, name)?.bridge
  if (direction === 'out' && device?.type === 'bridge')
    return lossInBridge(world, {
      node,
      bridge: name,
      from: bridgedFrom(world, way, name),
      ethernet: step.ethernet,
      way,
      length: frame.length,
    })
  if (direction === 'in' && bridge !== undefined) {
    // A filter of the port stands before the bridge.
    const filtered = qdiscLoss(world, node, name)
    if (filtered) return { node, where: name, remedy: null, checked: [], ...filtered }
    return lossInBridge(world, {
      node,
      bridge,
      from: name,
      ethernet: step.ethernet,
      way,
      length: frame.length,
    })
  }
  const wrong = misdirected(world, way)
  if (wrong) return { node, where: name, remedy: null, checked: [], ...wrong }
  return direction === 'out'
    ? lossOnCable(world, way, step, device, name)
    : lossAtDevice(world, way, step, device, name)
}

/** A frame that iptables gave another destination goes back to its bridge as if it came by the port of before. */
function bridgedFrom(world: World, { steps }: Steps, bridge: string): string | null {
  const [before, between] = steps.slice(-3)
  if (before?.kind !== 'frame' || between?.kind !== 'pass' || !isBridged(world, between.pass))
    return null
  const port = world.portOf(before.frame.node, before.frame.interface)
  return port?.bridge === bridge ? port.device : null
}

function lossOnCable(
  world: World,
  way: Steps,
  step: FrameStep,
  device: Device | undefined,
  name: string,
): Loss {
  const { node } = step.frame
  const mac = step.ethernet.destinationMac
  const other = device && world.linkOf(device)
  const isLink = device?.type === 'veth' || device?.type === ''
  return judge({ node, where: name }, `seen leaving by ${name}, and on no other interface`, [
    ['the port of the bridge behind which the receiver is', () => missedPort(world, way)],
    [
      'the hardware address that it was sent to',
      () => (way.ignoredBy.length > 0 && !isGroup(mac) ? wrongMac(world, way, step) : null),
    ],
    ['the tunnel that it went into', () => device?.vxlan && innerLoss(world, way, step, device)],
    ['what a macvlan does not pass on', () => throughMacvlan(world, way, step)],
    ['the other end of the link', () => (isLink && device ? peerLoss(world, step, device) : null)],
    [
      'rules of the family netdev at the other end',
      () => other && lowerLoss(world, other.node, step.ethernet.ip?.key),
    ],
    [
      message('dropped frames that {name} counts itself', { name }),
      () => device && countedByDevice(world, node, device),
    ],
  ])
}

/** is_skb_forwardable: the other end must be up, and take a frame of this length. */
function peerLoss(world: World, { frame }: FrameStep, device: Device): Finding | undefined {
  const other = world.linkOf(device)
  if (!other)
    return {
      reason: 'unknown',
      why: message('the other end of {name} is in no namespace that could be looked at', {
        name: device.name,
      }),
      evidence: `ip link show ${device.name}`,
    }
  const { node, device: end } = other
  if (!end.up)
    return {
      ...downFinding(node, end.name),
      why: message('{name} sent it, and its other end, {node}:{name2}, is down', {
        name: device.name,
        node,
        name2: end.name,
      }),
    }
  // 14 bytes of Ethernet and 4 of a VLAN tag are not counted.
  const length = frame.length - 14
  if (length > end.mtu + 4)
    return {
      reason: 'mtu',
      node,
      where: end.name,
      why: message(
        'it has {length} bytes, and the other end of {name}, {node}:{name2}, takes {mtu} at most',
        { length, name: device.name, node, name2: end.name, mtu: end.mtu },
      ),
      evidence: `ip link show ${end.name}: mtu ${end.mtu}; ${frame.node}: ip link show ${device.name}: mtu ${device.mtu}`,
      remedy: `ip link set ${end.name} mtu ${device.mtu}`,
    }
  if (end.hasXdp)
    return {
      reason: 'unknown',
      why: message('{node}:{name} has an XDP program, which may drop before anybody can listen', {
        node,
        name: end.name,
      }),
      evidence: `ip link show ${end.name}: xdp`,
    }
  return carrierLoss(world, frame.node, device)
}

/** The device that sent the frame on this segment decides, not its parent, through which it left. */
function throughMacvlan(
  world: World,
  { steps }: Steps,
  { ethernet }: FrameStep,
): Finding | undefined {
  const { destinationMac: mac, ip, arp } = ethernet
  const target = arp?.target ?? ip?.icmp?.neighbour ?? ip?.destination ?? ''
  const passed = steps.findLastIndex((each) => each.kind === 'pass' && each !== steps.at(-1))
  const sent = steps.slice(passed + 1).find((each) => each.kind === 'frame')
  const device = sent && world.device(sent.frame.node, sent.frame.ifindex)
  if (!sent || !device || sent.frame.direction === 'in') return undefined
  for (const to of [...world.withMac(mac), ...world.owners(target)]) {
    const loss = macvlanLoss(world, { node: sent.frame.node, device }, to)
    if (loss) return loss
  }
  return undefined
}

function lossAtDevice(
  world: World,
  way: Steps,
  step: FrameStep,
  device: Device | undefined,
  name: string,
): Loss {
  const { frame, ethernet } = step
  const { node } = frame
  const mac = ethernet.destinationMac
  const isMeant = device === undefined || mac === '' || mac === device.mac || isGroup(mac)
  const family = ethernet.ip?.family
  return judge({ node, where: name }, `seen arriving on ${name}, and at no hook`, [
    [
      'the hardware address that it was sent to',
      () => (isMeant ? null : wrongMac(world, way, step)),
    ],
    [
      'local entries in the forwarding table of the bridge',
      () => (device?.type === 'bridge' ? localEntry(world, node, name, mac) : null),
    ],
    [
      'rules of the families netdev, bridge and arp',
      () => lowerLoss(world, node, ethernet.ip?.key ?? ethernet.arp?.key),
    ],
    [
      message('the filters of tc on {name}', { name }),
      () => (device ? qdiscLoss(world, node, name) : null),
    ],
    ['whether IPv6 is on', () => (family === 6 ? disabledIpv6(world, node, name) : null)],
    ['the tunnel that it came out of', () => (step.outer ? tunnelLoss(world, step) : null)],
    ['what a macvlan does not pass on', () => throughMacvlan(world, way, step)],
    ['the counters of IP (/proc/net/snmp)', () => headerErrors(world, node, family)],
  ])
}

function disabledIpv6(world: World, node: string, name: string): Finding | undefined {
  if (world.sysctl(node, `net/ipv6/conf/${name}/disable_ipv6`) !== 1) return undefined
  return {
    reason: 'ignored',
    why: message('IPv6 is switched off on {name}', { name }),
    evidence: `sysctl net.ipv6.conf.${name}.disable_ipv6 = 1`,
    remedy: `sysctl -w net.ipv6.conf.${name}.disable_ipv6=0`,
  }
}

function headerErrors(world: World, node: string, family: 4 | 6 | undefined): Finding | undefined {
  const names =
    family === 6
      ? ['Ip6InHdrErrors', 'Ip6InTruncatedPkts']
      : ['IpExt.InCsumErrors', 'Ip.InHdrErrors', 'IpExt.InTruncatedPkts']
  const name = names.find((each) => world.grown(node, each) > 0)
  if (name === undefined) return undefined
  const evidence = `${name} grew by ${world.grown(node, name)}`
  const why = message('its IP header is wrong: the checksum, the version or the length')
  return { reason: 'checksum', why, evidence }
}
