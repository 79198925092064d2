// Finds firewall rules that are missing. iptables and nft spell the same rule differently, so rules are compared by hook, verdict and
// values: addresses, ports, devices.
import type { Chain, FirewallRule, NodeState } from '../../kernel/state/state.ts'
import { notYet, type Missing } from './goal.ts'

export function missingFirewall(
  wanted: NodeState,
  now: NodeState,
  before: NodeState | undefined,
): readonly Missing[] {
  const [want, is, was] = [essences(wanted), essences(now), before ? essences(before) : []]
  const known = new Set(is.map(({ essence }) => essence))
  const rule = (text: string) => ({ rule: text })
  return [
    ...want
      .filter(({ essence }) => !known.has(essence))
      .map(({ text }) =>
        soft(
          notYet(
            wanted.name,
            '{node} has no firewall rule yet with this effect: {rule}',
            rule(text),
          ),
        ),
      ),
    ...was
      .filter(({ essence }) => known.has(essence))
      .filter(({ essence }) => !want.some((other) => other.essence === essence))
      .map(({ text }) =>
        soft(notYet(wanted.name, '{node} still has the firewall rule: {rule}', rule(text))),
      ),
    ...policies(wanted, now),
  ]
}

function policies(wanted: NodeState, now: NodeState): readonly Missing[] {
  const policyAt = (node: NodeState, hook: string) =>
    node.chains.some(
      (chain) => chain.hook?.toLowerCase() === hook && chain.policy?.toLowerCase() === 'drop',
    )
      ? 'drop'
      : 'accept'
  return ['input', 'forward', 'output']
    .filter((hook) => policyAt(wanted, hook) !== policyAt(now, hook))
    .map((hook) =>
      soft(
        notYet(wanted.name, 'the policy of {hook} on {node} is {is}, but must be {wanted}', {
          hook,
          is: policyAt(now, hook),
          wanted: policyAt(wanted, hook),
        }),
      ),
    )
}

function soft(missing: Missing): Missing {
  return { ...missing, isSoft: true }
}

function essences({ chains }: NodeState): readonly { essence: string; text: string }[] {
  return chains.flatMap((chain) =>
    chain.rules.map((rule) => ({
      essence: essenceOf(chain, rule),
      text: `${chain.table}/${chain.name} ${rule.text}`,
    })),
  )
}

function essenceOf(chain: Chain, { text }: FirewallRule): string {
  const at = chain.hook?.toLowerCase() ?? `${chain.table}/${chain.name}`
  const words = text
    .toLowerCase()
    .replaceAll('"', '')
    .split(/[\s,]+/)
    // 10.0.0.1/32 is the same as 10.0.0.1.
    .map((word) => word.replace(/\/32$/, ''))
    .filter(isValue)
  return [at, ...new Set(words.toSorted())].join(' ')
}

/** Whether a word is a verdict or a value, and not a keyword of iptables or nft. */
function isValue(word: string): boolean {
  return (
    /^(masquerade|dnat|snat|redirect|accept|drop|reject|local|!|!=)$/.test(word) ||
    /\d/.test(word) ||
    /^(lo|br\d*|wan)$/.test(word)
  )
}
