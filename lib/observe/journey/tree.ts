// Joins what was seen of one packet to a tree: its frames by the kernel's clock, its passes through the hooks between them, and a
// branch for each copy.
import type { Pass } from './passes.ts'
import type { Seen, World } from './world.ts'

export type FrameStep = {
  readonly kind: 'frame'
  /** Whether it is the packet of a tunnel that carries the followed packet. */
  readonly outer: boolean
} & Seen

export type PassStep = { readonly kind: 'pass'; readonly outer: boolean; readonly pass: Pass }

export type Step = FrameStep | PassStep

export type Twig = { readonly step: Step; readonly parent: Twig | null; children: number }

export class Tree {
  readonly twigs: Twig[] = []
  repeated = 0
  readonly #world: World
  readonly #passes: { readonly pass: Pass; readonly outer: boolean }[]

  constructor(world: World, key: string) {
    this.#world = world
    const frames = world.seen.flatMap((seen) => {
      const outer = carries(seen, key)
      return outer || keyOf(seen) === key ? [{ ...seen, kind: 'frame' as const, outer }] : []
    })
    const outerKeys = new Set([
      ...frames.filter(({ outer }) => outer).map(keyOf),
      ...unsentTunnels(world, frames),
    ])
    this.#passes = firstPasses(
      world.passes.filter((pass) => pass.key === key || outerKeys.has(pass.key)),
    ).map((pass) => ({ pass, outer: pass.key !== key }))
    this.#addPasses(null, ({ pass, outer }) => pass.input === null && !outer)
    for (const frame of this.#first(frames)) {
      if (frame.outer && frame.frame.direction === 'out') this.#addOuterPass(frame)
      const twig = this.#add(frame, this.#parentOf(frame))
      if (frame.frame.direction === 'in')
        this.#addPasses(twig, (each) => this.#enters(frame, each, frames))
    }
    this.#addPasses(this.#lastInner() ?? null, ({ pass, outer }) => outer && pass.input === null)
    // What came in without a frame: the sender's own copy of a broadcast, or what no listener could see.
    for (const each of this.#passes.splice(0)) {
      const own = this.twigs.find(
        ({ step }) =>
          step.kind === 'pass' && step.pass.node === each.pass.node && step.pass.input === null,
      )
      this.#add({ kind: 'pass', ...each }, own ?? this.twigs.at(-1) ?? null)
    }
  }

  /** Each only once at one place with one time to live. */
  #first(frames: readonly FrameStep[]): readonly FrameStep[] {
    const places = new Set<string>()
    return frames.filter(({ frame, ethernet, outer }) => {
      const ttl = ethernet.ip?.tunnel && outer ? '' : ethernet.ip?.ttl
      const place = `${frame.node} ${frame.ifindex} ${frame.direction} ${ttl} ${outer}`
      if (places.has(place)) this.repeated += 1
      const isNew = !places.has(place)
      places.add(place)
      return isNew
    })
  }

  #add(step: Step, parent: Twig | null): Twig {
    const twig = { step, parent, children: 0 }
    if (parent) parent.children += 1
    this.twigs.push(twig)
    return twig
  }

  #addPasses(
    parent: Twig | null,
    wanted: (each: { readonly pass: Pass; readonly outer: boolean }) => boolean,
  ): void {
    const index = this.#passes.findIndex(wanted)
    if (index < 0) return
    for (const each of this.#passes.splice(index, 1)) this.#add({ kind: 'pass', ...each }, parent)
  }

  /** The tunnel's packet is a packet of the node's own: it begins where the inner one went into the tunnel. */
  #addOuterPass({ frame, ethernet }: FrameStep): void {
    const own = this.#passes.findIndex(
      ({ pass, outer }) =>
        outer && pass.input === null && pass.node === frame.node && pass.key === ethernet.ip?.key,
    )
    if (own < 0) return
    const inside = this.#lastInner()
    for (const each of this.#passes.splice(own, 1))
      this.#add({ kind: 'pass', ...each }, inside ?? this.twigs.at(-1) ?? null)
  }

  #lastInner(): Twig | undefined {
    return this.#last(
      ({ step, children }) =>
        children === 0 && step.kind === 'frame' && !step.outer && step.frame.direction === 'out',
    )
  }

  #enters(
    { frame, ethernet, outer }: FrameStep,
    each: { readonly pass: Pass; readonly outer: boolean },
    frames: readonly FrameStep[],
  ): boolean {
    const { pass } = each
    if (pass.node !== frame.node || each.outer !== outer || pass.input === null) return false
    if (pass.visits[0]?.before.ttl !== ethernet.ip?.ttl) return false
    if (pass.input === frame.ifindex) return true
    // A bridge that hands its frames to iptables names itself as the interface, and no frame is seen on it.
    const bridge = this.#world.bridgeOf(frame.node, frame.ifindex)
    return (
      bridge !== null &&
      this.#world.device(frame.node, pass.input)?.name === bridge &&
      !frames.some(
        (other) =>
          other.frame.node === frame.node &&
          other.frame.direction === 'in' &&
          other.frame.ifindex === pass.input &&
          other.ethernet.ip?.ttl === ethernet.ip?.ttl,
      )
    )
  }

  #parentOf(step: FrameStep): Twig | null {
    const likely = step.frame.direction === 'in' ? this.#sourceOf(step) : this.#originOf(step)
    if (likely) return likely
    // Nothing of the kernel's says where it came from: from the last that went out and came in nowhere.
    const loose = this.twigs.findLast(
      ({ step: other, children }) =>
        children === 0 && other.kind === 'frame' && other.frame.direction === 'out',
    )
    return loose ?? this.twigs.at(-1) ?? null
  }

  /** Of a frame that came in: the other end of the veth, the port of the bridge, the parent of a macvlan, the tunnel. */
  #sourceOf({ frame, outer }: FrameStep): Twig | undefined {
    const { node } = frame
    const device = this.#world.device(node, frame.ifindex)
    if (!device) return undefined
    if (device.vxlan && !outer) return this.#last(({ step }) => step.outer && nodeOf(step) === node)
    if (device.type === 'bridge')
      return this.#last(
        ({ step }) =>
          step.kind === 'frame' &&
          step.frame.node === node &&
          step.frame.direction === 'in' &&
          this.#world.bridgeOf(node, step.frame.ifindex) === device.name,
      )
    if (device.type === 'loopback') return this.#lastFrame(node, device.index, 'out', outer)
    const link = this.#world.linkOf(device)
    if (!link) return undefined
    const { index } = link.device
    if (device.type !== 'macvlan') return this.#lastFrame(link.node, index, 'out', outer)
    return (
      this.#lastFrame(link.node, index, 'in', outer) ??
      this.#last(
        ({ step }) =>
          step.kind === 'frame' && step.frame.direction === 'out' && step.outer === outer,
      )
    )
  }

  /** Of a frame that goes out: what the bridge took in, what a macvlan handed down, or the pass through the IP layer. */
  #originOf({ frame, outer }: FrameStep): Twig | undefined {
    const { node, ifindex } = frame
    const bridge = this.#world.bridgeOf(node, ifindex)
    if (bridge !== null)
      return this.#last(({ step }) => {
        if (nodeOf(step) !== node || step.outer !== outer) return false
        if (step.kind === 'pass')
          return (
            this.#world.device(node, step.pass.input)?.name === bridge &&
            isBridged(this.#world, step.pass)
          )
        const device = this.#world.device(node, step.frame.ifindex)
        if (step.frame.direction === 'out') return device?.name === bridge
        return this.#world.bridgeOf(node, step.frame.ifindex) === bridge
      })
    const child = this.#last(({ step }) => {
      if (step.kind !== 'frame' || step.frame.direction !== 'out' || step.outer !== outer)
        return false
      const device = this.#world.device(step.frame.node, step.frame.ifindex)
      const link = device?.type === 'macvlan' ? this.#world.linkOf(device) : undefined
      return link?.node === node && link.device.index === ifindex
    })
    return (
      child ??
      this.#last(
        ({ step }) =>
          step.kind === 'pass' &&
          step.outer === outer &&
          step.pass.node === node &&
          (step.pass.output === ifindex || step.pass.output === null),
      )
    )
  }

  #last(wanted: (twig: Twig) => boolean): Twig | undefined {
    return this.twigs.findLast(wanted)
  }

  #lastFrame(
    node: string,
    ifindex: number,
    direction: 'in' | 'out',
    outer: boolean,
  ): Twig | undefined {
    return this.#last(
      ({ step }) =>
        step.kind === 'frame' &&
        step.outer === outer &&
        step.frame.node === node &&
        step.frame.ifindex === ifindex &&
        step.frame.direction === direction,
    )
  }
}

