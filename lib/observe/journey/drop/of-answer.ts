// Finds why an answer that arrived somewhere is no answer to the program that asked: it has another address, or it came to the wrong node.
import { message } from '../../../language/message.ts'
import type { IpPacket } from '../../capture/packet.ts'
import type { Way } from '../journey.ts'
import type { Steps } from '../steps.ts'
import { appliedRules } from '../pass-hops.ts'
import type { Pass } from '../passes.ts'
import type { PassStep } from '../tree.ts'
import { written } from '../words.ts'
import { addressesOf, isError, reversed, sameAddresses, type World } from '../world.ts'
import type { Finding, Loss } from './finding.ts'
import { socketsFor, written as inWords } from './refusal.ts'
import { removal } from './remedy.ts'
import { asked } from './route-loss.ts'

export type Followed = { readonly packet: IpPacket; readonly steps: Steps; readonly way: Way }

export function answerLoss(world: World, followed: Followed, request: Followed): Finding | null {
  const last = followed.steps.steps.at(-1)
  const arrived = last?.kind === 'pass' ? last.pass.visits.at(-1)?.after : undefined
  if (!arrived || last?.kind !== 'pass' || isError(arrived)) return null
  const requested = request.way.packet
  const answer = addressesOf(arrived)
  const asker = request.way.hops[0]?.node
  if (last.pass.node !== asker) return misdelivered(world, last.pass, followed, request)
  if (sameAddresses(reversed(requested), answer) || isToMany(request)) return null
  const evidence = `asked ${written(requested)}, answered ${written(answer)}`
  const sender = followed.way.hops[0]?.node ?? ''
  // Nobody had to translate: the server itself answers as somebody else.
  const translated = request.steps.steps.some(
    (step) =>
      step.kind === 'pass' &&
      !step.outer &&
      step.pass.visits.some(
        ({ before, after }) => after && before.destination !== after.destination,
      ),
  )
  if (translated) {
    const why = message(
      'the program asked {address}, and {address2} answers: the answer bypassed the node that would have undone the translation, so it comes from an unexpected address and is ignored',
      { address: requested.destination, address2: answer.source },
    )
    return { reason: 'other-address', node: last.pass.node, where: 'socket', why, evidence }
  }
  const why = message(
    'the program asked {address}, and {sender} answered from {address2}: its socket is bound to all addresses, and the route back chose this one',
    { address: requested.destination, sender, address2: answer.source },
  )
  return { reason: 'other-address', node: sender, where: 'socket', why, evidence }
}

/** No way back to a private address: a rule had kept the request out of connection tracking, and so out of translation. */
export function untracked(
  world: World,
  { steps: { steps } }: Followed,
  loss: Loss,
): Loss | undefined {
  if (loss.reason !== 'no-route') return undefined
  for (const step of steps) {
    if (step.kind !== 'pass' || step.pass.visits[0]?.hook !== 'prerouting') continue
    const { node } = step.pass
    const rule = ruleWith(world, step.pass, /\bnotrack\b/i)
    if (!rule || !step.pass.visits.some(({ hook }) => hook === 'postrouting')) continue
    const values = { node, why: loss.why }
    const why = message(
      'a rule keeps the packet out of connection tracking, so {node} translates nothing of it: {why}',
      values,
    )
    return {
      ...loss,
      reason: 'not-tracked',
      node,
      where: 'connection tracking',
      why,
      evidence: `${rule.rule}; ${loss.evidence}`,
      remedy: removal(rule),
    }
  }
  return undefined
}

function ruleWith(world: World, { node, visits }: Pass, word: RegExp) {
  return visits
    .flatMap(({ evaluations }) => evaluations)
    .flatMap((evaluation) => appliedRules(world, node, evaluation))
    .find((each) => word.test(each.rule))
}

/** The connection was made, and the command gave up all the same: what came after it. */
export function afterHandshake(
  world: World,
  request: Followed,
  requests: readonly Followed[],
  replies: readonly Followed[],
): Finding | undefined {
  const last = request.steps.steps.at(-1)
  const arrived = last?.kind === 'pass' ? last.pass.visits.at(-1)?.after : undefined
  if (last?.kind !== 'pass' || arrived?.protocol !== 'tcp') return undefined
  if (!replies.some(({ packet }) => packet.flags === 'S.')) return undefined
  const { node } = last.pass
  const port = arrived.destinationPort ?? 0
  const has = (flag: string) => (each: Followed) => each.packet.flags?.includes(flag) ?? false
  const base = { node, where: 'socket' }
  const reset = replies.find(has('R'))
  if (reset) {
    const why = message('the connection to TCP port {port} was made, and then {node} reset it', {
      port,
      node,
    })
    return { ...base, reason: 'refused', why, evidence: `RST from ${reset.way.packet.source}` }
  }
  const asks = requests.find((each) => has('P')(each) && each.way.drop === null)
  if (!asks || replies.some(has('P')) || replies.some(has('F'))) return undefined
  const [socket] = socketsFor(world, node, arrived)
  const why = message(
    'the connection to TCP port {port} was made, and the program on {node} sent no data while we looked',
    { port, node },
  )
  const waits = socket ? `; ss -ln: ${inWords(socket)}, ${socket.waiting} waiting` : ''
  return { ...base, reason: 'no-answer', why, evidence: `data arrived at ${node}${waits}` }
}

