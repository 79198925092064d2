// The rules of the older iptables tell no trace: which of them had a part in it is seen by the counters that grew meanwhile.
import type { AppliedRule } from './journey.ts'
import type { Visit } from './passes.ts'
import type { LegacyRule } from './rules.ts'
import type { World } from './world.ts'

/** The first that drops or rejects. */
export function legacyDrop(world: World, node: string): string | undefined {
  return grown(world, node).find(({ text }) => / -j (DROP|REJECT)\b/.test(text))?.text
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
  const targets = isSource ? / -j (SNAT|MASQUERADE|NETMAP)\b/ : / -j (DNAT|REDIRECT|NETMAP)\b/
  return grown(world, node)
    .filter(({ text }) => text.startsWith('iptables-legacy -t nat ') && targets.test(text))
    .slice(0, 1)
    .map(({ text }) => ({
      table: 'nat',
      chain: / -A (\S+)/.exec(text)?.[1] ?? '',
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
