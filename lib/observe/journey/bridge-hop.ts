// Tells what a bridge did with a frame: sent it to the one port that it knows for the address, to all ports, or up to the host itself.
import type { BridgeHop } from './journey.ts'
import { placeOf, type Steps } from './steps.ts'
import { isBridged, type Step } from './tree.ts'
import type { World } from './world.ts'

/** For the step by which the frame reaches the bridge, from a port or from the host; else undefined. */
export function bridgeHop(
  world: World,
  { steps, copies }: Pick<Steps, 'steps' | 'copies'>,
  index: number,
): BridgeHop | undefined {
  const step = steps[index]
  if (step?.kind !== 'frame') return undefined
  const { node, ifindex, direction } = step.frame
  const device = world.device(node, ifindex)
  const port = world.portOf(node, device?.name)
  const from = direction === 'in' && port ? port.device : null
  const bridge = from !== null ? port?.bridge : device?.type === 'bridge' ? device.name : undefined
  if (bridge === undefined || (from === null && direction === 'in')) return undefined
  // Where the bridge hands the frame to iptables, a pass through the hooks lies in between.
  const between = steps[index + 1]
  const skipped = between?.kind === 'pass' && isBridged(world, between.pass) ? 1 : 0
  const branches = copies.filter(({ after }) => after > index && after <= index + 1 + skipped)
  const next = [steps[index + 1 + skipped], ...branches.map(({ steps: [first] }) => first)]
  const to = [...new Set(next.flatMap((each) => portTaken(world, each, node, bridge)))]
  const up = from !== null && next.some((each) => isHandedUp(world, each, node, bridge))
  // Neither up nor out: the bridge is where it ended, and its drop says why.
  if (to.length === 0 && !up) return undefined
  const { destinationMac } = step.ethernet
  const known = isKnown(world, node, bridge, destinationMac)
  return {
    kind: 'bridge',
    node,
    bridge,
    from,
    to,
    how: to.length === 0 ? 'up' : known ? 'known' : 'flooded',
    destinationMac,
    isOwnMac: world.state(node)?.devices.some(({ mac }) => mac === destinationMac) ?? false,
    ignoredBy:
      to.length < 2
        ? []
        : copies.flatMap(({ after, end, steps: own }) => {
            const last = own.at(-1)
            return after > index && end === 'ignored' && last ? [placeOf(last)] : []
          }),
  }
}

function portTaken(
  world: World,
  step: Step | undefined,
  node: string,
  bridge: string,
): readonly string[] {
  if (step?.kind !== 'frame' || step.frame.node !== node || step.frame.direction === 'in') return []
  const port = world.portOf(node, world.device(node, step.frame.ifindex)?.name)
  return port?.bridge === bridge ? [port.device] : []
}

function isHandedUp(world: World, step: Step | undefined, node: string, bridge: string): boolean {
  if (step?.kind === 'pass') return !isBridged(world, step.pass)
  if (step?.frame.node !== node || step.frame.direction === 'out') return false
  return world.device(node, step.frame.ifindex)?.name === bridge
}

function isKnown(world: World, node: string, bridge: string, mac: string): boolean {
  const entries = world.state(node)?.forwarding ?? []
  return entries.some((entry) => entry.mac === mac && entry.bridge === bridge)
}
