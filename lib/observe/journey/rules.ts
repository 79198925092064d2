// Firewall rules by the handle that a trace gives, in the words of whoever made them: iptables' own for iptables' rules.
import { traceTable } from './trace-table.ts'

export type Rule = {
  readonly family: string
  readonly table: string
  readonly chain: string
  readonly handle: number
  /** As it would be typed: `iptables -t nat -A POSTROUTING …`, or the rule's text in nft's language. */
  readonly text: string
  readonly dialect: 'iptables' | 'ip6tables' | 'nft'
}

/** A rule of the older iptables, which no trace tells of: only its counter does. */
export type LegacyRule = { readonly text: string; readonly packets: number }

/** From `nft -a list ruleset`, `iptables-nft-save` and `ip6tables-nft-save`. */
export function readRules(nft: string, iptables: string, ip6tables: string): readonly Rule[] {
  const rules = readNft(nft)
  const typed = [...readSave(iptables, 'iptables'), ...readSave(ip6tables, 'ip6tables')]
  const chains = Map.groupBy(rules, chainOf)
  const typedChains = Map.groupBy(typed, chainOf)
  return [...chains].flatMap(([chain, own]) => {
    const names = typedChains.get(chain)
    // As many as there are, or they are not the same rules: somebody changed them between the two readings.
    if (names?.length !== own.length) return own
    return own.map((rule, index) => ({ ...rule, ...names[index], handle: rule.handle }))
  })
}

export function readLegacyRules(text: string): readonly LegacyRule[] {
  let table = ''
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('*')) table = line.slice(1)
    const [, packets, rule] = /^\[(\d+):\d+\] (-A .*)$/.exec(line) ?? []
    return rule === undefined
      ? []
      : [{ text: `iptables-legacy -t ${table} ${rule}`, packets: Number(packets) }]
  })
}

function chainOf({ family, table, chain }: Pick<Rule, 'family' | 'table' | 'chain'>): string {
  return `${family} ${table} ${chain}`
}

function readNft(text: string): readonly Rule[] {
  const rules: Rule[] = []
  let [family, table, chain] = ['', '', '']
  for (const line of text.split('\n').map((each) => each.trim())) {
    const opened = /^table (\S+) (\S+) \{/.exec(line)
    if (opened) [family, table, chain] = [opened[1] ?? '', opened[2] ?? '', '']
    else if (line.startsWith('chain ')) chain = /^chain (\S+) /.exec(line)?.[1] ?? ''
    else if (/^(set|map|flowtable) /.test(line)) chain = ''
    const [, rule, handle] = /^(.*?) # handle (\d+)$/.exec(line) ?? []
    if (!rule || chain === '' || line.endsWith('{') || /^(chain|table|type) /.test(line)) continue
    if (table === traceTable) continue
    const words = rule.replace(/ ?counter packets \d+ bytes \d+/, '').trim()
    rules.push({ family, table, chain, handle: Number(handle), text: words, dialect: 'nft' })
  }
  return rules
}

type Typed = Pick<Rule, 'family' | 'table' | 'chain' | 'text' | 'dialect'>

function readSave(text: string, dialect: 'iptables' | 'ip6tables'): readonly Typed[] {
  let table = ''
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('*')) table = line.slice(1)
    const chain = /^-A (\S+)/.exec(line)?.[1]
    if (chain === undefined) return []
    const family = dialect === 'iptables' ? 'ip' : 'ip6'
    const inTable = table === 'filter' ? '' : `-t ${table} `
    return [{ family, table, chain, text: `${dialect} ${inTable}${line}`, dialect }]
  })
}
