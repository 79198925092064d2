// Joins the packets of the world to the conversations of the command: those that its node began, with the answers to each.
import type { IpPacket } from '../capture/packet.ts'
import { lossOfSilence } from './drop/at-socket.ts'
import { refusalAt } from './drop/refusal.ts'
import { dropOf, lossOf, placeOf } from './drop/drop.ts'
import { afterSnat } from './drop/rewriting.ts'
import type { Finding } from './drop/finding.ts'
import { afterHandshake, answerLoss, untracked, type Followed } from './drop/of-answer.ts'
import { hopsOf } from './hops.ts'
import type { Addresses, Conversation, Drop, Outcome, Way } from './journey.ts'
import type { Pass } from './passes.ts'
import { isGroup, stepsOf, type Steps } from './steps.ts'
import { keyOf } from './tree.ts'
import { addressesOf, isError, reversed, sameAddresses, type World } from './world.ts'

/** Those that `from` began; where it sent nothing, those that a program elsewhere began. */
export function conversationsOf(world: World): readonly Conversation[] {
  const own = begunOn(world, (node) => node === world.evidence.from)
  const begun = own.length > 0 ? own : begunOn(world, (node) => node !== world.evidence.from)
  const all = new Set(begun.flat())
  world.start = world.seen.find((seen) => all.has(keyOf(seen) ?? ''))?.frame.at ?? world.start
  return begun.map((keys) => conversationOf(world, [...new Set(keys)]))
}

function begunOn(world: World, wanted: (node: string) => boolean): readonly (readonly string[])[] {
  const begun: { readonly addresses: Addresses; readonly keys: string[] }[] = []
  const add = (packet: IpPacket) => {
    const addresses = addressesOf(packet)
    const known = begun.find((each) => sameAddresses(each.addresses, addresses))
    if (known) known.keys.push(packet.key)
    else if (begins(world, packet)) begun.push({ addresses, keys: [packet.key] })
  }
  for (const { node, visits } of world.passes) {
    const packet = visits[0]?.before
    if (packet && visits[0]?.hook === 'output' && wanted(node)) add(packet)
  }
  // A program may send below the IP layer (AF_PACKET): then no hook has seen it.
  const hooked = new Set(world.passes.map(({ key }) => key))
  // Of a flood, each of thousands of frames would look for it.
  const first = new Map(world.seen.toReversed().map((each) => [each.ethernet.ip?.key, each.frame]))
  for (const { frame, ethernet } of world.seen) {
    const { ip } = ethernet
    if (ip && frame.direction === 'out' && wanted(frame.node) && !hooked.has(ip.key)) {
      hooked.add(ip.key)
      if (first.get(ip.key) === frame) add(ip)
    }
  }
  return begun.map(({ keys }) => keys)
}

/** Not what answers somebody else, nor the middle of what went on before, nor the packets of a tunnel. */
function begins(world: World, packet: IpPacket): boolean {
  const { icmp, flags, protocol } = packet
  if (isOfTheKernel(packet) || world.isTunnel(packet.key) || toTunnel(world, packet)) return false
  if (protocol === 'tcp') return flags?.replace(/[EW]/g, '') === 'S'
  if (icmp) return icmp.name === 'echo request'
  const answered = reversed(addressesOf(packet))
  const mine = world.passes.findIndex(({ key }) => key === packet.key)
  return !world.passes
    .slice(0, Math.max(0, mine))
    .some(({ visits }) => visits.some(({ before }) => sameAddresses(addressesOf(before), answered)))
}

/** A datagram to the port of a tunnel that its own node has. */
function toTunnel(world: World, { protocol, source, destinationPort }: IpPacket): boolean {
  return (
    protocol === 'udp' &&
    world
      .owners(source)
      .some(({ node }) =>
        world.state(node)?.devices.some(({ vxlan }) => vxlan?.port === destinationPort),
      )
  )
}

/** Group memberships, which the kernel announces by itself (RFC 9777, RFC 2236), with hop-by-hop options. */
function isOfTheKernel({ protocol }: IpPacket): boolean {
  return protocol === '0' || protocol === '2'
}

/** Packets of a conversation, in each direction, that are looked at: what goes wrong does so early. */
const most = 50
/** How many further packets keep their ways, besides the request and the answer. */
const mostOthers = 8

