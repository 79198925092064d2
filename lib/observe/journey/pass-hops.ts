// One pass through the IP layer of a node as hops: the routing decision, the hooks with their rules, the connection's entry.
import type { IpPacket } from '../capture/packet.ts'
import type {
  AppliedRule,
  ConnectionHop,
  DeliveredHop,
  HookHop,
  HopKind,
  RouteHop,
  SentHop,
} from './journey.ts'
import { legacyTranslation } from './legacy.ts'
import { neighbourHop, routeOf } from './neighbour-hop.ts'
import type { Pass, Visit } from './passes.ts'
import { policiesTo, questionOf } from './question.ts'
import { isBridged, type PassStep, type Step } from './tree.ts'
import { addressesOf, reversed, sameAddresses, type World } from './world.ts'

export function passHops(
  world: World,
  { pass, outer }: PassStep,
  later: readonly Step[],
): readonly HopKind[] {
  const { node, visits } = pass
  const [first] = visits
  if (!first) return []
  const connection = connectionHop(world, pass)
  const begins = connection && connection.entry !== 'made' ? [connection] : []
  const ends = connection?.entry === 'made' ? [connection] : []
  const route = routeHop(world, pass)
  const hooks = new Map(
    visits.map((visit) => [visit.hook, hookHop(world, pass, visit, ends.length > 0)]),
  )
  const at = (hook: Visit['hook']): readonly HopKind[] => [hooks.get(hook)].filter((hop) => !!hop)
  if (first.hook === 'output') {
    const sent = outer
      ? { kind: 'sent' as const, node, by: 'kernel' as const, what: 'the packet of the tunnel' }
      : sentHop(node, first.before)
    // Another destination is looked up anew.
    const again = first.after !== null && first.after.destination !== first.before.destination
    return [
      sent,
      ...(again ? [] : route),
      ...begins,
      ...at('output'),
      ...(again ? route : []),
      ...at('postrouting'),
      ...ends,
      ...neighbourHop(world, pass, later),
    ]
  }
  return [
    ...begins,
    ...at('prerouting'),
    ...route,
    ...at('input'),
    ...at('forward'),
    ...at('postrouting'),
    ...ends,
    ...(hooks.has('postrouting') ? neighbourHop(world, pass, later) : []),
    ...delivered(world, pass, outer),
  ]
}

function routeHop(world: World, pass: Pass): readonly RouteHop[] {
  const { node, visits, output } = pass
  const question = questionOf(world, pass)
  if (!question) return []
  const answer = routeOf(world, pass)
  const { destination } = question
  const kind = 'route' as const
  if (isBridged(world, pass)) return []
  const isLocal = visits.some(({ hook }) => hook === 'input')
  if (isLocal) {
    const foreign = answer?.type === 'local' ? 'unicast' : (answer?.type ?? 'unicast')
    const type = world.isOwn(node, destination) ? 'local' : foreign
    const to = { type, via: null, interface: null, table: null, policies: [] }
    return [{ kind, node, decision: 'local', destination, ...to }]
  }
  const went = visits.some(({ hook }) => hook !== 'prerouting')
  if (!went || answer?.error !== undefined) return []
  const decision = visits[0]?.hook === 'output' ? ('out' as const) : ('forward' as const)
  // The interface is what happened; the gateway is what the table says.
  const name = world.device(node, output)?.name ?? answer?.device ?? null
  const table = answer?.table === undefined || answer.table === 'main' ? null : answer.table
  const policies = table === null ? [] : policiesTo(world, question, table)
  const via = answer?.via ?? null
  const type = answer?.type ?? 'unicast'
  return [{ kind, node, decision, destination, type, via, interface: name, table, policies }]
}

/** @param isFirst whether the packet is the first of its connection: all others are turned as that one was. */
function hookHop(world: World, pass: Pass, visit: Visit, isFirst: boolean): HookHop {
  const { node, input, output } = pass
  const rules = visit.evaluations.flatMap((evaluation) => appliedRules(world, node, evaluation))
  const isTraced = rules.some(({ rule }) => !rule.startsWith('policy '))
  return {
    kind: 'hook',
    node,
    hook: visit.hook,
    bridged: isBridged(world, pass),
    input: world.device(node, input)?.name ?? null,
    output: world.device(node, output)?.name ?? null,
    rules: isFirst && !isTraced ? [...legacyTranslation(world, node, visit), ...rules] : rules,
    before: addressesOf(visit.before),
    after: visit.after ? addressesOf(visit.after) : null,
  }
}

