// Lists chains, rules and set elements that were added or removed, and counters of kept rules that grew.
import { message, verbatim, type Message } from '../../language/message.ts'
import type { Chain, FirewallRule, NodeState } from '../../kernel/state/state.ts'
import { cameAndWent, type Change, type Difference } from './collection.ts'
import { keptPairs } from './kept.ts'

export function firewallChanges(before: NodeState, after: NodeState): Difference {
  const node = after.name
  const chains = after.chains.map((chain) => {
    const old = before.chains.find((other) => titleOf(other) === titleOf(chain))
    return ruleChanges(node, titleOf(chain), old?.rules ?? [], chain.rules)
  })
  const gone = before.chains
    .filter((chain) => !after.chains.some((other) => titleOf(other) === titleOf(chain)))
    .map((chain) => ruleChanges(node, titleOf(chain), chain.rules, []))
  return {
    changes: [
      ...cameAndWent(node, ownChains(before), ownChains(after)),
      ...policyChanges(before, after),
      ...[...gone, ...chains].flatMap(({ changes }) => changes),
      ...cameAndWent(node, elementsOf(before), elementsOf(after)),
    ],
    traffic: chains.flatMap(({ traffic }) => traffic),
  }
}

/** `nat/POSTROUTING`, `inet netdojo/forward`. */
function titleOf({ backend, family, table, name }: Chain): string {
  const chain = `${table}/${name}`
  if (backend === 'nft') return `${family} ${chain}`
  return `${family === 'ip6' ? 'ip6 ' : ''}${chain}${backend === 'iptables-legacy' ? ' (legacy)' : ''}`
}

/** Chains of nft, and user-defined chains of iptables: iptables creates its built-in chains by itself. */
function ownChains({ chains }: NodeState): readonly Message[] {
  return chains
    .filter(({ backend, hook }) => backend === 'nft' || hook === undefined)
    .map((chain) => {
      const name = titleOf(chain)
      const { hook, priority = 0 } = chain
      return hook === undefined
        ? message('chain {name}', { name })
        : message('chain {name} (hook {hook}, priority {priority})', { name, hook, priority })
    })
}

function policyChanges(before: NodeState, after: NodeState): readonly Change[] {
  const policies = ({ chains }: NodeState) =>
    new Map(
      chains
        .filter(({ hook }) => hook !== undefined)
        .map((chain) => [titleOf(chain), chain.policy ?? 'accept']),
    )
  const [were, are] = [policies(before), policies(after)]
  return [...new Set([...were.keys(), ...are.keys()])].flatMap((title) => {
    const [was = 'accept', is = 'accept'] = [were.get(title), are.get(title)]
    if (was === is) return []
    return [
      {
        node: after.name,
        sign: '~' as const,
        ...message('{chain} policy {before} -> {after}', { chain: title, before: was, after: is }),
      },
    ]
  })
}

/** Rules that both have in the same order are kept; where a counter is smaller than before, the rule is another one with the same text. */
function ruleChanges(
  node: string,
  title: string,
  before: readonly FirewallRule[],
  after: readonly FirewallRule[],
): Difference {
  const kept = keptPairs(
    before.map(({ text }) => text),
    after.map(({ text }) => text),
  )
  const [left, stayed] = [kept.map(([was]) => was), kept.map(([, is]) => is)]
  const ruleName = (index: number) => `${title} #${index + 1}`
  const named = (sign: Change['sign']) => (index: number, text: string) => ({
    node,
    sign,
    ...verbatim(`${ruleName(index)} ${text}`),
  })
  return {
    changes: [
      ...before.flatMap(({ text }, index) => (left.includes(index) ? [] : named('-')(index, text))),
      ...after.flatMap(({ text }, index) =>
        stayed.includes(index) ? [] : named('+')(index, text),
      ),
    ],
    traffic: after.flatMap(({ packets = 0 }, index) => {
      const pair = kept.find(([, is]) => is === index)
      const was = pair === undefined ? 0 : (before[pair[0]]?.packets ?? 0)
      if (packets <= was) return []
      const counted = message('{rule} {before} packets -> {after}', {
        rule: ruleName(index),
        before: was,
        after: packets,
      })
      return { node, sign: '~' as const, ...counted }
    }),
  }
}

function elementsOf({ sets }: NodeState): readonly Message[] {
  return sets.flatMap(({ family, table, name, elements }) =>
    elements.map(({ key, data }) => {
      const value = data === undefined ? '' : ` : ${data.join(' . ')}`
      return verbatim(`${family} ${table}/@${name} ${key.join(' . ')}${value}`)
    }),
  )
}
