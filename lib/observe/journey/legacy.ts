// Finds the rules of iptables-legacy that a packet matched. They send no trace messages, so the counters that grew decide.
import type { AppliedRule } from './journey.ts'
import type { Hook } from './trace-table.ts'
import type { Visit } from './passes.ts'
import type { LegacyRule } from './rules.ts'
import type { World } from './world.ts'

/** The rule or the policy of this hook that dropped or rejected: its counter grew while we looked. */
export function legacyDrop(
  world: World,
  node: string,
  hook: Hook,
  family: 4 | 6,
): LegacyRule | undefined {
  const program = family === 6 ? 'ip6tables-legacy' : 'iptables-legacy'
  const chains = reachable(world, node, hook.toUpperCase())
  return grown(world, node).find(
    (rule) =>
      rule.program === program &&
      chains.has(rule.chain) &&
      /^(DROP|REJECT|NFQUEUE)$/.test(rule.target),
  )
}

/** The chain of the hook, and all that it jumps to. */
function reachable(world: World, node: string, first: string): ReadonlySet<string> {
  const rules = world.state(node)?.legacy ?? []
  const chains = new Set([first])
  for (const chain of chains)
    for (const rule of rules)
      if (rule.chain === chain && rule.target !== '') chains.add(rule.target)
  return chains
}

/** Those that can have given the first packet of a connection other addresses. */
export function legacyTranslation(
  world: World,
  node: string,
  { before, after }: Visit,
): readonly AppliedRule[] {
  if (!after) return []
  const isSource = before.source !== after.source
  if (!isSource && before.destination === after.destination) return []
  const targets = isSource ? /^(SNAT|MASQUERADE|NETMAP)$/ : /^(DNAT|REDIRECT|NETMAP)$/
  return grown(world, node)
    .filter(({ table, target }) => table === 'nat' && targets.test(target))
    .slice(0, 1)
    .map(({ text, chain }) => ({
      family: 'ip',
      table: 'nat',
      handle: null,
      chain,
      rule: text,
      verdict: 'accept',
    }))
}

function grown(world: World, node: string): readonly LegacyRule[] {
  const before = world.evidence.before.get(node)?.legacy ?? []
  const after = world.state(node)?.legacy ?? []
  return after.filter(
    ({ text, packets }) => packets > (before.find((rule) => rule.text === text)?.packets ?? 0),
  )
}
