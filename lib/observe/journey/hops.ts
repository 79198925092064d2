// Tells the steps of one packet as hops: what each node did with it, in the words of the field.
import { payloadOf } from '../capture/dissect.ts'
import { bridgeHop } from './bridge-hop.ts'
import type { Hop, HopKind } from './journey.ts'
import { passHops } from './pass-hops.ts'
import { type Steps } from './steps.ts'
import { isBridged, type FrameStep, type Step } from './tree.ts'
import { addressesOf, type World } from './world.ts'

/** @param before the steps before these, which have their hops already. */
export function hopsOf(
  world: World,
  { steps, copies }: Pick<Steps, 'steps' | 'copies'>,
  before = 0,
): readonly Hop[] {
  const hops: Hop[] = []
  let at = timeOf(
    world,
    steps.find((step) => step.kind === 'frame'),
  )
  const circle = circleOf(steps)
  for (const [index, step] of steps.entries()) {
    at = timeOf(world, step) ?? at
    if (index < before) continue
    if (circle && index >= circle.from && index < circle.to) {
      if (index === circle.from) hops.push({ ...loopHop(steps, circle), at: at ?? 0 })
      continue
    }
    for (const kind of hopsOfStep(world, { steps, copies }, index))
      hops.push({ ...kind, at: at ?? 0 })
  }
  return hops
}

function timeOf(world: World, step: Step | undefined): number | undefined {
  if (step?.kind !== 'frame') return undefined
  // In microseconds, and as short in JSON.
  return Math.round(Number(step.frame.at - world.start) / 1e3) / 1e3
}

function hopsOfStep(
  world: World,
  way: Pick<Steps, 'steps' | 'copies'>,
  index: number,
): readonly HopKind[] {
  const { steps } = way
  const step = steps[index]
  if (!step) return []
  const previous = steps[index - 1]
  if (step.kind === 'pass') {
    const own = passHops(world, step, steps.slice(index + 1))
    // The bridge decides after the hooks to which it handed the frame.
    const decided =
      isBridged(world, step.pass) && previous ? bridgeHop(world, way, index - 1) : undefined
    return decided ? [...own, decided] : own
  }
  const { frame, ethernet } = step
  const { node, ifindex, direction } = frame
  const device = world.device(node, ifindex)
  const name = device?.name ?? frame.interface
  const hops: HopKind[] = []
  const next = steps[index + 1]
  const handsOver = next?.kind === 'pass' && isBridged(world, next.pass)
  const bridge = handsOver ? undefined : bridgeHop(world, way, index)
  // The bridge's own device is shown as a part of the bridge.
  const isOwnOutput = device?.type === 'bridge' && world.portsOf(node, name).length > 0
  if (!isOwnOutput)
    hops.push({
      kind: direction === 'out' ? 'leaves' : 'enters',
      node,
      interface: name,
      sourceMac: ethernet.sourceMac,
      destinationMac: ethernet.destinationMac,
      bytes: frame.length,
      outer: step.outer,
      ttl: ethernet.ip?.ttl ?? null,
      head: payloadOf(frame.bytes, frame.hardware).subarray(0, 60).toString('hex'),
    })
  if (bridge) hops.push(bridge)
  const tunnel = tunnelHop(steps, index, name)
  if (!tunnel) return hops
  // What comes out of a tunnel enters its device, and then the bridge of that device.
  return direction === 'in' ? [tunnel, ...hops] : [...hops, tunnel]
}

/** Where the inner packet's steps become the outer one's, or the other way round. */
function tunnelHop(steps: readonly Step[], index: number, name: string): HopKind | undefined {
  const [before, step, next] = [steps[index - 1], steps[index], steps[index + 1]]
  if (step?.kind !== 'frame' || step.outer) return undefined
  const [how, other] =
    step.frame.direction === 'out' && next?.outer
      ? (['in', steps.slice(index).find(isOuterFrame)] as const)
      : step.frame.direction === 'in' && before?.outer
        ? (['out', steps.slice(0, index).findLast(isOuterFrame)] as const)
        : []
  const ip = other?.ethernet.ip
  if (!how || !ip?.tunnel) return undefined
  return {
    kind: 'tunnel',
    node: step.frame.node,
    interface: name,
    how,
    vni: ip.tunnel.vni,
    packet: addressesOf(ip),
  }
}

function isOuterFrame(step: Step): step is FrameStep {
  return step.kind === 'frame' && step.outer
}

type Circle = { readonly from: number; readonly to: number; readonly length: number }

/** The second and every further round of a packet that comes by the same interface with less time to live. */
export function circleOf(steps: readonly Step[]): Circle | undefined {
  const places = new Map<string, number[]>()
  for (const [index, step] of steps.entries()) {
    if (step.kind !== 'frame' || step.frame.direction === 'out') continue
    const place = `${step.frame.node} ${step.frame.ifindex} ${step.outer}`
    places.set(place, [...(places.get(place) ?? []), index])
  }
  const rounds = [...places.values()].find((indexes) => indexes.length > 2)
  const [first, second] = rounds ?? []
  const last = rounds?.at(-1)
  if (first === undefined || second === undefined || last === undefined) return undefined
  return { from: second, to: last, length: second - first }
}

function loopHop(steps: readonly Step[], { from, to, length }: Circle): HopKind {
  const round = steps.slice(from - length, from)
  const nodes = [
    ...new Set(round.map((step) => (step.kind === 'frame' ? step.frame.node : step.pass.node))),
  ]
  return { kind: 'loop', node: nodes[0] ?? '', nodes, times: Math.round((to - from) / length) + 1 }
}