/** Whether the hooks were called by the bridge (bridge-nf-call-iptables), and not by the IP layer. */
export function isBridged(world: World, { node, input, output, visits }: Pass): boolean {
  const device = world.device(node, input)
  if (device?.type !== 'bridge') return false
  const [first] = visits
  const forward = visits.find(({ hook }) => hook === 'forward')
  // A router takes one from the time to live, a bridge does not.
  if (forward)
    return forward.before.ttl === first?.before.ttl && (output === null || output === input)
  const seenInside = world.seen.some(
    ({ frame, ethernet }) =>
      frame.node === node &&
      frame.ifindex === input &&
      frame.direction === 'in' &&
      ethernet.ip?.key === first?.before.key,
  )
  return !seenInside && first?.hook === 'prerouting'
}

function nodeOf(step: Step): string {
  return step.kind === 'frame' ? step.frame.node : step.pass.node
}

export function keyOf({ ethernet: { ip, arp } }: Seen): string | undefined {
  return ip?.key ?? arp?.key
}

/** Whether it is a tunnel's packet with this one in it. */
function carries({ ethernet }: Seen, key: string): boolean {
  for (let inner = ethernet.ip?.tunnel?.inner; inner; inner = inner.ip?.tunnel?.inner)
    if ((inner.ip?.key ?? inner.arp?.key) === key) return true
  return false
}

/** The tunnel's packet of an inner one, where no frame of it was seen: by its length, and by the port of the tunnel. */
function unsentTunnels(world: World, frames: readonly FrameStep[]): readonly string[] {
  return frames.flatMap(({ frame, outer }) => {
    const vxlan = world.device(frame.node, frame.ifindex)?.vxlan
    if (outer || frame.direction === 'in' || !vxlan) return []
    const found = world.passes.find(({ node, visits: [first] }) => {
      const packet = first?.before
      if (node !== frame.node || first?.hook !== 'output' || packet?.protocol !== 'udp')
        return false
      const headers = packet.family === 4 ? 36 : 56
      return packet.destinationPort === vxlan.port && packet.length === frame.length + headers
    })
    return found && !world.isTunnel(found.key) ? [found.key] : []
  })
}

function firstPasses(passes: readonly Pass[]): readonly Pass[] {
  const places = new Set<string>()
  return passes.filter(({ node, input, visits, key }) => {
    const place = `${node} ${input} ${visits[0]?.before.ttl} ${key}`
    const isNew = !places.has(place)
    places.add(place)
    return isNew
  })
}
