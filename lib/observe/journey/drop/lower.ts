// Finds rules below the IP layer that dropped a frame: of nftables' families bridge, arp and netdev, ebtables and arptables among them.
import { message } from '../../../language/message.ts'
import { appliedRules } from '../pass-hops.ts'
import type { LowerEvaluation } from '../passes.ts'
import type { World } from '../world.ts'
import type { Finding } from './finding.ts'
import { removal } from './remedy.ts'

/**
 * @param key of the packet, or of the question for a hardware address.
 * @param exits of a bridge that lead to the receiver: a rule against another copy of the frame is not at fault
 */
export function lowerLoss(
  world: World,
  node: string,
  key: string | undefined,
  exits: readonly string[] = [],
): Finding | undefined {
  for (const evaluation of world.lower) {
    if (evaluation.node !== node || evaluation.key !== key) continue
    if (exits.length > 0 && !concerns(world, evaluation, exits)) continue
    const rule = appliedRules(world, node, evaluation).find(({ verdict }) => verdict === 'drop')
    if (!rule) continue
    const { family, table, chain } = rule
    const where = `${family} ${table} ${chain}`
    if (rule.rule.startsWith('policy ')) {
      const why = message(
        "no rule of the chain {chain} accepts it, and the chain's policy is to drop",
        { chain },
      )
      const remedy = `nft add chain ${family} ${table} ${chain} '{ policy accept; }'`
      return { reason: 'dropped-by-policy', where, why, evidence: `${where}: ${rule.rule}`, remedy }
    }
    const why = message('a rule of the family {family} drops it, silently', { family })
    const evidence = `${rule.rule} (handle ${rule.handle})`
    return { reason: 'dropped-by-rule', where, why, evidence, remedy: removal(rule) }
  }
  return undefined
}

function concerns(world: World, evaluation: LowerEvaluation, exits: readonly string[]): boolean {
  const { node, family, table, chain, output } = evaluation
  if (output !== null) return exits.includes(world.device(node, output)?.name ?? '')
  const base = world
    .rulesOf(node)
    .find((rule) => rule.family === family && rule.table === table && rule.chain === chain)
  // The hook INPUT of a bridge has what goes up to its own node.
  return (
    family !== 'bridge' ||
    base?.hook !== 'input' ||
    exits.some((name) => isBridge(world, node, name))
  )
}

function isBridge(world: World, node: string, name: string): boolean {
  return world.deviceNamed(node, name)?.type === 'bridge'
}
