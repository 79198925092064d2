// Finds where and why a packet ended that did not arrive: from the last place where it was seen, and from what the kernel says there.
import { message } from '../../../language/message.ts'
import type { Drop } from '../journey.ts'
import { circleOf } from '../hops.ts'
import { appliedRules } from '../pass-hops.ts'
import { type Steps } from '../steps.ts'
import { isBridged } from '../tree.ts'
import type { World } from '../world.ts'
import { lossBeforeInterface } from './before-interface.ts'
import { lossInBridge } from './bridge.ts'
import { judge, type Loss } from './finding.ts'
import { misdirected } from './layer2.ts'
import { lossInHook } from './in-hook.ts'
import { lossAfterFrame } from './on-link.ts'
import { removal } from './remedy.ts'
import { asked } from './route-loss.ts'
import { afterDnat } from './rewriting.ts'
import { lossAtDecision } from './routing.ts'
import { conntrackLoss } from './counted.ts'
import { tunnelLoss } from './tunnel.ts'

/** Null for a packet that reached a socket, or the kernel it was for. @param hops how many its way has. */
export function dropOf(world: World, way: Steps, hops: number): Drop | null {
  const loss = lossOf(world, way)
  return loss && { ...loss, place: placeOf(world, way, hops) }
}

export function placeOf(world: World, { steps }: Steps, hops: number): Drop['place'] {
  const last = steps.at(-1)
  if (!last) return { node: world.evidence.from, device: null, hop: -1 }
  const node = last.kind === 'frame' ? last.frame.node : last.pass.node
  const index = last.kind === 'frame' ? last.frame.ifindex : (last.pass.output ?? last.pass.input)
  return { node, device: world.device(node, index)?.name ?? null, hop: hops - 1 }
}

export function lossOf(world: World, way: Steps): Loss | null {
  const loss = lossOfLast(world, way)
  if (!loss) return null
  if (way.steps.at(-1)?.outer) return lossOfTunnel(way, loss)
  return loss.reason === 'ttl' ? lossOfTtl(world, way, loss) : loss
}

/** The tunnel's packet was lost: what went into the tunnel is too long for it, or the tunnel has a wrong other end. */
function lossOfTunnel({ steps }: Steps, loss: Loss): Loss {
  const inner = steps.findLast((step) => step.kind === 'frame' && !step.outer)
  if (inner?.kind !== 'frame') return loss
  const { node, interface: tunnel } = inner.frame
  if (/^(no-neighbour|no-route|not-for-it)$/.test(loss.reason)) {
    const pass = steps.findLast((step) => step.kind === 'pass' && step.outer)
    const remote = pass?.kind === 'pass' ? (pass.pass.visits[0]?.before.destination ?? '?') : '?'
    const why = message('{tunnel} sends to {remote}: {why}', { tunnel, remote, why: loss.why })
    return { ...loss, reason: 'tunnel', node, where: tunnel, why }
  }
  const below = Number(/takes (\d+) at most/.exec(loss.why.text)?.[1] ?? 0)
  if (loss.reason !== 'mtu' || below < 100) return loss
  // RFC 7348: 50 bytes of headers with IPv4.
  const values = { why: loss.why, tunnel, mtu: below - 50 }
  const why = message('{why}: with the headers of the tunnel, {tunnel} may take {mtu}', values)
  return { ...loss, node, where: tunnel, why, remedy: `ip link set ${tunnel} mtu ${below - 50}` }
}

/** A rule on the way may have taken the time that was left. */
function lossOfTtl(world: World, { steps }: Steps, loss: Loss): Loss {
  for (const step of steps) {
    if (step.kind !== 'pass') continue
    const { node, visits } = step.pass
    for (const { hook, before, after, evaluations } of visits) {
      if (!after || after.ttl >= before.ttl) continue
      const rules = evaluations.flatMap((evaluation) => appliedRules(world, node, evaluation))
      const rule = rules.find((each) => /\b(ttl|hl|hoplimit)\b/i.test(each.rule))
      if (!rule) continue
      const values = { why: loss.why, from: before.ttl, to: after.ttl, node }
      const why = message('{why}; a rule of {node} set it from {from} to {to}', values)
      return {
        ...loss,
        node,
        where: hook.toUpperCase(),
        why,
        evidence: rule.rule,
        remedy: removal(rule),
      }
    }
  }
  return loss
}

