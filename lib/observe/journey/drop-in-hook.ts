// The end of a packet within a netfilter hook: it came in and did not come out.
import { message } from '../../language/message.ts'
import type { Drop } from './journey.ts'
import { legacyDrop } from './legacy.ts'
import { appliedRules } from './pass-hops.ts'
import type { Pass, Visit } from './passes.ts'
import type { World } from './world.ts'

export function dropInHook(world: World, { node }: Pass, visit: Visit): Drop {
  const where = visit.hook.toUpperCase()
  const place = { node, where }
  const rule = visit.evaluations
    .flatMap((evaluation) => appliedRules(world, node, evaluation))
    .find(({ verdict }) => verdict === 'drop')
  if (rule?.rule.startsWith('policy ')) {
    return {
      ...place,
      reason: 'dropped-by-policy',
      why: message("no rule of the chain {chain} accepts it, and the chain's policy is to drop", {
        chain: rule.chain,
      }),
      evidence: `${rule.table} ${rule.chain}: ${rule.rule}`,
    }
  }
  if (rule && /\breject\b/i.test(rule.rule)) {
    const why = message('a rule rejects it: the sender is told')
    return { ...place, reason: 'rejected-by-rule', why, evidence: rule.rule }
  }
  if (rule) {
    const why = message('a rule drops it, silently')
    return { ...place, reason: 'dropped-by-rule', why, evidence: rule.rule }
  }
  const legacy = legacyDrop(world, node)
  if (legacy !== undefined) {
    const why = message('a rule of the older iptables drops it')
    return { ...place, reason: 'dropped-by-rule', why, evidence: legacy }
  }
  return {
    ...place,
    reason: 'dropped-in-hook',
    why: message('something on this hook took it that tells no trace'),
    evidence: `it was seen at the beginning of ${where} and not at its end`,
  }
}
