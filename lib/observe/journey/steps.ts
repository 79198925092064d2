// Puts what was seen of one packet in order: its frames by the kernel's clock, and between them its passes through the hooks.
import type { Pass } from './passes.ts'
import type { Seen, World } from './world.ts'

export type Step =
  | ({ readonly kind: 'frame' } & Seen)
  | { readonly kind: 'pass'; readonly pass: Pass }

export type Steps = {
  readonly steps: readonly Step[]
  /** Frames that were for somebody else: `ns2:eth0`. */
  readonly ignoredBy: readonly string[]
}

/** The first time that a packet with this key went its way. */
export function stepsOf(world: World, key: string): Steps {
  const all = once(world.seen.filter(({ ethernet }) => ethernet.ip?.key === key))
  const ignored = all.filter((seen) => isIgnored(world, seen))
  const frames = all.filter((seen) => !ignored.includes(seen))
  const waiting = firstPasses(world, key)
  const steps: Step[] = []
  const take = (wanted: (pass: Pass) => boolean) => {
    const index = waiting.findIndex(wanted)
    if (index >= 0) for (const pass of waiting.splice(index, 1)) steps.push({ kind: 'pass', pass })
  }
  take(({ input }) => input === null)
  for (const seen of frames) {
    const { node, direction, ifindex } = seen.frame
    steps.push({ kind: 'frame', ...seen })
    if (direction === 'out') continue
    // A bridge that hands its frames to iptables names itself as the interface, and no frame is seen on it.
    const bridge = world.bridgeOf(node, ifindex)
    const handsOver = bridge !== null && !frames.some((other) => isOn(world, other, node, bridge))
    take(
      (pass) =>
        pass.node === node &&
        (pass.input === ifindex || (handsOver && world.device(node, pass.input)?.name === bridge)),
    )
  }
  for (const pass of waiting) steps.push({ kind: 'pass', pass })
  const ignoredBy = ignored.map(({ frame }) => `${frame.node}:${frame.interface}`)
  return { steps, ignoredBy }
}

/** Up to the second time that it is on the same interface: what is sent again may look the same. */
function once(frames: readonly Seen[]): readonly Seen[] {
  const places = new Set<string>()
  const end = frames.findIndex(({ frame, ethernet }) => {
    const place = `${frame.node} ${frame.ifindex} ${frame.direction} ${ethernet.ip?.ttl}`
    if (places.has(place)) return true
    places.add(place)
    return false
  })
  return end < 0 ? frames : frames.slice(0, end)
}

/** A copy that a bridge flooded to a node which is not meant: that one's kernel throws it away. */
function isIgnored(world: World, { frame }: Seen): boolean {
  const device = world.device(frame.node, frame.ifindex)
  return (
    frame.direction === 'in' &&
    frame.otherHost &&
    device?.master === null &&
    device.type !== 'bridge'
  )
}

function firstPasses(world: World, key: string): Pass[] {
  const passes = world.passes.filter((pass) => pass.key === key)
  const places = new Set<string>()
  return passes.filter(({ node, input, visits }) => {
    const place = `${node} ${input} ${visits[0]?.before.ttl}`
    if (places.has(place)) return false
    places.add(place)
    return true
  })
}

function isOn(world: World, { frame }: Seen, node: string, device: string): boolean {
  return (
    frame.node === node &&
    frame.direction === 'in' &&
    world.device(node, frame.ifindex)?.name === device
  )
}
