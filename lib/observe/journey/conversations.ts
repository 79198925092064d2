// From all packets of the world to the conversations of the command: those that its node began, with the answers to each.
import { message } from '../../language/message.ts'
import type { IpPacket } from '../capture/packet.ts'
import { dropOf } from './drop.ts'
import { dropOfSilence } from './drop-of-silence.ts'
import { hopsOf } from './hops.ts'
import type { Addresses, Conversation, Outcome, Way } from './journey.ts'
import type { Pass } from './passes.ts'
import { stepsOf, type Steps } from './steps.ts'
import { written } from './words.ts'
import { addressesOf, reversed, sameAddresses, type World } from './world.ts'

type Told = { readonly packet: IpPacket; readonly steps: Steps; readonly way: Way }

export function conversationsOf(world: World): readonly Conversation[] {
  const begun: { readonly addresses: Addresses; readonly keys: string[] }[] = []
  for (const { node, key, visits } of world.passes) {
    const packet = visits[0]?.before
    if (!packet || visits[0]?.hook !== 'output' || node !== world.evidence.from) continue
    const addresses = addressesOf(packet)
    const known = begun.find((each) => sameAddresses(each.addresses, addresses))
    if (known) known.keys.push(key)
    else if (begins(world, packet)) begun.push({ addresses, keys: [key] })
  }
  return begun.map(({ keys }) => conversationOf(world, [...new Set(keys)]))
}

/** Not what answers somebody else, nor the middle of what went on before. */
function begins(world: World, packet: IpPacket): boolean {
  const { icmp, flags, protocol } = packet
  if (isOfTheKernel(packet)) return false
  if (protocol === 'tcp') return flags === 'S'
  if (icmp) return icmp.name === 'echo request'
  const answered = reversed(addressesOf(packet))
  const mine = world.passes.findIndex(({ key }) => key === packet.key)
  return !world.passes
    .slice(0, mine)
    .some(({ visits }) => visits.some(({ before }) => sameAddresses(addressesOf(before), answered)))
}

/** Group memberships, which the kernel tells by itself (RFC 9777, RFC 2236): hop-by-hop options are theirs. */
function isOfTheKernel({ protocol }: IpPacket): boolean {
  return protocol === '0' || protocol === '2'
}

/** Packets of a conversation, in each direction, that are looked at: what goes wrong does so early. */
const most = 50

function conversationOf(world: World, keys: readonly string[]): Conversation {
  const { exitCode, lost } = world.evidence
  // What was lost and sent again is told only when the command gave up; and where hops are missing, nothing of it can be said.
  const gaveUp = exitCode !== 0 && lost.length === 0
  const requests = tellAll(world, keys)
  const [first] = requests
  if (!first) throw new Error('a conversation without a packet')
  const arrived = requests.find(({ way }) => way.drop === null)
  const dropped = requests.find(({ way }) => way.drop !== null)
  const request = (gaveUp ? (dropped ?? arrived) : (arrived ?? dropped)) ?? first
  const seen = [...everyAddress((arrived ?? request).steps), ...everyAddress(request.steps)]
  const replies = answersTo(world, seen)
  const answer = answerOf(request, tellAll(world, replies), gaveUp)
  const more = keys.length + replies.length - (answer ? 2 : 1)
  const drop =
    request.way.drop ??
    (answer
      ? (answer.way.drop ?? refusalOf(world, answer, request) ?? strangerOf(answer, request))
      : dropOfSilence(world, request.steps))
  return {
    protocol: request.way.packet.protocol,
    outcome: outcomeOf(request, drop),
    drop,
    request: request.way,
    answer: answer?.way ?? null,
    more,
  }
}

function tellAll(world: World, keys: readonly string[]): readonly Told[] {
  return keys.slice(0, most).flatMap((key) => tell(world, key) ?? [])
}

/** To a packet that was dropped, only an error message is one. */
function answerOf(request: Told, answers: readonly Told[], gaveUp: boolean): Told | undefined {
  if (request.way.drop) return answers.find(({ packet }) => isError(packet))
  const dropped = answers.find(({ way }) => way.drop !== null)
  return gaveUp && dropped ? dropped : answers[0]
}

function outcomeOf(request: Told, drop: Way['drop']): Outcome {
  if (!drop) return 'answered'
  if (request.way.drop) return 'dropped'
  if (drop.reason === 'refused') return 'refused'
  return drop.reason === 'no-answer' || drop.reason === 'echo-ignored' ? 'unanswered' : 'dropped'
}

