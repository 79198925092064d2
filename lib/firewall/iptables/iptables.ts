// Makes the iptables backend, for hosts without nft: chains of our own, a few rules for each network, and one for each
// published port.
import type { IptablesOperation } from '../../kernel/operation.ts'
import type { Firewall, FirewallState } from '../firewall.ts'
import { chainNames, chainPrefix, chainsOf, sharedRules, type Rule } from './chains.ts'
import { readRules } from './read-rules.ts'
import { forwardRule, guardRules, networkRules } from './rules.ts'

/** `owner` is part of the name of every chain. */
export function iptables({ owner }: { readonly owner: string }): Firewall {
  const names = chainNames(owner)
  const start: Firewall['start'] = (first) => [
    ...byFamily([
      ...chainsOf(names).map(chainOperation('add-chain')),
      ...sharedRules(names).map(addition),
      ...networkRules(names, first).map(addition),
    ]),
  ]
  return {
    name: 'iptables',
    async prepare() {},
    start,
    stop: (last, guarded) =>
      byFamily([
        ...[
          ...sharedRules(names),
          ...networkRules(names, last),
          ...guarded.flatMap((ipv) => guardRules(names, ipv)),
        ].map(removal),
        ...chainsOf(names).map(chainOperation('remove-chain')),
      ]),
    open: (network) => byFamily(networkRules(names, network).map(addition)),
    close: (network) => byFamily(networkRules(names, network).map(removal)),
    guard: (guarded) => byFamily(guarded.flatMap((ipv) => guardRules(names, ipv)).map(addition)),
    unguard: (guarded) => byFamily(guarded.flatMap((ipv) => guardRules(names, ipv)).map(removal)),
    // iptables sees only packets that the host routes, and no ARP: see `sourceRules`.
    restrict: () => [],
    unrestrict: () => [],
    publish: (forwards) =>
      byFamily(forwards.map((forward) => addition(forwardRule(names, forward)))),
    unpublish: (forwards) =>
      byFamily(forwards.map((forward) => removal(forwardRule(names, forward)))),
    repair: (state, { keepUnknown }) => repair(owner, state, keepUnknown),
  }
}

async function repair(
  owner: string,
  { networks, forwards, guarded }: FirewallState,
  keepUnknown: boolean,
): Promise<readonly IptablesOperation[]> {
  const names = chainNames(owner)
  const found = await readRules(chainPrefix(owner))
  const wanted =
    networks.length === 0
      ? []
      : [
          ...sharedRules(names),
          ...networks.flatMap((network) => networkRules(names, network)),
          ...forwards.map((forward) => forwardRule(names, forward)),
          ...guarded.flatMap((ipv) => guardRules(names, ipv)),
        ]
  if (textOf(found.rules) === textOf(wanted)) return []
  if (keepUnknown) {
    const existing = new Set(found.rules.map(lineOf))
    const missing = wanted.filter((rule) => !existing.has(lineOf(rule)))
    const chains = found.chains.length > 0 ? [] : chainsOf(names)
    return byFamily([...chains.map(chainOperation('add-chain')), ...missing.map(addition)])
  }
  // One transaction for each table: packets always meet the old rules or the new ones.
  return byFamily([
    ...found.rules.map(removal),
    ...found.chains.map(chainOperation('remove-chain')),
    ...(networks.length === 0 ? [] : chainsOf(names).map(chainOperation('add-chain'))),
    ...wanted.map(addition),
  ])
}

function textOf(rules: readonly Rule[]): string {
  return rules.map(lineOf).toSorted().join('\n')
}

function lineOf({ ipv, table, chain, words }: Rule): string {
  return [ipv, table, chain, ...words].join(' ')
}

function addition({ ipv, table, chain, words, first }: Rule): IptablesOperation {
  return { kind: first ? 'insert-rule' : 'append-rule', ipv, table, chain, rule: words }
}

function removal({ ipv, table, chain, words }: Rule): IptablesOperation {
  return { kind: 'remove-rule', ipv, table, chain, rule: words }
}

type Chain = Pick<Rule, 'ipv' | 'table' | 'chain'>

function chainOperation(kind: 'add-chain' | 'remove-chain'): (chain: Chain) => IptablesOperation {
  return ({ ipv, table, chain }) => ({ kind, ipv, table, chain })
}

/** Groups the operations of each family, since one process applies them. */
function byFamily(operations: readonly IptablesOperation[]): readonly IptablesOperation[] {
  return operations.toSorted((a, b) => a.ipv - b.ipv)
}
