// Lists firewall rules by the handle that a trace gives, in the words of the program that made them: rules of iptables as iptables prints them.
import type { Chain } from '../../kernel/state/state.ts'
import { isTraceTable } from './trace-table.ts'

export type Rule = {
  readonly family: string
  readonly table: string
  readonly chain: string
  readonly handle: number
  /** As it would be typed: `iptables -t nat -A POSTROUTING …`, or the rule's text in nft's language. */
  readonly text: string
  readonly dialect: 'iptables' | 'ip6tables' | 'nft'
  /** Of a base chain: `prerouting`; empty for chains that others jump to. */
  readonly hook: string
}

/** A rule or a policy of iptables-legacy, which sends no trace message: only its counter shows it. */
export type LegacyRule = {
  readonly program: 'iptables-legacy' | 'ip6tables-legacy'
  readonly table: string
  readonly chain: string
  /** As it would be typed: `iptables-legacy -t nat -A …`, or `iptables-legacy -P FORWARD DROP`. */
  readonly text: string
  /** Where the packet goes: `DROP`, `MASQUERADE` …; empty where a rule only counts. */
  readonly target: string
  readonly isPolicy: boolean
  readonly packets: number
}

export function rulesWithHandles(chains: readonly Chain[]): readonly Rule[] {
  return chains
    .filter(({ table }) => !isTraceTable(table))
    .flatMap(({ backend, family, table, name, hook = '', rules }) =>
      rules.flatMap(({ text, handle }): readonly Rule[] => {
        if (handle === undefined) return []
        const chain = { family, table, chain: name, handle, hook }
        if (backend === 'nft') return [{ ...chain, dialect: 'nft', text: withoutCounter(text) }]
        const dialect = family === 'ip6' ? 'ip6tables' : 'iptables'
        return [{ ...chain, dialect, text: `${dialect} ${inTable(table)}-A ${name} ${text}` }]
      }),
    )
}

function withoutCounter(text: string): string {
  return text.replace(/ ?\bcounter\b(?! name)/, '').trim()
}

function inTable(table: string): string {
  return table === 'filter' ? '' : `-t ${table} `
}

/** The hooks from which a chain is reached. */
export function hooksOf(
  rules: readonly Rule[],
  { family, table, chain }: Rule,
): ReadonlySet<string> {
  const same = rules.filter((rule) => rule.family === family && rule.table === table)
  const chains = new Set([chain])
  for (const name of chains)
    for (const rule of same)
      if (new RegExp(`(-j|-g|jump|goto) ${RegExp.escape(name)}( |$)`).test(rule.text))
        chains.add(rule.chain)
  return new Set(
    same.flatMap((rule) => (chains.has(rule.chain) && rule.hook !== '' ? [rule.hook] : [])),
  )
}

export function legacyRules(chains: readonly Chain[]): readonly LegacyRule[] {
  return chains.filter(({ backend }) => backend === 'iptables-legacy').flatMap(legacyRulesOf)
}

function legacyRulesOf({ family, table, name: chain, ...own }: Chain): readonly LegacyRule[] {
  const program = family === 'ip6' ? 'ip6tables-legacy' : 'iptables-legacy'
  const start = `${program} ${inTable(table)}`
  const rules = own.rules.map(({ text, packets = 0 }): LegacyRule => {
    const target = / ?-j (\S+)/.exec(text)?.[1] ?? ''
    const words = `${start}-A ${chain} ${text}`
    return { program, table, chain, text: words, target, isPolicy: false, packets }
  })
  if (own.policy === undefined) return rules
  const [target, packets] = [own.policy.toUpperCase(), own.policyPackets ?? 0]
  const text = `${start}-P ${chain} ${target}`
  return [{ program, table, chain, text, target, isPolicy: true, packets }, ...rules]
}