function conversationOf(world: World, keys: readonly string[]): Conversation {
  const { exitCode, lost } = world.evidence
  // A packet that was lost and sent again is shown only when the command gave up. Where hops are missing, no loss is claimed.
  const gaveUp = exitCode !== 0 && lost.length === 0
  const requests = followAll(world, keys, 'request')
  const [first] = requests
  if (!first) throw new Error('a conversation without a packet')
  const arrived = requests.find(({ way }) => way.drop === null)
  const dropped = requests.find(({ way }) => way.drop !== null)
  const request = (gaveUp ? (dropped ?? arrived) : (arrived ?? dropped)) ?? first
  const answering = answersTo(world, [arrived ?? request, request])
  const replies = followAll(world, answering, 'answer')
  const count = {
    request: requests.length + beyond(keys),
    answer: replies.length + beyond(answering),
  }
  const answer = answerOf(world, request, replies, gaveUp)
  const ended = gaveUp && answer ? afterHandshake(world, request, requests, replies) : undefined
  const drop = dropIn(world, request, answer, ended)
  const others = [...requests, ...replies]
    .filter((each) => each !== request && each !== answer)
    .map(({ way }) => way)
    .toSorted((a, b) => a.at - b.at)
  return {
    protocol: request.way.packet.protocol,
    outcome: outcomeOf(request, drop),
    drop,
    request: request.way,
    answer: answer?.way ?? null,
    others: others.slice(0, mostOthers),
    more: others.length + beyond(keys) + beyond(answering),
    count,
  }
}

/** How many of them are not looked at. */
function beyond({ length }: readonly string[]): number {
  return Math.max(0, length - most)
}

function dropIn(
  world: World,
  request: Followed,
  answer: Followed | undefined,
  ended: Finding | undefined,
): Drop | null {
  if (request.way.drop) return request.way.drop
  const { steps, way } = answer ?? request
  const place = placeOf(world, steps, way.hops.length)
  if (!answer) {
    const last = request.steps.steps.at(-1)
    const packet = last?.kind === 'pass' ? last.pass.visits.at(-1)?.after : undefined
    if (last?.kind !== 'pass' || !packet) return null
    const loss = lossOfSilence(world, lossOf, last.pass, packet)
    return { ...(untracked(world, request, loss) ?? loss), place }
  }
  if (answer.way.drop) return { ...afterSnat(world, request.steps, answer.way), place }
  const refusal = refusalIn(world, answer, request) ?? answerLoss(world, answer, request) ?? ended
  const at = { node: place.node, where: 'socket', remedy: null, checked: [] }
  return refusal ? { ...at, ...refusal, place } : null
}

function followAll(
  world: World,
  keys: readonly string[],
  direction: Way['direction'],
): readonly Followed[] {
  return keys.slice(0, most).flatMap((key) => follow(world, key, direction) ?? [])
}

/** To a packet that was dropped, only an error message is one. */
function answerOf(
  world: World,
  request: Followed,
  answers: readonly Followed[],
  gaveUp: boolean,
): Followed | undefined {
  if (request.way.drop) return answers.find(({ packet }) => isError(packet))
  const dropped = answers.find(({ way }) => way.drop !== null)
  if (gaveUp && dropped) return dropped
  const good = answers.find(
    (each) => each.way.drop === null && !isError(each.packet) && !answerLoss(world, each, request),
  )
  return good ?? answers[0]
}

function outcomeOf(request: Followed, drop: Drop | null): Outcome {
  if (!drop) return 'answered'
  if (request.way.drop) return 'dropped'
  if (drop.reason === 'refused') return 'refused'
  const silent = ['no-answer', 'ignored', 'echo-ignored', 'backlog']
  return silent.includes(drop.reason) ? 'unanswered' : 'dropped'
}

function follow(world: World, key: string, direction: Way['direction']): Followed | undefined {
  const steps = stepsOf(world, key)
  const packet = steps.steps
    .map((step) => (step.kind === 'pass' ? step.pass.visits[0]?.before : step.ethernet.ip))
    .find((each) => each?.key === key)
  if (!packet) return undefined
  const hops = hopsOf(world, steps)
  const way = {
    what: nameOf(packet),
    direction,
    at: hops[0]?.at ?? 0,
    packet: addressesOf(packet),
    length: packet.length,
    hops,
    copies: steps.copies.map(({ after, steps: own, end }) => {
      const shared = steps.steps.slice(0, after)
      return {
        after: hopsOf(world, { steps: shared, copies: [] }).length - 1,
        hops: hopsOf(world, { steps: [...shared, ...own], copies: [] }, after),
        end,
      }
    }),
    drop: dropOf(world, steps, hops.length),
  }
  return { packet, steps, way }
}

