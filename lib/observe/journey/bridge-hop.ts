// What a bridge did with a frame: to the one port that it knows for the address, to all of them, or up to the host itself.
import type { BridgeHop } from './journey.ts'
import type { Step, Steps } from './steps.ts'
import type { World } from './world.ts'

/** For the step by which the frame reaches the bridge, from a port or from the host; else undefined. */
export function bridgeHop(
  world: World,
  steps: Steps['steps'],
  index: number,
  ignoredBy: readonly string[],
): BridgeHop | undefined {
  const step = steps[index]
  if (step?.kind !== 'frame') return undefined
  const { node, ifindex, direction } = step.frame
  const device = world.device(node, ifindex)
  const fromPort = direction === 'in' && device?.master != null
  const fromHost = direction === 'out' && device?.type === 'bridge'
  const bridge = fromPort ? device.master : fromHost ? device.name : null
  if (bridge === null || device === undefined) return undefined
  const next = following(steps, index, node)
  const to = next.flatMap((frame) => {
    const port = world.device(node, frame.ifindex)
    return frame.direction === 'out' && port?.master === bridge ? [port.name] : []
  })
  const { destinationMac } = step.ethernet
  const up =
    fromPort &&
    (next.some((frame) => world.device(node, frame.ifindex)?.name === bridge) ||
      steps[index + 1]?.kind === 'pass')
  // Neither up nor out: the bridge is where it ended, and its drop says why.
  if (to.length === 0 && !up) return undefined
  return {
    kind: 'bridge',
    node,
    bridge,
    from: fromPort ? device.name : null,
    to,
    how:
      to.length === 0 ? 'up' : isKnown(world, node, bridge, destinationMac) ? 'known' : 'flooded',
    destinationMac,
    ignoredBy: to.length > 1 ? ignoredBy : [],
  }
}

function isKnown(world: World, node: string, bridge: string, mac: string): boolean {
  const entries = world.state(node)?.forwarding ?? []
  return entries.some((entry) => entry.mac === mac && entry.bridge === bridge)
}

/** The frames that follow on the node without a pass between them. */
function following(steps: Steps['steps'], index: number, node: string) {
  const frames: Extract<Step, { kind: 'frame' }>['frame'][] = []
  for (const step of steps.slice(index + 1)) {
    // Copies of a flood arrive elsewhere in between.
    if (step.kind === 'pass' && step.pass.node !== node) continue
    if (step.kind === 'pass') break
    if (step.frame.node === node) frames.push(step.frame)
    if (step.frame.node === node && step.frame.direction === 'in') break
  }
  return frames
}
