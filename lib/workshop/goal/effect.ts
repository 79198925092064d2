// Reads what a firewall rule does, the same from iptables and from nft: where packets meet it, its conditions, and its verdict.
import type { Chain, FirewallRule, NodeState } from '../../kernel/state/state.ts'

export type Effect = {
  /** The hook, in lower case; for a chain that no hook and no rule reaches, its name. */
  readonly at: string
  /** Equal for rules that do the same. */
  readonly essence: string
  /** The rule in the words of its program, after the name of its chain. */
  readonly text: string
  /** The command that deletes the rule. */
  readonly undo: string
}

/** The rules that packets can meet, in their order. A jump without conditions is replaced by the rules of its chain. */
export function effectsOf({ chains }: Pick<NodeState, 'chains'>): readonly Effect[] {
  return chains
    .filter(({ hook }) => hook !== undefined)
    .flatMap((chain) =>
      rulesOf(chain, chains).map(({ own, rule, words }) => {
        const at = `${familyOf(chain)}${chain.hook?.toLowerCase()}`
        return {
          at,
          essence: [at, ...new Set(words.toSorted())].join(' '),
          text: `${own.table}/${own.name} ${rule.text}`,
          undo: undoOf(own, rule),
        }
      }),
    )
}

type Met = {
  readonly own: Chain
  readonly rule: FirewallRule
  readonly words: readonly string[]
}

function rulesOf(chain: Chain, chains: readonly Chain[], depth = 0): readonly Met[] {
  return chain.rules.flatMap((rule): readonly Met[] => {
    const words = wordsOf(rule.text)
    const target = words.find((word) => word.startsWith('verdict '))?.slice('verdict '.length)
    const called = chains.find(
      ({ hook, name, table, family }) =>
        hook === undefined &&
        name.toLowerCase() === target &&
        table === chain.table &&
        family === chain.family,
    )
    if (!called || depth > 8) return [{ own: chain, rule, words }]
    const conditions = words.filter((word) => !word.startsWith('verdict '))
    return rulesOf(called, chains, depth + 1).map((met) => ({
      own: met.own,
      rule: met.rule,
      words: conditions.concat(met.words),
    }))
  })
}

/** A table of the family inet sees the packets of IPv4 too. */
function familyOf({ family }: Chain): string {
  return family === 'ip' || family === 'inet' ? '' : `${family} `
}

function undoOf({ backend, family, table, name }: Chain, { text, handle }: FirewallRule): string {
  if (backend === 'nft') return `nft delete rule ${family} ${table} ${name} handle ${handle}`
  return `${family === 'ip6' ? 'ip6tables' : 'iptables'} -t ${table} -D ${name} ${text}`
}

/** An option of iptables, or a selector of nft, and the condition that it begins. */
const conditions: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^(?:-s|--source|ip6? saddr) /, 'source'],
  [/^(?:-d|--destination|ip6? daddr) /, 'destination'],
  [/^(?:-i|--in-interface|iifname|iif) /, 'in'],
  [/^(?:-o|--out-interface|oifname|oif) /, 'out'],
  [/^(?:--dports?|(?:tcp|udp|th) dport) /, 'to port'],
  [/^(?:--sports?|(?:tcp|udp|th) sport) /, 'from port'],
  [/^(?:--dst-type|fib daddr type) /, 'destination type'],
  [/^(?:-p|--protocol|meta l4proto|ip protocol) /, 'protocol'],
  [/^(?:--to-destination|--to-source) /, 'to'],
  [/^(?:dnat|snat)(?: ip)? to /, 'to'],
  [/^(?:-j|--jump|jump) /, 'verdict'],
]

/** What says nothing about which packets are met: modules, counters, comments. */
const silent =
  /^(?:-m (?:tcp|udp|addrtype|comment|conntrack|state|icmp)|--comment ("[^"]*"|\S+)|comment ("[^"]*"|\S+)|counter(?: packets \d+ bytes \d+)?|meta nfproto ipv4)(?= |$)/

function wordsOf(text: string): readonly string[] {
  const words: string[] = []
  let rest = text.trim().toLowerCase()
  while (rest !== '') {
    const skipped = silent.exec(rest)?.[0]
    if (skipped !== undefined) {
      rest = rest.slice(skipped.length).trimStart()
      continue
    }
    // iptables puts the exclamation mark before the option, nft before the value.
    let not = ''
    if (rest.startsWith('! ')) [not, rest] = ['not ', rest.slice(2).trimStart()]
    const [prefix, name] = started(rest)
    const nft = /^(tcp|udp) [ds]port /.exec(prefix)?.[1] ?? /^([ds]nat)/.exec(prefix)?.[1]
    if (nft) words.push(nft.endsWith('nat') ? `verdict ${nft}` : `protocol ${nft}`)
    rest = rest.slice(prefix.length).trimStart()
    if (rest.startsWith('!= ')) [not, rest] = ['not ', rest.slice(3).trimStart()]
    const value = /^("[^"]*"|\S+)/.exec(rest)?.[0] ?? ''
    rest = rest.slice(value.length).trimStart()
    const bare = value.replaceAll('"', '').replace(/\/32$/, '')
    words.push(name === '' && isVerdict(bare) ? `verdict ${bare}` : `${not}${name} ${bare}`.trim())
  }
  return words
}

function started(rest: string): readonly [prefix: string, name: string] {
  for (const [pattern, name] of conditions) {
    const prefix = pattern.exec(rest)?.[0]
    if (prefix !== undefined) return [prefix, name]
  }
  return ['', '']
}

function isVerdict(word: string): boolean {
  return /^(masquerade|accept|drop|reject|return)$/.test(word)
}