/** All addresses that the packet had on its way, without those of tunnels. */
function everyAddress({ steps }: Steps): readonly Addresses[] {
  const packets = steps.flatMap((step) =>
    step.outer
      ? []
      : step.kind === 'pass'
        ? step.pass.visits.flatMap(({ before, after }) => (after ? [before, after] : [before]))
        : step.ethernet.ip
          ? [step.ethernet.ip]
          : [],
  )
  return packets.map(addressesOf)
}

/** What somebody sent in the opposite direction, or about it, each packet once. */
function answersTo(world: World, requests: readonly Followed[]): readonly string[] {
  const seen = requests.flatMap(({ steps }) => everyAddress(steps))
  const turned = seen.map(reversed)
  const toMany = requests.some(({ steps }) =>
    steps.steps.some((step) => step.kind === 'frame' && isGroup(step.ethernet.destinationMac)),
  )
  const reached = new Set(requests.flatMap(({ steps }) => receiversOf(steps)))
  const asked = new Set(requests.map(({ packet }) => packet.key))
  const framed = new Set(world.seen.map(keyOf))
  const keys = new Set<string>()
  for (const { node, visits } of world.passes) {
    const packet = visits[0]?.before
    if (!packet || visits[0]?.hook !== 'output' || asked.has(packet.key)) continue
    const addresses = addressesOf(packet)
    const about = aboutOf(world, packet)
    const isEcho = packet.icmp?.name === 'echo request'
    const isAnswer = turned.some((each) => sameAddresses(each, addresses))
    // Of a broadcast everybody answers as himself; and a server may answer under another address than it was asked at.
    const isLike =
      (toMany || reached.has(node)) &&
      packet.protocol !== 'tcp' &&
      turned.some((each) => sameAddresses({ ...each, source: addresses.source }, addresses))
    const isAbout = about !== undefined && seen.some((each) => concerns(each, addressesOf(about)))
    // A refusal that its own node dropped was in no frame, and a trace does not contain the packet that it refuses.
    const isUnsent =
      isError(packet) &&
      packet.protocol === 'icmp' &&
      reached.has(node) &&
      !framed.has(packet.key) &&
      turned.some(({ destination }) => destination === packet.destination)
    if (isRedirect(packet)) continue
    if (((isAnswer || isLike) && !isEcho) || isAbout || isUnsent) keys.add(packet.key)
  }
  return [...keys]
}

function receiversOf({ steps, copies }: Steps): readonly string[] {
  const ends = [steps.at(-1), ...copies.map((copy) => copy.steps.at(-1))]
  return ends.flatMap((step) => (step?.kind === 'pass' ? [step.pass.node] : []))
}

/** A router that knows a shorter way has sent the packet on all the same. */
function isRedirect({ icmp, family }: IpPacket): boolean {
  return icmp?.type === (family === 6 ? 137 : 5)
}

/** A trace has only the start of an ICMP error, without the packet that caused it; a frame has all of it. */
function aboutOf(world: World, { icmp, key }: IpPacket): IpPacket | undefined {
  if (!icmp || icmp.id !== undefined) return undefined
  return world.seen.find(({ ethernet: { ip } }) => ip?.key === key && ip.icmp?.about)?.ethernet.ip
    ?.icmp?.about
}

function concerns(addresses: Addresses, about: Addresses): boolean {
  if (about.sourcePort !== undefined) return sameAddresses(addresses, about)
  return addresses.source === about.source && addresses.destination === about.destination
}

function refusalIn(world: World, { packet, way }: Followed, request: Followed) {
  const isReset = packet.flags?.includes('R') ?? false
  if (!isReset && packet.icmp?.name !== 'port unreachable') return null
  const pass: Pass | undefined = request.steps.steps.findLast((step) => step.kind === 'pass')?.pass
  const arrived = pass?.visits.at(-1)?.before
  if (!pass || !arrived) return null
  const what = isReset ? 'RST' : 'ICMP port unreachable'
  const input = world.device(pass.node, pass.input)?.name
  return refusalAt(world, pass.node, arrived, `${what} from ${way.packet.source}`, input)
}

const flagNames: Readonly<Record<string, string>> = {
  S: 'TCP SYN',
  'S.': 'TCP SYN+ACK',
  'R.': 'TCP RST',
  R: 'TCP RST',
}

function nameOf({ protocol, icmp, flags, family }: IpPacket): string {
  if (icmp) return `ICMP${family === 6 ? 'v6' : ''} ${icmp.name}`
  if (flags !== undefined) return flagNames[flags] ?? `TCP [${flags}]`
  return /^\d+$/.test(protocol) ? `IP protocol ${protocol}` : protocol.toUpperCase()
}
