// The end of a packet below the IP layer: on a cable, in a bridge, or at an interface that takes it for somebody else's.
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
      why: `it was sent to the hardware address ${destinationMac}, which is not that of ${ignoredBy.join(', ')}: whoever gets it ignores it`,
      evidence: `frame to ${destinationMac} seen on ${reader}`,
    }
  }
  if (direction === 'out' && device?.type === 'bridge')
    return inBridge(world, node, name, null, destinationMac)
  if (direction === 'out') {
    const why = `${name} sent it, and it came out nowhere: what is at the other end is down, or not of this world`
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
    const why = `it is addressed to ${destinationMac}, and ${name} is ${device.mac}`
    return { ...at, reason: 'wrong-mac', why, evidence: `ip link show ${name}` }
  }
  const why = `${name} took it in, and the IP layer never saw it: a filter below (tc, XDP, netdev) or an interface that is being taken down`
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
    const why = `the bridge ${bridge} is down`
    return { ...at, why, evidence: `ip link show ${bridge}` }
  }
  if (port && port.state !== 'forwarding') {
    const why = `the port ${from} of ${bridge} is ${port.state}: it passes nothing on`
    return { ...at, why, evidence: `bridge link show dev ${from}` }
  }
  const known = state?.forwarding.find((entry) => entry.mac === mac && entry.bridge === bridge)
  const isolated = port?.isolated ? `, and ${from} is isolated from the other ports that are` : ''
  const why = known
    ? `${bridge} knows ${mac} behind ${known.port}, and did not send it there${isolated}`
    : `${bridge} has no port that could lead to ${mac}${isolated}`
  return { ...at, why, evidence: `bridge fdb show br ${bridge}` }
}

/** Broadcast or multicast: the lowest bit of the first octet. */
function isGroup(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1
}
