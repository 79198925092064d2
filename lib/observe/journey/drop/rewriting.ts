// Finds which rule gave a packet another destination, and what it means when the packet then leads nowhere.
import { message } from '../../../language/message.ts'
import type { Drop, Way } from '../journey.ts'
import { appliedRules } from '../pass-hops.ts'
import type { Steps } from '../steps.ts'
import type { World } from '../world.ts'
import type { Loss } from './finding.ts'

const reasons = new Set<Drop['reason']>([
  'no-neighbour',
  'no-route',
  'blackhole',
  'not-for-it',
  // The way to an address that nobody has may lead back to the sender.
  'martian',
  'routing-loop',
])

/** Where nobody has the address that a rule wrote, the rule is at fault. An address that exists is judged where the packet was lost. */
export function afterDnat(world: World, way: Steps, loss: Loss): Loss {
  const rewriting = destinationRewriting(world, way)
  if (!rewriting || !reasons.has(loss.reason)) return loss
  const { rule, to, address, node, hook } = rewriting
  if (world.owners(address).length > 0) return loss
  const why = message('a rule gave it the destination {to}, and there is nothing: {why}', {
    to,
    why: loss.why,
  })
  const evidence = `${rule}; ${loss.evidence}`
  return {
    ...loss,
    reason: 'dnat-to-nowhere',
    node,
    where: hook.toUpperCase(),
    why,
    evidence,
    remedy: null,
  }
}

/** An answer to an address that a rule had written, and that nobody has. */
export function afterSnat(world: World, { steps }: Steps, { packet, drop }: Way): Loss {
  if (!drop) throw new Error('an answer without a drop')
  if (!reasons.has(drop.reason) || world.owners(packet.destination).length > 0) return drop
  for (const step of steps) {
    if (step.kind !== 'pass') continue
    const { node, visits } = step.pass
    for (const { before, after, evaluations, hook } of visits) {
      if (!after || before.source === after.source || after.source !== packet.destination) continue
      const rules = evaluations.flatMap((evaluation) => appliedRules(world, node, evaluation))
      const rule = rules.find((each) => /snat|masquerade|netmap/i.test(each.rule))
      if (!rule) continue
      const values = { address: after.source, why: drop.why }
      const why = message(
        'a rule gave it the source {address}, which nobody has, so no answer finds back: {why}',
        values,
      )
      const evidence = `${rule.rule}; ${drop.evidence}`
      return {
        ...drop,
        reason: 'snat-to-nowhere',
        node,
        where: hook.toUpperCase(),
        why,
        evidence,
        remedy: null,
      }
    }
  }
  return drop
}

function destinationRewriting(world: World, { steps }: Steps) {
  for (const step of steps) {
    if (step.kind !== 'pass') continue
    const { node, visits } = step.pass
    for (const { before, after, evaluations, hook } of visits) {
      if (!after || before.destination === after.destination) continue
      const rules = evaluations.flatMap((evaluation) => appliedRules(world, node, evaluation))
      const rule = rules.find((each) => /dnat|redirect/i.test(each.rule))?.rule
      // An answer is translated back by its connection, and no rule is at fault.
      if (rule === undefined) continue
      const port = after.destinationPort === undefined ? '' : `:${after.destinationPort}`
      return { rule, to: `${after.destination}${port}`, address: after.destination, node, hook }
    }
  }
  return undefined
}
