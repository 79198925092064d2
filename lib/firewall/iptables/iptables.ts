// The iptables backend, for hosts that have only that: chains of ours, a few rules a network, and a rule for each published port.
import type { IptablesOperation } from '../../kernel/operation.ts'
import type { Firewall, FirewallState } from '../firewall.ts'
import { chainNames, chainPrefix, chainsOf, sharedRules, type Rule } from './chains.ts'
import { readRules } from './read-rules.ts'
import { forwardRule, networkRules } from './rules.ts'

/** `owner` is part of the names of all its chains. */
export function iptables({ owner }: { readonly owner: string }): Firewall {
  const names = chainNames(owner)
  const start: Firewall['start'] = (first) => [
    ...byFamily([
      ...chainsOf(names).map(chainOperation('add-chain')),
      ...sharedRules(names).map(adding),
      ...networkRules(names, first).map(adding),
    ]),
  ]
  return {
    name: 'iptables',
    start,
    stop: (last) =>
      byFamily([
        ...[...sharedRules(names), ...networkRules(names, last)].map(removing),
        ...chainsOf(names).map(chainOperation('remove-chain')),
      ]),
    open: (network) => byFamily(networkRules(names, network).map(adding)),
    close: (network) => byFamily(networkRules(names, network).map(removing)),
    publish: (forwards) => byFamily(forwards.map((forward) => adding(forwardRule(names, forward)))),
    unpublish: (forwards) =>
      byFamily(forwards.map((forward) => removing(forwardRule(names, forward)))),
    repair: (state) => repair(owner, state),
  }
}

async function repair(
  owner: string,
  { networks, forwards }: FirewallState,
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
        ]
  if (textOf(found.rules) === textOf(wanted)) return []
  // All in one transaction for each table: at no moment are there fewer rules than before.
  return byFamily([
    ...found.rules.map(removing),
    ...found.chains.map(chainOperation('remove-chain')),
    ...(networks.length === 0 ? [] : chainsOf(names).map(chainOperation('add-chain'))),
    ...wanted.map(adding),
  ])
}

function textOf(rules: readonly Rule[]): string {
  return rules
    .map(({ ipv, table, chain, words }) => [ipv, table, chain, ...words].join(' '))
    .toSorted()
    .join('\n')
}

function adding({ ipv, table, chain, words, first }: Rule): IptablesOperation {
  return { kind: first ? 'insert-rule' : 'append-rule', ipv, table, chain, rule: words }
}

function removing({ ipv, table, chain, words }: Rule): IptablesOperation {
  return { kind: 'remove-rule', ipv, table, chain, rule: words }
}

type Chain = Pick<Rule, 'ipv' | 'table' | 'chain'>

function chainOperation(kind: 'add-chain' | 'remove-chain'): (chain: Chain) => IptablesOperation {
  return ({ ipv, table, chain }) => ({ kind, ipv, table, chain })
}

/** Each family's operations together: they are one process. */
function byFamily(operations: readonly IptablesOperation[]): readonly IptablesOperation[] {
  return operations.toSorted((a, b) => a.ipv - b.ipv)
}