export function appliedRules(
  world: World,
  node: string,
  { family, table, chain, matched, policy }: Visit['evaluations'][number],
): readonly AppliedRule[] {
  const rules = matched.map((message) => ({
    family,
    handle: message.handle ?? null,
    table: message.table,
    chain: message.chain,
    rule:
      world
        .state(node)
        ?.rules.find(
          (rule) =>
            rule.handle === message.handle &&
            rule.table === message.table &&
            rule.family === family,
        )?.text ?? `rule with the handle ${message.handle}, which is no longer there`,
    verdict: message.target ? `${message.verdict} ${message.target}` : (message.verdict ?? ''),
  }))
  if (policy === undefined) return rules
  return [
    ...rules,
    { family, table, chain, rule: `policy ${policy}`, verdict: policy, handle: null },
  ]
}

function connectionHop(world: World, { node, visits, key }: Pass): ConnectionHop | undefined {
  const [first] = visits
  if (!first) return undefined
  const arrives = addressesOf(first.before)
  const { protocol } = arrives
  const tagged = <T extends object>(direction: T) => ({ protocol, ...direction })
  const found = world
    .state(node)
    ?.connections.map((entry) => ({
      original: tagged(entry.original),
      reply: tagged(entry.reply),
      protocol: entry.protocol,
    }))
    .find(
      ({ original, reply, ...entry }) =>
        entry.protocol === protocol &&
        (sameAddresses(original, arrives) || sameAddresses(reply, arrives)),
    )
  if (!found) return undefined
  const { original, reply } = found
  const kind = 'connection' as const
  if (!sameAddresses(original, arrives)) return { kind, node, entry: 'answer', original, reply }
  const known = world.evidence.before
    .get(node)
    ?.connections.some((entry) => sameAddresses(tagged(entry.original), original))
  // The first packet of the connection makes the entry, and the later ones find it.
  const maker = world.passes.find(
    (pass) =>
      pass.node === node &&
      pass.visits[0] &&
      sameAddresses(addressesOf(pass.visits[0].before), original),
  )
  if (maker && maker.key !== key) return { kind, node, entry: 'used', original, reply }
  return { kind, node, entry: known ? 'used' : 'made', original, reply }
}

function delivered(world: World, pass: Pass, outer: boolean): readonly DeliveredHop[] {
  const { node, visits } = pass
  const last = visits.at(-1)
  if (last?.hook !== 'input' || !last.after) return []
  const { protocol, destinationPort: port = null, icmp } = last.after
  const isForKernel = icmp?.name === 'echo request'
  const to = outer
    ? 'tunnel'
    : isForKernel
      ? 'kernel'
      : isAnswer(world, pass, last.after)
        ? 'asker'
        : 'listener'
  return [{ kind: 'delivered', node, to, protocol, port }]
}

/** To what the node itself has sent before, or about it: what it sends later may be the answer to this one. */
function isAnswer(world: World, pass: Pass, packet: IpPacket): boolean {
  if (packet.icmp) return true
  const asked = reversed(addressesOf(packet))
  const earlier = world.passes.slice(0, world.passes.indexOf(pass))
  return earlier.some(
    ({ node: sender, visits: [first] }) =>
      sender === pass.node &&
      first?.hook === 'output' &&
      first.before.flags !== 'S.' &&
      sameAddresses(addressesOf(first.before), asked),
  )
}

/** A program asks for a connection, a datagram or an echo; the rest of a handshake and every answer of ICMP are the kernel's own. */
function sentHop(node: string, { icmp, flags }: IpPacket): SentHop {
  const kernel = (what: string) => ({ kind: 'sent' as const, node, by: 'kernel' as const, what })
  if (flags === 'S.') return kernel('SYN+ACK')
  if (flags?.includes('R')) return kernel('RST')
  if (flags === '.') return kernel('ACK')
  if (icmp && icmp.name !== 'echo request') return kernel(icmp.name)
  return { kind: 'sent', node, by: 'program', what: '' }
}
