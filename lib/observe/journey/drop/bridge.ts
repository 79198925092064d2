// Finds why a bridge sent a frame nowhere: the bridge, the port it came in by, the port it should leave by, or what the bridge knows.
import { message } from '../../../language/message.ts'
import type { Port } from '../node-state.ts'
import { isGroup, type Steps } from '../steps.ts'
import type { World } from '../world.ts'
import { carrierLoss } from './before-interface.ts'
import { judge, type Check, type Finding, type Loss } from './finding.ts'
import { misdirected } from './layer2.ts'
import { lowerLoss } from './lower.ts'

export type BridgedFrame = {
  readonly node: string
  readonly bridge: string
  /** The port that it came in by; null from the host itself. */
  readonly from: string | null
  readonly mac: string
  readonly key: string | undefined
  /** Where the whole way is known, its addresses are judged, too. */
  readonly way?: Steps
  /** In bytes, with the header of Ethernet. */
  readonly length?: number
}

export function lossInBridge(world: World, frame: BridgedFrame): Loss {
  const { node, bridge, from, mac, key } = frame
  const device = world.deviceNamed(node, bridge)
  const port = world.portOf(node, from)
  const checks: readonly Check[] = [
    ['whether the bridge is up', () => (device && !device.up ? down(bridge) : null)],
    [
      'the port that it came in by',
      () => port && inPortLoss(bridge, port, device?.spanningTree ?? false),
    ],
    ['the hardware address that it was sent to', () => frame.way && misdirected(world, frame.way)],
    ['rules of the family bridge (nft, ebtables)', () => lowerLoss(world, node, key)],
    ['what the bridge knows of the hardware address', () => knownLoss(world, frame)],
    ['the ports that it could be flooded to', () => floodLoss(world, frame, port)],
    ['VLAN filtering', () => (device?.vlanFiltering ? vlans(bridge) : null)],
  ]
  return judge(
    { node, where: bridge },
    from === null
      ? `${bridge} sent it to no port`
      : `seen arriving on ${from}, to ${mac}, and leaving by no port`,
    checks,
  )
}

function down(bridge: string): Finding {
  return {
    reason: 'bridge',
    why: message('the bridge {bridge} is down', { bridge }),
    evidence: `ip link show ${bridge}: state DOWN`,
    remedy: `ip link set ${bridge} up`,
  }
}

function inPortLoss(bridge: string, port: Port, tree: boolean): Finding | undefined {
  const show = `bridge -d link show dev ${port.device}`
  if (port.state !== 'forwarding' && tree) return blockedByTree(bridge, port)
  if (port.state !== 'forwarding')
    return {
      reason: 'bridge',
      why: message('the port {name} of {bridge} is {state}: it passes nothing on', {
        name: port.device,
        bridge,
        state: port.state,
      }),
      evidence: `${show}: state ${port.state}`,
      remedy: `bridge link set dev ${port.device} state 3`,
    }
  if (!port.locked) return undefined
  const why = message(
    'the port {name} of {bridge} is locked: it takes only hardware addresses that are entered by hand',
    { name: port.device, bridge },
  )
  return {
    reason: 'bridge',
    why,
    evidence: `${show}: locked on`,
    remedy: `bridge link set dev ${port.device} locked off`,
  }
}

/** A port listens and learns before it forwards; a port that blocks would close a loop. */
function blockedByTree(bridge: string, { device, state }: Port): Finding {
  const waits = state === 'listening' || state === 'learning'
  return {
    reason: 'bridge',
    why: waits
      ? message(
          'the port {port} of {bridge} is still {state}: the spanning tree lets it forward after twice the forward delay',
          { port: device, bridge, state },
        )
      : message(
          'the port {port} of {bridge} is {state}: the spanning tree closed it, since it would make a loop',
          { port: device, bridge, state },
        ),
    evidence: `bridge -d link show dev ${device}: state ${state}; ip -d link show ${bridge}: stp_state 1`,
  }
}

function knownLoss(
  world: World,
  { node, bridge, from, mac, length = 0 }: BridgedFrame,
): Finding | undefined {
  const entry = world
    .state(node)
    ?.forwarding.find((each) => each.mac === mac && each.bridge === bridge)
  if (!entry || entry.own) return undefined
  const show = `bridge fdb show br ${bridge}: ${mac} dev ${entry.port}`
  const to = world.portOf(node, entry.port)
  if (entry.port === from && to) {
    if (to.hairpin) return undefined
    return {
      reason: 'bridge',
      why: message(
        'it would have to leave by the port that it came in by, and the hairpin mode of {from} is off',
        { from },
      ),
      evidence: `${show}; bridge -d link show dev ${from}: hairpin off`,
      remedy: `bridge link set dev ${from} hairpin on`,
    }
  }
  const out = to && world.deviceNamed(node, to.device)
  if (out && length > out.mtu + 14)
    return {
      reason: 'mtu',
      where: out.name,
      why: message('it has {length} bytes, and the port {name} of {bridge} takes {mtu} at most', {
        length: length - 14,
        name: out.name,
        bridge,
        mtu: out.mtu,
      }),
      evidence: `${show}; ip link show ${out.name}: mtu ${out.mtu}`,
      remedy: `ip link set ${out.name} mtu ${length - 14}`,
    }
  return to && outPortLoss(world, node, bridge, world.portOf(node, from), to, show)
}