function tell(world: World, key: string): Told | undefined {
  const steps = stepsOf(world, key)
  const packet = steps.steps
    .map((step) => (step.kind === 'pass' ? step.pass.visits[0]?.before : step.ethernet.ip))
    .find((each) => each !== undefined)
  if (!packet) return undefined
  const way = {
    what: nameOf(packet),
    packet: addressesOf(packet),
    length: packet.length,
    hops: hopsOf(world, steps),
    drop: dropOf(world, steps),
  }
  return { packet, steps, way }
}

/** All addresses that the packet had on its way. */
function everyAddress({ steps }: Steps): readonly Addresses[] {
  const packets = steps.flatMap((step) =>
    step.kind === 'pass'
      ? step.pass.visits.flatMap(({ before, after }) => (after ? [before, after] : [before]))
      : step.ethernet.ip
        ? [step.ethernet.ip]
        : [],
  )
  return packets.map(addressesOf)
}

/** What somebody sent in the opposite direction, or about it, each packet once. */
function answersTo(world: World, seen: readonly Addresses[]): readonly string[] {
  const turned = seen.map(reversed)
  const keys = new Set<string>()
  for (const { visits } of world.passes) {
    const packet = visits[0]?.before
    if (!packet || visits[0]?.hook !== 'output') continue
    const about = aboutOf(world, packet)
    const isAnswer = turned.some((addresses) => sameAddresses(addresses, addressesOf(packet)))
    const isEcho = packet.icmp?.name === 'echo request'
    const isAbout =
      about !== undefined && seen.some((addresses) => concerns(addresses, addressesOf(about)))
    if ((isAnswer && !isEcho) || isAbout) keys.add(packet.key)
  }
  return [...keys]
}

/** A trace has too little of an error to tell which packet it is about: a frame has all. */
function aboutOf(world: World, { icmp, key }: IpPacket): IpPacket | undefined {
  if (!icmp) return undefined
  return world.seen.find(({ ethernet: { ip } }) => ip?.key === key && ip.icmp?.about)?.ethernet.ip
    ?.icmp?.about
}

function concerns(addresses: Addresses, about: Addresses): boolean {
  if (about.sourcePort !== undefined) return sameAddresses(addresses, about)
  return addresses.source === about.source && addresses.destination === about.destination
}

function refusalOf(world: World, told: Told | undefined, request: Told): Way['drop'] {
  const node = request.steps.steps.findLast((step) => step.kind === 'pass')?.pass.node ?? ''
  if (!told || !world.state(node)) return null
  const { destinationPort: port, protocol } = request.packet
  const at = { node, where: protocol === 'tcp' ? 'TCP' : protocol.toUpperCase() }
  const target = finalPort(request.steps) ?? port
  if (told.packet.flags?.includes('R')) {
    const why = message(
      'it arrived at {node}, where nothing listens on TCP port {port}: the kernel refuses with a reset (RST)',
      { node, port: target ?? '?' },
    )
    return { ...at, reason: 'refused', why, evidence: `RST from ${told.way.packet.source}` }
  }
  if (told.packet.icmp?.name === 'port unreachable') {
    const why = message(
      'it arrived at {node}, where nothing listens on UDP port {port}: the kernel says so with ICMP',
      { node, port: target ?? '?' },
    )
    return {
      ...at,
      reason: 'refused',
      why,
      evidence: `ICMP port unreachable from ${told.way.packet.source}`,
    }
  }
  return null
}

/** An answer that arrived under another address than was asked: it went past whoever would have turned it back. */
function strangerOf(told: Told | undefined, request: Told): Way['drop'] {
  const last = told?.steps.steps.at(-1)
  const arrived = last?.kind === 'pass' ? last.pass.visits.at(-1)?.after : undefined
  if (!arrived || last?.kind !== 'pass' || isError(arrived)) return null
  const asked = request.way.packet
  const answer = addressesOf(arrived)
  if (sameAddresses(reversed(asked), answer)) return null
  const why = message(
    "the program asked {asked}, and {address} answers: nobody on the way back turned the address back, so the answer is a stranger's and is refused",
    { asked: asked.destination, address: answer.source },
  )
  const evidence = `asked ${written(asked)}, answered ${written(answer)}`
  return { reason: 'stranger', node: last.pass.node, where: 'socket', why, evidence }
}

function finalPort({ steps }: Steps): number | undefined {
  const pass: Pass | undefined = steps.findLast((step) => step.kind === 'pass')?.pass
  return pass?.visits.at(-1)?.before.destinationPort
}

function isError({ icmp, flags }: IpPacket): boolean {
  // Echoes have an id, and neighbour discovery is not among the packets here.
  return (icmp !== undefined && icmp.id === undefined) || (flags?.includes('R') ?? false)
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
