// Finds why a packet came into a netfilter hook and not out: a rule, a policy, a queue, connection tracking, or a translation that failed.
import { message } from '../../../language/message.ts'
import type { IpPacket } from '../../capture/packet.ts'
import type { AppliedRule } from '../journey.ts'
import { legacyDrop } from '../legacy.ts'
import { appliedRules } from '../pass-hops.ts'
import type { Pass, Visit } from '../passes.ts'
import type { RouteAnswer } from '../route-answers.ts'
import { isBridged } from '../tree.ts'
import type { World } from '../world.ts'
import { judge, type Finding, type Loss, type LossOf } from './finding.ts'
import { conntrackLoss, fragmentLoss } from './counted.ts'
import { acceptance, removal } from './remedy.ts'
import { asked, refusal } from './route-loss.ts'

export function lossInHook(world: World, lossOf: LossOf, pass: Pass, visit: Visit): Loss {
  const { node } = pass
  const hook = visit.hook.toUpperCase()
  const rules = visit.evaluations.flatMap((evaluation) => appliedRules(world, node, evaluation))
  const bridged = isBridged(world, pass)
  const packet = visit.before
  const loss = judge(
    { node, where: hook },
    `it was seen at the beginning of ${hook} and not at its end`,
    [
      [
        'the rules and policies of nftables and iptables-nft on this hook',
        () => ruleLoss(world, pass, packet, rules),
      ],
      ['queues for programs (NFQUEUE)', () => queueLoss(world, node, rules)],
      ['the counters of iptables-legacy on this hook', () => legacyLoss(world, node, visit)],
      [
        'fragments that wait for the rest of their packet',
        () => fragmentLoss(world, lossOf, node, packet),
      ],
      ['a translation to where no route leads', () => rerouteLoss(world, pass, visit, rules)],
      ['the counters of connection tracking', () => conntrackLoss(world, node)],
    ],
  )
  if (loss.reason === 'unknown') return { ...loss, reason: 'dropped-in-hook' }
  if (!bridged) return loss
  const family = packet.family === 6 ? 'ip6tables' : 'iptables'
  const bridge = world.device(node, pass.input)?.name ?? 'the bridge'
  return {
    ...loss,
    why: message(
      'the frame is bridged, not routed, and {bridge} hands bridged frames to {family}: {why}',
      { bridge, family, why: loss.why },
    ),
    evidence: `${loss.evidence}; sysctl net.bridge.bridge-nf-call-${family} = 1`,
  }
}

function ruleLoss(
  world: World,
  pass: Pass,
  packet: IpPacket,
  rules: readonly AppliedRule[],
): Finding | undefined {
  const rule = rules.find(({ verdict }) => verdict === 'drop')
  if (!rule) return undefined
  if (rule.rule.startsWith('policy ')) {
    return {
      reason: 'dropped-by-policy',
      why: message("no rule of the chain {chain} accepts it, and the chain's policy is to drop", {
        chain: rule.chain,
      }),
      evidence: `${rule.family} ${rule.table} ${rule.chain}: ${rule.rule}`,
      remedy: acceptance(world, pass, packet, rule),
    }
  }
  const evidence = rule.handle === null ? rule.rule : `${rule.rule} (handle ${rule.handle})`
  if (/\b(masquerade|snat|dnat|redirect|netmap)\b/i.test(rule.rule)) {
    const why = message(
      'a rule should give it another address or port, and none is free that no other connection uses',
    )
    return { reason: 'ports-exhausted', why, evidence }
  }
  if (/\breject\b/i.test(rule.rule)) {
    const why = message('a rule rejects it: the sender is told')
    return { reason: 'rejected-by-rule', why, evidence, remedy: removal(rule) }
  }
  const why = message('a rule drops it, silently')
  return { reason: 'dropped-by-rule', why, evidence, remedy: removal(rule) }
}

