// Finds frames that went to the wrong machine: a neighbour entry, a forwarding entry or a second owner of a hardware address is at fault.
import { message, type Message } from '../../../language/message.ts'
import type { Device } from '../node-state.ts'
import { isGroup, type Steps } from '../steps.ts'
import { type FrameStep, type Step } from '../tree.ts'
import type { Place, World } from '../world.ts'
import { has, segmentBehind } from '../segment.ts'
import type { Finding } from './finding.ts'

/** Undefined where the frame went to a machine that has the address of the next hop. */
export function misdirected(world: World, way: Steps): Finding | undefined {
  const last = way.steps.findLast((step): step is FrameStep => step.kind === 'frame')
  const sender = last && senderOf(way.steps, last)
  if (!last || !sender) return undefined
  const mac = last.ethernet.destinationMac
  if (isGroup(mac)) return undefined
  const device = world.device(sender.node, sender.output)
  if (device && !device.arp && mac === device.mac) return withoutArp(sender.node, device, mac)
  const entry = entryFor(world, sender, mac)
  const owners = entry ? world.owners(entry.address) : []
  if (!entry || owners.length === 0) return undefined
  const has = (node: string) => world.state(node)?.devices.some((device) => device.mac === mac)
  if (!owners.some(({ node }) => has(node))) return wrongMac(world, way, last)
  const reached = way.steps.at(-1)
  const node = reached?.kind === 'pass' ? reached.pass.node : last.frame.node
  if (owners.some((owner) => owner.node === node)) return undefined
  return misforwarded(world, way, mac, owners)
}

/** A device that does not ask for addresses takes its own for everybody's (arp_constructor). */
function withoutArp(node: string, { name }: Device, mac: string): Finding {
  return {
    reason: 'wrong-mac',
    node,
    where: name,
    why: message(
      'ARP is off on {name} of {node}: it asks for no hardware address, and sends to its own, {mac}',
      { name, node, mac },
    ),
    evidence: `ip link show ${name}: NOARP`,
    remedy: `ip link set ${name} arp on`,
  }
}

/** The bridge sent it to a port behind which the owner is not. */
function misforwarded(
  world: World,
  way: Steps,
  mac: string,
  owners: readonly Place[],
): Finding | undefined {
  const out = way.steps.findLast(
    (step): step is FrameStep =>
      step.kind === 'frame' &&
      step.frame.direction === 'out' &&
      world.portOf(step.frame.node, step.frame.interface) !== undefined,
  )
  const port = out && world.portOf(out.frame.node, out.frame.interface)
  if (!out || !port) return undefined
  const { node } = out.frame
  const { bridge, device } = port
  const entry = world
    .state(node)
    ?.forwarding.find((each) => each.mac === mac && each.bridge === bridge)
  const places = world.withMac(mac)
  if (!entry || places.length === 0) return undefined
  const isOwner = ({ node }: Place) => owners.some((owner) => owner.node === node)
  const leadsToOwner = (name: string) =>
    segmentBehind(world, node, name).places.some((place) => isOwner(place) && has(places, place))
  if (leadsToOwner(device)) return undefined
  // What the port leads to cannot all be seen: only an owner at another port of this bridge shows that the entry is wrong.
  const others = world.portsOf(node, bridge).filter((each) => each.device !== device)
  if (
    !segmentBehind(world, node, device).isWhole &&
    !others.some((each) => leadsToOwner(each.device))
  )
    return undefined
  const evidence = `bridge fdb show br ${bridge}: ${mac} dev ${entry.port}`
  const other = places.find((place) => !isOwner(place))
  const shared = other && sharedMac(world, bridge, mac, other)
  if (shared) return { ...shared, evidence }
  const right = places.map(text).join(', ')
  if (entry.port !== device)
    return {
      reason: 'bridge',
      node,
      where: bridge,
      why: message(
        '{bridge} sent it to {port}, and {mac} is that of {right}: its forwarding entry was wrong, and has changed since',
        { bridge, port: device, mac, right },
      ),
      evidence,
    }
  return {
    reason: 'bridge',
    node,
    where: bridge,
    why: message(
      'the forwarding entry of {bridge} says that {mac} is behind {port}, and it is that of {right}',
      { bridge, mac, port: device, right },
    ),
    evidence,
    remedy: `bridge fdb delete ${mac} dev ${device} master`,
  }
}