/** Why a port does not send what it should. */
function outPortLoss(
  world: World,
  node: string,
  bridge: string,
  from: Port | undefined,
  to: Port,
  shown: string,
): Finding | undefined {
  const show = `bridge -d link show dev ${to.device}`
  if (from?.isolated && to.isolated)
    return {
      reason: 'bridge',
      why: message(
        '{name} and {name2} are isolated ports of {bridge}: no frame passes between two of these',
        { name: from.device, name2: to.device, bridge },
      ),
      evidence: `${shown}; ${show}: isolated on`,
      remedy: `bridge link set dev ${to.device} isolated off`,
    }
  const device = world.deviceNamed(node, to.device)
  const carrier = device && carrierLoss(world, node, device)
  if (carrier) return { ...carrier, evidence: `${shown}; ${carrier.evidence}` }
  if (to.state === 'forwarding') return undefined
  if (world.deviceNamed(node, bridge)?.spanningTree) return blockedByTree(bridge, to)
  return {
    reason: 'bridge',
    why: message('the port {name} of {bridge} is {state}: nothing goes out there', {
      name: to.device,
      bridge,
      state: to.state,
    }),
    evidence: `${shown}; ${show}: state ${to.state}`,
    remedy: `bridge link set dev ${to.device} state 3`,
  }
}

/** An unknown address, a group or everybody: each port has a switch for each of these. */
function floodLoss(
  world: World,
  { node, bridge, from, mac }: BridgedFrame,
  port: Port | undefined,
): Finding | undefined {
  const entry = world
    .state(node)
    ?.forwarding.find((each) => each.mac === mac && each.bridge === bridge)
  if (entry && !entry.own) return undefined
  const others = world.portsOf(node, bridge).filter(({ device }) => device !== from)
  if (others.length === 0) {
    const why = message('{bridge} has no other port: there is nobody to send it to', { bridge })
    return { reason: 'bridge', why, evidence: `bridge link show: no other port of ${bridge}` }
  }
  const [option, name] =
    mac === everybody
      ? (['broadcastFlood', 'bcast_flood'] as const)
      : isGroup(mac)
        ? (['multicastFlood', 'mcast_flood'] as const)
        : (['flood', 'flood'] as const)
  const what =
    mac === everybody
      ? message('broadcasts')
      : isGroup(mac)
        ? message('multicasts')
        : message('frames for an unknown address ({mac})', { mac })
  // The port that leads to the receiver, if the receiver is known; else any port that is shut.
  const meant = world.withMac(mac)
  const toMeant = others.filter(({ device }) => {
    const found = world.deviceNamed(node, device)
    const other = found && world.linkOf(found)
    return meant.some(
      (place) => place.node === other?.node && place.device.index === other.device.index,
    )
  })
  for (const to of toMeant.length > 0 ? toMeant : others) {
    const shut = outPortLoss(
      world,
      node,
      bridge,
      port,
      to,
      `bridge fdb show br ${bridge}: no entry for ${mac}`,
    )
    if (shut) return shut
    if (!to[option])
      return {
        reason: 'bridge',
        why: message('{bridge} does not send {what} to {name}: flooding is off there', {
          bridge,
          what,
          name: to.device,
        }),
        evidence: `bridge -d link show dev ${to.device}: ${name} off`,
        remedy: `bridge link set dev ${to.device} ${name} on`,
      }
  }
  return undefined
}

const everybody = 'ff:ff:ff:ff:ff:ff'

function vlans(bridge: string): Finding {
  return {
    reason: 'unknown',
    why: message(
      '{bridge} filters by VLAN, and nothing tells us by which one it judged this frame',
      { bridge },
    ),
    evidence: `ip -d link show ${bridge}: vlan_filtering 1; see bridge vlan show`,
  }
}

/** A frame that others got, and the receiver did not: the port of the bridge behind which the receiver is. */
export function missedPort(world: World, { steps, copies }: Steps): Finding | undefined {
  const all = [...steps, ...copies.flatMap((copy) => copy.steps)]
  for (const step of steps) {
    if (step.kind !== 'frame') continue
    const { node } = step.frame
    const port = world.portOf(node, step.frame.interface)
    if (!port) continue
    const { destinationMac: mac, ip, arp } = step.ethernet
    const target = arp?.target ?? ip?.icmp?.neighbour ?? ip?.destination ?? ''
    for (const to of world.portsOf(node, port.bridge)) {
      const device = world.deviceNamed(node, to.device)
      const other = device && world.linkOf(device)
      const isMeant =
        other?.device.mac === mac ||
        other?.device.addresses.some(({ address }) => address === target)
      const got = all.some(
        (each) =>
          each.kind === 'frame' && each.frame.node === node && each.frame.interface === to.device,
      )
      if (!isMeant || got) continue
      const from = step.frame.direction === 'in' ? port : undefined
      const loss = floodLoss(
        world,
        { node, bridge: port.bridge, from: from?.device ?? null, mac, key: undefined },
        from,
      )
      if (loss) return { node, where: port.bridge, ...loss }
    }
  }
  return undefined
}