/** A queue without a program drops, unless the rule says `bypass`. */
function queueLoss(world: World, node: string, rules: readonly AppliedRule[]): Finding | undefined {
  const rule = rules.find(({ verdict }) => verdict === 'queue')
  if (!rule) return undefined
  const number = Number(
    /(?:queue-num|queue num|queue to|queue-balance) (\d+)/.exec(rule.rule)?.[1] ?? 0,
  )
  return queued(world, node, rule.rule, number, removal(rule))
}

function queued(
  world: World,
  node: string,
  rule: string,
  number: number,
  remedy: string | null,
): Finding {
  const isServed = world.state(node)?.queues.includes(number) ?? false
  const why = isServed
    ? message('a rule hands it to the program of the queue {number}, which has not given it back', {
        number,
      })
    : message(
        'a rule hands it to the queue {number}, and no program listens there: the kernel drops it',
        { number },
      )
  const evidence = `${rule}; /proc/net/netfilter/nfnetlink_queue ${isServed ? 'lists' : 'does not list'} ${number}`
  return { reason: 'queue', why, evidence, remedy }
}

function legacyLoss(world: World, node: string, { hook, before }: Visit): Finding | undefined {
  const rule = legacyDrop(world, node, hook, before.family)
  if (!rule) return undefined
  const evidence = `${rule.text}: its counter grew while we looked`
  if (rule.isPolicy) {
    const why = message(
      "no rule of the chain {chain} accepts it, and the chain's policy is to drop (iptables-legacy)",
      { chain: rule.chain },
    )
    const remedy = rule.text.replace(` -P ${rule.chain} DROP`, ` -P ${rule.chain} ACCEPT`)
    return { reason: 'dropped-by-policy', why, evidence, remedy }
  }
  if (rule.target === 'NFQUEUE') {
    const number = Number(/--queue-num (\d+)/.exec(rule.text)?.[1] ?? 0)
    return queued(world, node, rule.text, number, rule.text.replace(' -A ', ' -D '))
  }
  const rejects = rule.target === 'REJECT'
  return {
    reason: rejects ? 'rejected-by-rule' : 'dropped-by-rule',
    why: rejects
      ? message('a rule of iptables-legacy rejects it: the sender is told')
      : message('a rule of iptables-legacy drops it, silently'),
    evidence,
    remedy: rule.text.replace(' -A ', ' -D '),
  }
}

/** DNAT of what the node itself sends is followed by another look at the routes. */
function rerouteLoss(
  world: World,
  pass: Pass,
  { hook, before }: Visit,
  rules: readonly AppliedRule[],
): Finding | undefined {
  const rule = rules.find((each) => /\b(dnat|redirect)\b/i.test(each.rule))
  const to = /(?:--to-destination|dnat(?: ip6?)? to) \[?([\da-fA-F.:]+?)\]?(?::\d+)?(?:\s|$)/.exec(
    rule?.rule ?? '',
  )?.[1]
  if (hook !== 'output' || !rule || to === undefined) return undefined
  const { source } = before
  const question = {
    node: pass.node,
    destination: to,
    ...(world.isOwn(pass.node, source) ? { source } : {}),
  }
  const answer: RouteAnswer | undefined = world.route(question)
  if (answer?.error === undefined) return undefined
  const evidence = `${rule.rule}; ${asked(question, answer)}`
  const plain = world.route({ node: pass.node, destination: to })
  if (source.startsWith('127.') && plain?.device !== undefined)
    return {
      reason: 'martian',
      why: message(
        'a rule gave it the destination {to}, and its source {source} may not leave by {name} (route_localnet is 0)',
        { to, source, name: plain.device },
      ),
      evidence,
      remedy: `sysctl -w net.ipv4.conf.${plain.device}.route_localnet=1`,
    }
  const { why } = refusal({ destination: to }, answer)
  return {
    reason: 'dnat-to-nowhere',
    why: message('a rule gave it the destination {to}, and {why}', { to, why }),
    evidence,
  }
}
