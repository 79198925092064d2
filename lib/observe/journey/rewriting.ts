// Which rule gave a packet another destination, and what it means when the packet then leads nowhere.
import { message } from '../../language/message.ts'
import type { Drop } from './journey.ts'
import { appliedRules } from './pass-hops.ts'
import type { Steps } from './steps.ts'
import type { World } from './world.ts'

/** A packet that found no way or nobody after DNAT was dropped for the rule: it leads to nowhere. */
export function afterDnat(world: World, way: Steps, drop: Drop): Drop {
  const reasons: readonly Drop['reason'][] = ['no-neighbour', 'no-route', 'blackhole', 'link-down']
  const rewriting = destinationRewriting(world, way)
  if (!rewriting || !reasons.includes(drop.reason)) return drop
  const { rule, to } = rewriting
  const why = message('a rule gave it the destination {place}, and there is nothing: {why}', {
    place: to,
    why: drop.why,
  })
  return { ...drop, reason: 'dnat-to-nowhere', why, evidence: `${rule}; ${drop.evidence}` }
}

function destinationRewriting(world: World, { steps }: Steps) {
  for (const step of steps) {
    if (step.kind !== 'pass') continue
    const { node, visits } = step.pass
    for (const { before, after, evaluations, hook } of visits) {
      if (!after || before.destination === after.destination) continue
      const rules = evaluations.flatMap((evaluation) => appliedRules(world, node, evaluation))
      const rule = rules.find(({ rule }) => /dnat|redirect/i.test(rule))?.rule
      // An answer is turned back by its connection, and no rule of anybody's is at fault.
      if (rule === undefined) continue
      const port = after.destinationPort === undefined ? '' : `:${after.destinationPort}`
      return { rule, to: `${after.destination}${port}`, hook }
    }
  }
  return undefined
}
