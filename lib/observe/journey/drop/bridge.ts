// Finds why a bridge sent a frame nowhere: the bridge, the port it came in by, the port it should leave by, or what the bridge knows.
import { message } from '../../../language/message.ts'
import type { Ethernet } from '../../capture/packet.ts'
import type { Port } from '../node-state.ts'
import { exitsTo, has, segmentBehind } from '../segment.ts'
import type { Steps } from '../steps.ts'
import { isBridged } from '../tree.ts'
import type { World } from '../world.ts'
import { blockedByTree, floodLoss, outPortLoss } from './bridge-port.ts'
import { judge, type Check, type Finding, type Loss } from './finding.ts'
import { misdirected, sharedMac } from './layer2.ts'
import { lowerLoss } from './lower.ts'

export type BridgedFrame = {
  readonly node: string
  readonly bridge: string
  /** The port that it came in by; null from the host itself. */
  readonly from: string | null
  readonly ethernet: Ethernet
  /** Where the whole way is known, its addresses are judged, too. */
  readonly way?: Steps
  /** In bytes, with the header of Ethernet. */
  readonly length?: number
}

export function lossInBridge(world: World, frame: BridgedFrame): Loss {
  const { node, bridge, from, ethernet } = frame
  const { destinationMac: mac, ip, arp } = ethernet
  const exits = exitsTo(world, node, bridge, from, ethernet)
  const key = ip?.key ?? arp?.key
  const device = world.deviceNamed(node, bridge)
  const port = world.portOf(node, from)
  const checks: readonly Check[] = [
    ['whether the bridge is up', () => (device && !device.up ? down(bridge) : null)],
    [
      'the port that it came in by',
      () => port && inPortLoss(bridge, port, device?.spanningTree ?? false),
    ],
    ['the hardware address that it was sent to', () => frame.way && misdirected(world, frame.way)],
    ['rules of the family bridge (nft, ebtables)', () => lowerLoss(world, node, key, exits)],
    ['what the bridge knows of the hardware address', () => knownLoss(world, frame)],
    ['the ports that it could be flooded to', () => floodLoss(world, frame, port, exits)],
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

function knownLoss(world: World, frame: BridgedFrame): Finding | undefined {
  const { node, bridge, from, length = 0 } = frame
  const mac = frame.ethernet.destinationMac
  const entry = world
    .state(node)
    ?.forwarding.find((each) => each.mac === mac && each.bridge === bridge)
  if (!entry || entry.own) return undefined
  const show = `bridge fdb show br ${bridge}: ${mac} dev ${entry.port}`
  const to = world.portOf(node, entry.port)
  if (entry.port === from && to) {
    const wrong = sharedBehind(world, frame) ?? notBehind(world, node, bridge, mac, from)
    if (wrong) return { ...wrong, evidence: show }
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
  const shut = to && outPortLoss(world, node, bridge, world.portOf(node, from), to, show)
  if (shut) return shut
  // Each frame of the two moves the entry, so it can have led to the other one a moment ago.
  const shared = sharedBehind(world, frame)
  return shared && { ...shared, evidence: show }
}

/** Behind the port that it came in by there is a machine with the address that it is sent to, and elsewhere another. */
function sharedBehind(
  world: World,
  { node, bridge, from, ethernet: { destinationMac: mac } }: BridgedFrame,
): Omit<Finding, 'evidence'> | undefined {
  const behind = from === null ? [] : segmentBehind(world, node, from).places
  const place = world.withMac(mac).find((each) => has(behind, each))
  return place && sharedMac(world, bridge, mac, place)
}

/** No frame can have come from there with this source: the entry was made by hand, or is old. */
function notBehind(
  world: World,
  node: string,
  bridge: string,
  mac: string,
  port: string,
): Omit<Finding, 'evidence'> | undefined {
  const places = world.withMac(mac)
  const behind = segmentBehind(world, node, port)
  if (!behind.isWhole || places.length === 0) return undefined
  if (behind.places.some((place) => has(places, place))) return undefined
  const right = places.map((place) => `${place.node}:${place.device.name}`).join(', ')
  return {
    reason: 'bridge',
    why: message(
      'the forwarding entry of {bridge} says that {mac} is behind {port}, and it is that of {right}',
      { bridge, mac, port, right },
    ),
    remedy: `bridge fdb delete ${mac} dev ${port} master`,
  }
}

/** The bridge takes a frame for its own node by its table, and the node ignores what is not for the address of the bridge. */
export function localEntry(
  world: World,
  node: string,
  bridge: string,
  mac: string,
): Finding | undefined {
  const own = world.state(node)?.devices.some((device) => device.mac === mac)
  const entry = world.state(node)?.forwarding.find((each) => each.mac === mac && each.own)
  if (own || !entry || (entry.bridge ?? entry.port) !== bridge) return undefined
  const places = world.withMac(mac).map((place) => `${place.node}:${place.device.name}`)
  const right = places.length === 0 ? message('no node here has it') : places.join(', ')
  return {
    reason: 'bridge',
    where: bridge,
    why: message(
      'the forwarding entry of {bridge} says that {mac} is an address of {node} itself (local, permanent), and it is that of {right}',
      { bridge, mac, node, right },
    ),
    evidence: `bridge fdb show br ${bridge}: ${mac} dev ${entry.port} permanent`,
    remedy: `bridge fdb delete ${mac} dev ${entry.port} ${entry.port === bridge ? 'self' : 'master'}`,
  }
}

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

/** A frame that others got, and the receiver did not: what the bridge did on the way to the receiver. */
export function missedPort(world: World, { steps, copies }: Steps): Finding | undefined {
  const all = [...steps, ...copies.flatMap((copy) => copy.steps)]
  for (const step of all) {
    if (step.kind !== 'frame') continue
    const { frame, ethernet } = step
    const { node, direction } = frame
    const device = world.device(node, frame.ifindex)
    const port = direction === 'in' ? world.portOf(node, device?.name) : undefined
    const bridge = port?.bridge ?? (device?.type === 'bridge' ? device.name : undefined)
    if (bridge === undefined || (!port && direction === 'in')) continue
    const from = port?.device ?? null
    const exits = exitsTo(world, node, bridge, from, ethernet)
    const got = all.some((each) =>
      each.kind === 'frame'
        ? each.frame.node === node && exits.includes(each.frame.interface) && each !== step
        : each.pass.node === node && exits.includes(bridge) && !isBridged(world, each.pass),
    )
    if (exits.length === 0 || got) continue
    const loss = lossInBridge(world, { node, bridge, from, ethernet })
    if (loss.reason !== 'unknown') return loss
  }
  return undefined
}