function isToMany({ steps: { steps } }: Followed): boolean {
  return steps.some(
    (step) =>
      step.kind === 'frame' &&
      (Number.parseInt(step.ethernet.destinationMac.slice(0, 2), 16) & 1) === 1,
  )
}

/** A node on the way took the answer for its own: it should have translated it back, or has the asker's address, too. */
function misdelivered(world: World, pass: Pass, followed: Followed, request: Followed): Finding {
  const { node } = pass
  const went = request.steps.steps.find(
    (step): step is PassStep =>
      step.kind === 'pass' &&
      step.pass.node === node &&
      step.pass.visits.some(({ before, after }) => after && before.source !== after.source),
  )
  const answer = followed.way.packet
  const asker = request.way.hops[0]?.node ?? ''
  if (!went && !world.isOwn(node, answer.destination)) {
    const question = { node, destination: answer.destination }
    const why = message('{node} gave the answer to itself: its route for {address} leads there', {
      node,
      address: answer.destination,
    })
    const evidence = asked(question, world.route(question))
    return { reason: 'other-address', node, where: 'routing decision', why, evidence }
  }
  const gave = request.steps.steps.find(
    (step): step is PassStep =>
      step.kind === 'pass' &&
      step.pass.visits.some(
        ({ before, after }) =>
          after?.source === answer.destination && before.source !== answer.destination,
      ),
  )
  const snat = gave && ruleWith(world, gave.pass, /\b(masquerade|snat|netmap)\b/i)
  if (!went && gave && snat)
    return {
      reason: 'other-address',
      node: gave.pass.node,
      where: 'POSTROUTING',
      why: message(
        'a rule of {node} gave it the source {address}, which {owner} has: the answer goes to {owner}',
        { node: gave.pass.node, address: answer.destination, owner: node },
      ),
      evidence: snat.rule,
      remedy: removal(snat),
    }
  if (!went) {
    const why = message(
      'the answer went to {node}, which has the address {address}, too: {address2} asked from it',
      { node, address: answer.destination, address2: asker },
    )
    return {
      reason: 'other-address',
      node,
      where: 'INPUT',
      why,
      evidence: `ip address show on ${node}: ${answer.destination}`,
    }
  }
  const rule = ruleWith(world, pass, /\bnotrack\b/i)
  if (rule)
    return {
      reason: 'not-tracked',
      node,
      where: 'connection tracking',
      why: message(
        'a rule keeps the answer out of connection tracking, so {node} does not translate it back, and takes it for its own',
        { node },
      ),
      evidence: rule.rule,
      remedy: removal(rule),
    }
  const entry = (world.state(node)?.connections ?? []).find(({ protocol, reply }) =>
    sameAddresses({ protocol, ...reply }, answer),
  )
  const base = { reason: 'not-tracked' as const, node, where: 'connection tracking' }
  const zone = ruleWith(world, pass, /\bzone\b/i) ?? ruleWith(world, went.pass, /\bzone\b/i)
  if (entry && zone)
    return {
      ...base,
      why: message(
        'a rule puts the answer and the request into different zones of connection tracking, so {node} does not translate it back, and takes it for its own',
        { node },
      ),
      evidence: zone.rule,
      remedy: removal(zone),
    }
  if (entry)
    return {
      ...base,
      why: message(
        '{node} did not translate the answer back, although it has an entry of connection tracking for it now, and takes it for its own',
        { node },
      ),
      evidence: `conntrack -L on ${node}: an entry with the reply ${written(answer)}`,
    }
  return {
    reason: 'not-tracked',
    node,
    where: 'connection tracking',
    why: message(
      '{node} has no entry of connection tracking for the answer, so it does not translate it back, and takes it for its own',
      { node },
    ),
    evidence: `conntrack -L on ${node}: no entry with the reply ${written(answer)}`,
  }
}
