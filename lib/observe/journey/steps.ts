// Joins what was seen of one packet to a tree: its frames by the kernel's clock, its passes through the hooks between them, and a
// branch for each copy. The way to the place where it was meant to go is the packet's; all others are copies.
import type { Pass } from './passes.ts'
import type { World } from './world.ts'
import { type Step, type Twig, Tree, isBridged } from './tree.ts'

/** `own`: what the sender itself got of a broadcast. */
export type End = 'delivered' | 'ignored' | 'own' | 'lost'

export type Branch = {
  /** How many steps of the packet's way it shares. */
  readonly after: number
  readonly steps: readonly Step[]
  readonly end: End
}

export type Steps = {
  readonly steps: readonly Step[]
  readonly end: End
  readonly copies: readonly Branch[]
  /** Who got a copy and was not meant: `ns2:eth0`. */
  readonly ignoredBy: readonly string[]
  /** How often the same frame passed the same place again with the same time to live: a loop below the IP layer. */
  readonly repeated: number
}

/** The first time that a packet with this key went its way. */
export function stepsOf(world: World, key: string): Steps {
  const tree = new Tree(world, key)
  const leaves = tree.twigs.filter(({ children }) => children === 0)
  const ends = leaves.map((leaf) => ({ leaf, end: endOf(world, leaf, tree.twigs) }))
  const ignored = ends.filter(({ end }) => end === 'ignored')
  const main = mainOf(world, ends)
  const steps = pathTo(main.leaf)
  const copies = ends
    .filter(({ leaf }) => !steps.includes(leaf.step))
    .map(({ leaf, end }) => {
      const path = pathTo(leaf)
      const after = path.findIndex((step, index) => step !== steps[index])
      return { after: Math.max(0, after), steps: path.slice(Math.max(0, after)), end }
    })
  return {
    steps,
    end: main.end,
    copies,
    ignoredBy: ignored.map(({ leaf }) => placeOf(leaf.step)),
    repeated: tree.repeated,
  }
}

export function placeOf(step: Step): string {
  return step.kind === 'frame' ? `${step.frame.node}:${step.frame.interface}` : step.pass.node
}

/** Where it arrived; else where it was lost on the way to the owner of the hardware address; else where it went last. */
function mainOf(world: World, ends: readonly { readonly leaf: Twig; readonly end: End }[]) {
  const delivered = ends.filter(({ end }) => end === 'delivered')
  const answering = delivered.find(({ leaf }) => hasAnswered(world, leaf.step))
  const arrived = answering ?? delivered[0]
  if (arrived) return arrived
  const lost = ends.filter(({ end }) => end === 'lost')
  const meant = lost.find(({ leaf }) => leadsHome(world, leaf.step))
  const chosen = meant ?? lost.at(-1)
  if (chosen) return chosen
  // All copies were ignored: it ends where the last of them went out.
  const last = ends.findLast(({ end }) => end === 'ignored') ?? ends[0]
  if (!last) throw new Error('a packet without a step')
  let leaf = last.leaf
  while (last.end === 'ignored' && leaf.parent && !isOnBridge(world, leaf.step)) leaf = leaf.parent
  return { leaf, end: 'lost' as const }
}

/** A frame that left an interface, or that a port of a bridge took in. */
function isOnBridge(world: World, step: Step): boolean {
  if (step.kind === 'pass') return false
  const { node, ifindex, direction } = step.frame
  return direction === 'out' || world.bridgeOf(node, ifindex) !== null
}

/** Of several that got a broadcast: whether this one sent something back. */
function hasAnswered(world: World, step: Step): boolean {
  if (step.kind === 'frame') return false
  const { node, visits } = step.pass
  const got = visits.at(-1)?.before
  const from = world.passes.indexOf(step.pass)
  return world.passes.slice(from).some(({ node: sender, visits: [first] }) => {
    const sent = first?.before
    if (sender !== node || first?.hook !== 'output' || sent?.protocol !== got?.protocol)
      return false
    return (
      sent?.destination === got?.source &&
      sent?.icmp?.id === got?.icmp?.id &&
      sent?.icmp?.name !== 'echo request'
    )
  })
}

function leadsHome(world: World, step: Step): boolean {
  if (step.kind === 'pass') {
    const packet = step.pass.visits.at(-1)?.before
    return world.isOwn(step.pass.node, packet?.icmp?.neighbour ?? packet?.destination ?? '')
  }
  const { node, ifindex } = step.frame
  const device = world.device(node, ifindex)
  const other = device && world.linkOf(device)
  const target = step.ethernet.ip?.destination ?? step.ethernet.arp?.target ?? ''
  return [{ node, device }, other].some(
    (place) =>
      place?.device?.mac === step.ethernet.destinationMac ||
      (place && world.isOwn(place.node, target)),
  )
}

function endOf(world: World, { step, parent }: Twig, all: readonly Twig[]): End {
  // What a tunnel carried would have come out of it.
  if (step.outer) return 'lost'
  if (step.kind === 'pass') {
    const last = step.pass.visits.at(-1)
    // A trace has too few bytes to say for whom the question is.
    const asked = neighbourIn(all)
    if (
      asked !== undefined &&
      !wasForwarded(world, step.pass) &&
      isGroupAddress(last?.before.destination ?? '') &&
      !world.isOwn(step.pass.node, asked)
    )
      return 'ignored'
    if (last?.hook !== 'input' || !last.after) return 'lost'
    const sender = all[0]?.step
    const isOwn =
      parent !== null &&
      sender?.kind === 'pass' &&
      sender.pass.node === step.pass.node &&
      parent.step === sender
    return isOwn ? 'own' : 'delivered'
  }
  const { frame, ethernet } = step
  const device = world.device(frame.node, frame.ifindex)
  const isPort = world.portOf(frame.node, device?.name) !== undefined
  if (frame.direction === 'out' || isPort) return 'lost'
  if (ethernet.arp) {
    const { target, question } = ethernet.arp
    if (world.isOwn(frame.node, target)) return 'delivered'
    return question || frame.otherHost ? 'ignored' : 'lost'
  }
  const isHandedOn = device?.type === 'bridge' || device === undefined
  if (frame.otherHost) return isHandedOn ? 'lost' : 'ignored'
  return isGroup(ethernet.destinationMac) ? 'ignored' : 'lost'
}

/** A bridge that hands its frames to iptables forwards them by these hooks, for every receiver. */
function wasForwarded(world: World, pass: Pass): boolean {
  return isBridged(world, pass) || pass.visits.some(({ hook }) => hook === 'forward')
}

/** Of neighbour discovery: the address that is asked for. */
function neighbourIn(all: readonly Twig[]): string | undefined {
  for (const { step } of all)
    if (step.kind === 'frame' && step.ethernet.ip?.icmp?.neighbour !== undefined)
      return step.ethernet.ip.icmp.neighbour
  return undefined
}

function pathTo(leaf: Twig): Step[] {
  const path: Step[] = []
  for (let twig: Twig | null = leaf; twig; twig = twig.parent) path.unshift(twig.step)
  return path
}

/** Broadcast or multicast: the lowest bit of the first octet. */
export function isGroup(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1
}

/** A multicast address of IPv4 or IPv6. */
export function isGroupAddress(address: string): boolean {
  return address.includes(':') ? address.startsWith('ff') : /^2(2[4-9]|3\d)\./.test(address)
}