/** Two machines have the hardware address. @param other the one that should get another */
export function sharedMac(
  world: World,
  bridge: string,
  mac: string,
  other: Place,
): Omit<Finding, 'evidence'> | undefined {
  const places = world.withMac(mac)
  const nodes = new Set(places.map(({ node }) => node))
  if (nodes.size < 2) return undefined
  return {
    reason: 'wrong-mac',
    node: other.node,
    where: other.device.name,
    why: message(
      '{places} have the same hardware address, {mac}, and {bridge} believes the one that was heard last',
      { places: places.map(text).join(', '), mac, bridge },
    ),
    remedy: `ip link set ${other.device.name} address ${localMac(mac, other)}`,
  }
}

function text({ node, device }: Place): string {
  return `${node}:${device.name}`
}

/** Locally administered (the second bit), and another one than before. */
function localMac(mac: string, { device }: Place): string {
  return [
    '02',
    ...mac.split(':').slice(1, 5),
    (device.index & 0xff).toString(16).padStart(2, '0'),
  ].join(':')
}

/** The step that sent the frame on its segment: a pass behind POSTROUTING, or nothing for what no hook saw. */
function senderOf(steps: readonly Step[], last: FrameStep) {
  const passes = steps
    .slice(0, steps.indexOf(last))
    .flatMap((step) => (step.kind === 'pass' ? [step.pass] : []))
  return passes.findLast(({ visits }) => visits.at(-1)?.hook === 'postrouting')
}

function entryFor(world: World, sender: NonNullable<ReturnType<typeof senderOf>>, mac: string) {
  const { node, output, visits } = sender
  const name = world.device(node, output)?.name
  const entries = (world.state(node)?.neighbours ?? []).filter(
    (each) => each.mac === mac && (name === undefined || each.device === name),
  )
  const destination = visits.at(-1)?.before.destination
  return entries.find(({ address }) => address === destination) ?? entries[0]
}

/** A frame for a hardware address that nobody meant has: who says that it is the one? */
export function wrongMac(world: World, way: Steps, { ethernet }: FrameStep): Finding | undefined {
  const mac = ethernet.destinationMac
  const step = way.steps.findLast((each): each is FrameStep => each.kind === 'frame')
  const sender = step && senderOf(way.steps, step)
  const node = sender?.node ?? way.steps.find((each) => each.kind === 'frame')?.frame.node ?? ''
  const entry = sender && entryFor(world, sender, mac)
  const owners = entry ? world.owners(entry.address) : []
  // A bridge takes no frame for the address of another port than the one that it came in by.
  if (owners.some(({ node: each }) => world.withMac(mac).some((place) => place.node === each)))
    return undefined
  const right = owners.map((owner) => `${owner.node}:${owner.device.name} = ${owner.device.mac}`)
  const readers =
    way.ignoredBy.length === 0 ? '' : `; ${way.ignoredBy.join(', ')} got it and ignored it`
  if (!entry)
    return {
      reason: 'wrong-mac',
      ...(node === '' ? {} : { node }),
      where:
        (sender && world.device(sender.node, sender.output)?.name) ?? step?.frame.interface ?? '',
      why: message('it was sent to the hardware address {mac}, which {owner}', {
        mac,
        owner: nobody(world, mac),
      }),
      evidence: `frame to ${mac}${readers}`,
    }
  const is = entry.state === 'PERMANENT' ? message('was entered by hand') : message('is old')
  const truth = right.length === 0 ? message('no node here has that address') : right.join(', ')
  return {
    reason: 'wrong-mac',
    node,
    where: entry.device,
    why: message(
      'the neighbour entry of {node} for {address} says {mac}, and {truth}: the entry {is}',
      { node, address: entry.address, mac, truth, is },
    ),
    evidence: `ip neighbour show ${entry.address}: lladdr ${mac} ${entry.state}${readers}`,
    remedy: `ip neighbour delete ${entry.address} dev ${entry.device}`,
  }
}

function nobody(world: World, mac: string): Message {
  const places = world.withMac(mac)
  if (places.length === 0) return message('nobody here has')
  return message('is that of {places}', {
    places: places.map(({ node, device }) => `${node}:${device.name}`).join(' and '),
  })
}
