// Tells the steps of one packet as hops: what each node did with it, in the words of the field.
import type { Hop } from './journey.ts'
import { bridgeHop } from './bridge-hop.ts'
import { passHops } from './pass-hops.ts'
import type { Steps } from './steps.ts'
import type { World } from './world.ts'

export function hopsOf(world: World, { steps, ignoredBy }: Steps): readonly Hop[] {
  const hops: Hop[] = []
  for (const [index, step] of steps.entries()) {
    if (step.kind === 'pass') {
      hops.push(...passHops(world, step.pass, steps.slice(index + 1)))
      continue
    }
    const { frame, ethernet } = step
    const { node, ifindex, direction } = frame
    const device = world.device(node, ifindex)
    const bridge = bridgeHop(world, steps, index, ignoredBy)
    const before = steps[index - 1]
    const wasFlooded =
      before?.kind === 'frame' && before.frame.node === node && before.frame.direction === 'out'
    // The bridge's own device is told as a part of the bridge, and of the ports of a flood the bridge tells.
    const isOwnOutput = device?.type === 'bridge' && hasPorts(world, node, device.name)
    const told = !isOwnOutput && !(direction === 'out' && wasFlooded && device?.master !== null)
    if (told || isFirstOut(world, steps, index)) {
      hops.push({
        kind: direction === 'out' ? 'leaves' : 'enters',
        node,
        interface: device?.name ?? `interface ${ifindex}`,
        destinationMac: ethernet.destinationMac,
      })
    }
    if (bridge) hops.push(bridge)
  }
  return hops
}

function hasPorts(world: World, node: string, bridge: string): boolean {
  return world.state(node)?.ports.some((port) => port.bridge === bridge) ?? false
}

/** The port by which it first leaves, after the bridge's own device. */
function isFirstOut(world: World, steps: Steps['steps'], index: number): boolean {
  const [before, step] = [steps[index - 1], steps[index]]
  if (step?.kind !== 'frame' || before?.kind !== 'frame') return false
  const own = world.device(before.frame.node, before.frame.ifindex)
  return step.frame.direction === 'out' && own?.type === 'bridge'
}
