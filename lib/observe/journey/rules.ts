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
  /** Of a base chain: `prerouting`; empty for chains that others jump to. */
  readonly hook: string
}

/** A rule or a policy of the older iptables, which no trace tells of: only its counter does. */
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
    return own.map((rule, index) => ({
      ...rule,
      ...names[index],
      handle: rule.handle,
      hook: rule.hook,
    }))
  })
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

/** From `iptables-legacy-save -c` or its sister for IPv6. */
export function readLegacy(text: string, program: LegacyRule['program']): readonly LegacyRule[] {
  let table = ''
  return text.split('\n').flatMap((line): readonly LegacyRule[] => {
    if (line.startsWith('*')) table = line.slice(1)
    const inTable = table === 'filter' ? '' : `-t ${table} `
    const rule = /^\[(\d+):\d+\] (-A (\S+).*)$/.exec(line)
    if (rule) {
      const [, packets, words = '', chain = ''] = rule
      const target = / -j (\S+)/.exec(words)?.[1] ?? ''
      const counted = { packets: Number(packets), isPolicy: false, target }
      return [{ program, table, chain, text: `${program} ${inTable}${words}`, ...counted }]
    }
    const policy = /^:(\S+) (ACCEPT|DROP) \[(\d+):/.exec(line)
    if (!policy) return []
    const [, chain = '', target = '', packets] = policy
    const counted = { packets: Number(packets), isPolicy: true, target }
    return [
      { program, table, chain, text: `${program} ${inTable}-P ${chain} ${target}`, ...counted },
    ]
  })
}

function chainOf({ family, table, chain }: Pick<Rule, 'family' | 'table' | 'chain'>): string {
  return `${family} ${table} ${chain}`
}

function readNft(text: string): readonly Rule[] {
  const rules: Rule[] = []
  let [family, table, chain, hook] = ['', '', '', '']
  for (const line of text.split('\n').map((each) => each.trim())) {
    const opened = /^table (\S+) (\S+) \{/.exec(line)
    if (opened) [family, table, chain] = [opened[1] ?? '', opened[2] ?? '', '']
    else if (line.startsWith('chain ')) [chain, hook] = [/^chain (\S+) /.exec(line)?.[1] ?? '', '']
    else if (/^(set|map|flowtable) /.test(line)) chain = ''
    hook = /^type \S+ hook (\S+) /.exec(line)?.[1] ?? hook
    const [, rule, handle] = /^(.*?) # handle (\d+)$/.exec(line) ?? []
    if (!rule || chain === '' || line.endsWith('{') || /^(chain|table|type) /.test(line)) continue
    if (table === traceTable) continue
    const words = rule.replace(/ ?counter packets \d+ bytes \d+/, '').trim()
    rules.push({ family, table, chain, handle: Number(handle), text: words, dialect: 'nft', hook })
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
