// The end of a packet below the IP layer: on a cable, in a bridge, or at an interface that takes it for somebody else's.
import { message } from '../../language/message.ts'
import type { Drop } from './journey.ts'
import type { Step, Steps } from './steps.ts'
import type { World } from './world.ts'

export function dropAfterFrame(
  world: World,
  { ignoredBy }: Steps,
  { frame, ethernet }: Extract<Step, { kind: 'frame' }>,
): Drop {
  const { node, ifindex, direction } = frame
  const device = world.device(node, ifindex)
  const name = device?.name ?? `interface ${ifindex}`
  const at = { node, where: name }
  const { destinationMac } = ethernet
  const [reader] = ignoredBy
  if (direction === 'out' && reader !== undefined) {
    return {
      ...at,
      reason: 'wrong-mac',
      why: message(
        'it was sent to the hardware address {mac}, which is not that of {nodes}: whoever gets it ignores it',
        { mac: destinationMac, nodes: ignoredBy.join(', ') },
      ),
      evidence: `frame to ${destinationMac} seen on ${reader}`,
    }
  }
  if (direction === 'out' && device?.type === 'bridge')
    return inBridge(world, node, name, null, destinationMac)
  if (direction === 'out') {
    const why = message(
      '{name} sent it, and it came out nowhere: what is at the other end is down, or not of this world',
      { name },
    )
    return {
      ...at,
      reason: 'link-down',
      why,
      evidence: `seen leaving by ${name}, and on no other interface`,
    }
  }
  if (device?.master) return inBridge(world, node, device.master, name, destinationMac)
  if (
    device &&
    destinationMac !== '' &&
    destinationMac !== device.mac &&
    !isGroup(destinationMac)
  ) {
    const why = message('it is addressed to {mac}, and {name} is {own}', {
      mac: destinationMac,
      name,
      own: device.mac,
    })
    return { ...at, reason: 'wrong-mac', why, evidence: `ip link show ${name}` }
  }
  const why = message(
    '{name} took it in, and the IP layer never saw it: a filter below (tc, XDP, netdev) or an interface that is being taken down',
    { name },
  )
  return { ...at, reason: 'lost', why, evidence: `seen arriving on ${name}, and at no hook` }
}

function inBridge(
  world: World,
  node: string,
  bridge: string,
  from: string | null,
  mac: string,
): Drop {
  const at = { node, where: bridge, reason: 'bridge' as const }
  const state = world.state(node)
  const port = state?.ports.find(({ device }) => device === from)
  const device = world.deviceNamed(node, bridge)
  if (device && !device.up) {
    const why = message('the bridge {name} is down', { name: bridge })
    return { ...at, why, evidence: `ip link show ${bridge}` }
  }
  if (port && port.state !== 'forwarding') {
    const why = message('the port {name} of {bridge} is {state}: it passes nothing on', {
      name: from ?? '',
      bridge,
      state: port.state,
    })
    return { ...at, why, evidence: `bridge link show dev ${from}` }
  }
  const known = state?.forwarding.find((entry) => entry.mac === mac && entry.bridge === bridge)
  const unsent = known
    ? message('{bridge} knows {mac} behind {port}, and did not send it there', {
        bridge,
        mac,
        port: known.port,
      })
    : message('{bridge} has no port that could lead to {mac}', { bridge, mac })
  const why = port?.isolated
    ? message('{why}, and {name} is isolated from the other ports that are', {
        why: unsent,
        name: from ?? '',
      })
    : unsent
  return { ...at, why, evidence: `bridge fdb show br ${bridge}` }
}

/** Broadcast or multicast: the lowest bit of the first octet. */
function isGroup(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1
}