function lossOfLast(world: World, way: Steps): Loss | null {
  const last = way.steps.at(-1)
  if (!last) return null
  if (way.end === 'delivered' && !last.outer) return null
  if (last.kind === 'frame') return afterDnat(world, way, lossAfterFrame(world, way, last))
  const { pass } = last
  const visit = pass.visits.at(-1)
  if (!visit) return null
  if (visit.after === null) return lossInHook(world, lossOf, pass, visit)
  if (visit.hook === 'input') {
    if (!last.outer) return null
    return judge({ node: pass.node, where: 'tunnel' }, `INPUT of ${pass.node} is its last trace`, [
      ['the tunnel that it came out of', () => tunnelLoss(world, last)],
      ['the counters of connection tracking', () => conntrackLoss(world, pass.node)],
    ])
  }
  if (visit.hook === 'postrouting' && !isBridged(world, pass))
    return afterDnat(world, way, lossBeforeInterface(world, lossOf, pass))
  const circle = circleOf(way.steps)
  if (circle && visit.before.ttl <= 1) return loopLoss(world, way, circle)
  const bridge = isBridged(world, pass) ? world.device(pass.node, pass.input)?.name : undefined
  if (bridge !== undefined) return lossBridged(world, way, bridge)
  const wrong = visit.hook === 'prerouting' ? misdirected(world, way) : undefined
  if (wrong)
    return { node: pass.node, where: 'routing decision', remedy: null, checked: [], ...wrong }
  const loss = lossAtDecision(world, lossOf, pass, visit)
  const back =
    loss.reason === 'martian' ? sentBack(world, way, visit.before.destination) : undefined
  return afterDnat(world, way, back ?? loss)
}

/** The bridge had handed it to iptables, which let it pass. */
function lossBridged(world: World, { steps }: Steps, bridge: string): Loss {
  const frame = steps.findLast((step) => step.kind === 'frame')
  const pass = steps.findLast((step) => step.kind === 'pass')?.pass
  const node = pass?.node ?? ''
  const packet = pass?.visits.at(-1)?.after
  const translated = packet && packet.destination !== pass?.visits[0]?.before.destination
  // With another destination it goes to another hardware address than the frame had.
  const entry = world.state(node)?.neighbours.find((each) => each.address === packet?.destination)
  const ethernet = frame?.ethernet ?? { sourceMac: '', destinationMac: '' }
  const mac = translated ? entry?.mac : undefined
  return lossInBridge(world, {
    node,
    bridge,
    from: frame?.frame.interface ?? null,
    ethernet: { ...ethernet, destinationMac: mac ?? ethernet.destinationMac },
  })
}

/** It came back to the node that had sent it, which takes its own source for a forgery: the node before has a wrong route. */
function sentBack(world: World, { steps }: Steps, address: string): Loss | undefined {
  const passes = steps.flatMap((step) => (step.kind === 'pass' ? [step.pass] : []))
  const [first, previous, last] = [passes[0], passes.at(-2), passes.at(-1)]
  if (!first || !previous || previous === first || first.node !== last?.node) return undefined
  if (first.visits[0]?.hook !== 'output' || world.isOwn(last.node, address)) return undefined
  const { node } = previous
  const question = { node, destination: address }
  return {
    node,
    where: 'routing decision',
    reason: 'routing-loop',
    why: message(
      '{node} sends it back to {sender}, which had sent it: its route for {address} leads there',
      {
        node,
        sender: first.node,
        address,
      },
    ),
    evidence: asked(question, world.route(question)),
    remedy: null,
    checked: [],
  }
}

function loopLoss(
  world: World,
  { steps }: Steps,
  { from, length }: { readonly from: number; readonly length: number },
): Loss {
  const passes = steps
    .slice(from - length, from)
    .flatMap((step) => (step.kind === 'pass' ? [step.pass] : []))
  const nodes = [...new Set(passes.map(({ node }) => node))]
  const destination = passes[0]?.visits[0]?.after?.destination ?? ''
  const routes = nodes.map((node) => {
    const answer = world.route({ node, destination })
    return `${node}: ip route get ${destination}: ${answer?.via === undefined ? '' : `via ${answer.via} `}dev ${answer?.device ?? '?'}`
  })
  const alone = message(
    '{node} sends it to itself until its time to live is used up: its route for {address} leads back to it',
    { node: nodes[0] ?? '', address: destination },
  )
  return {
    node: nodes[0] ?? '',
    where: 'routing decision',
    reason: 'routing-loop',
    why:
      nodes.length === 1
        ? alone
        : message(
            '{nodes} send it round in a circle until its time to live is used up: each has a route by the next for {address}',
            { nodes: nodes.join(' and '), address: destination },
          ),
    evidence: routes.join('; '),
    remedy: null,
    checked: [],
  }
}
