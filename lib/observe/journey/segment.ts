// Walks the wires of a segment: which devices a frame can come to through cables, bridges, VLANs and macvlans, without a router.
import { message, type Message } from '../../language/message.ts'
import type { Ethernet } from '../capture/packet.ts'
import type { Place, World } from './world.ts'

/**
 * The devices that a frame can come to which leaves by a device: through the other end of its cable, through bridges and
 * bonds, and up to the devices on top of them. `isWhole` is false where a part cannot be seen: hardware, a tunnel, or an
 * end in no node that was looked at.
 */
export function segmentBehind(
  world: World,
  node: string,
  name: string,
): { readonly places: readonly Place[]; readonly isWhole: boolean } {
  const start = world.deviceNamed(node, name)
  const places: Place[] = []
  let isWhole = true
  // Each is a device that the frame leaves by.
  const leaves: Place[] = start ? [{ node, device: start }] : []
  for (const { node: at, device } of leaves) {
    const end = world.linkOf(device)
    if (!end) isWhole = false
    else if (!has(places, end)) {
      arrive(end)
      // What leaves by a VLAN or a macvlan goes out by its parent.
      if (device.type !== 'veth' && end.node === at) leaves.push(end)
    }
  }
  return { places, isWhole }

  function arrive(at: Place): void {
    places.push(at)
    const bridge = world.portOf(at.node, at.device.name)?.bridge
    for (const place of allDevices(world)) {
      const { device } = place
      if (has(places, place) || device === start) continue
      const isMaster = place.node === at.node && device.name === at.device.master
      const isOnTop =
        device.type !== 'veth' &&
        device.other?.node === at.node &&
        device.other.name === at.device.name
      if (isMaster || isOnTop) arrive(place)
      const isOtherPort =
        bridge !== undefined &&
        place.node === at.node &&
        world.portOf(at.node, device.name)?.bridge === bridge
      if (isOtherPort) {
        places.push(place)
        leaves.push(place)
      }
    }
  }
}

function allDevices(world: World): readonly Place[] {
  return world.nodes.flatMap((node) =>
    (world.state(node)?.devices ?? []).map((device) => ({ node, device })),
  )
}

export function has(places: readonly Place[], { node, device }: Place): boolean {
  return places.some((place) => place.node === node && place.device.index === device.index)
}

/** Who should get the frame: each node with the address that it asks for, or each device with its hardware address. */
export function isReceiver(
  world: World,
  { destinationMac, arp, ip }: Ethernet,
  { node, device }: Place,
): boolean {
  if (world.portOf(node, device.name)) return false
  const asked = arp?.question ? arp.target : ip?.icmp?.type === 135 ? ip.icmp.neighbour : undefined
  return asked === undefined ? device.mac === destinationMac : world.isOwn(node, asked)
}

/**
 * Where the bridge must send a frame so that it comes to its receiver: names of ports, or that of the bridge for its own node.
 * Empty where no receiver is on this segment.
 */
export function exitsTo(
  world: World,
  node: string,
  bridge: string,
  from: string | null,
  frame: Ethernet,
): readonly string[] {
  const own = world.deviceNamed(node, bridge)
  if (from !== null && own && isReceiver(world, frame, { node, device: own })) return [bridge]
  return world
    .portsOf(node, bridge)
    .filter(({ device }) => device !== from)
    .filter(({ device }) =>
      segmentBehind(world, node, device).places.some((place) => isReceiver(world, frame, place)),
    )
    .map(({ device }) => device)
}

/** The bridge that a device is plugged into by its cable, or that it is in none. */
export function attachment(world: World, place: Place): Message | undefined {
  const end = place.device.type === 'veth' ? world.linkOf(place.device) : undefined
  if (!end) return undefined
  const bridge = world.portOf(end.node, end.device.name)?.bridge
  // Between routers, nobody expects a bridge.
  if (bridge === undefined && world.state(end.node)?.ports.length === 0) return undefined
  const values = {
    place: `${place.node}:${place.device.name}`,
    end: `${end.node}:${end.device.name}`,
  }
  return bridge === undefined
    ? message('{end}, the other end of {place}, is a port of no bridge', values)
    : message('{end}, the other end of {place}, is a port of {bridge}', { ...values, bridge })
}
