// Parses what nft lists: the structure of chains, sets and maps from its JSON, the words of a rule from its text, joined by the handle.
import { sortedByText } from './sorted.ts'
import type { Chain, FirewallRule, NftSet } from './state.ts'

type RawChain = {
  family: string
  table: string
  name: string
  hook?: string
  prio?: number
  policy?: string
}
type RawRule = { family: string; table: string; chain: string; handle: number; expr: RawExpr[] }
type RawExpr = { counter?: { packets: number; bytes: number } | string }
type RawSet = { family: string; table: string; name: string; elem?: unknown[] }
type RawItem = { chain?: RawChain; rule?: RawRule; set?: RawSet; map?: RawSet }

export function parseNft(json: string, text: string) {
  const ruleset: { nftables: RawItem[] } = JSON.parse(json.trim() || '{"nftables":[]}')
  const { words, devices } = partsOfText(text)
  const rules = ruleset.nftables.flatMap(({ rule }) => rule ?? [])
  const chains = ruleset.nftables.flatMap(({ chain }) => chain ?? [])
  return {
    chains: chains.map((raw) =>
      chain(
        raw,
        devices.get(`${raw.family} ${raw.table} ${raw.name}`),
        rules.filter((rule) => isOf(rule, raw)).map((rule) => ruleOf(rule, words)),
      ),
    ),
    sets: ruleset.nftables.flatMap(({ set, map }) => set ?? map ?? []).map(setOf),
  }
}

/** Words by `family table handle`, since a handle is unique in its table; devices, which the JSON leaves out, by `family table chain`. */
function partsOfText(text: string) {
  const words = new Map<string, string>()
  const devices = new Map<string, string>()
  let [table, chain] = ['', '']
  for (const line of text.split('\n')) {
    const [, family = '', name = ''] = /^table (\S+) (\S+) \{/.exec(line) ?? []
    if (name !== '') table = `${family} ${name}`
    chain = /^\tchain (\S+) \{/.exec(line)?.[1] ?? chain
    const names = /^\t\ttype \w+ hook \w+ devices? (.*) priority/.exec(line)?.[1]
    if (names !== undefined)
      devices.set(
        `${table} ${chain}`,
        [...names.matchAll(/"(.*?)"/g)].map(([, device]) => device).join(', '),
      )
    const [, rule = '', handle = ''] = /^\t\t(.*) # handle (\d+)$/.exec(line) ?? []
    if (handle !== '')
      words.set(`${table} ${handle}`, rule.replace(/\bcounter packets \d+ bytes \d+/, 'counter'))
  }
  return { words, devices }
}

function chain(raw: RawChain, device: string | undefined, rules: readonly FirewallRule[]): Chain {
  return {
    backend: 'nft',
    family: raw.family,
    table: raw.table,
    name: raw.name,
    ...(raw.hook === undefined ? {} : { hook: raw.hook }),
    ...(raw.prio === undefined ? {} : { priority: raw.prio }),
    ...(raw.policy === undefined ? {} : { policy: raw.policy }),
    ...(device === undefined ? {} : { device }),
    rules,
  }
}

function isOf(rule: RawRule, { family, table, name }: RawChain): boolean {
  return rule.family === family && rule.table === table && rule.chain === name
}

function ruleOf(rule: RawRule, words: ReadonlyMap<string, string>): FirewallRule {
  const { family, table, handle, expr } = rule
  const text = words.get(`${family} ${table} ${handle}`) ?? JSON.stringify(expr)
  const counter = expr.map(({ counter: found }) => found).find((found) => typeof found === 'object')
  return { text, handle, ...(counter && { packets: counter.packets, bytes: counter.bytes }) }
}

function setOf({ family, table, name, elem = [] }: RawSet): NftSet {
  return { family, table, name, elements: sortedByText(elem.map(elementOf)) }
}

/** In a map, a pair of key and value; concatenations, ranges, prefixes and time-outs are objects. */
function elementOf(raw: unknown): NftSet['elements'][number] {
  if (Array.isArray(raw)) return { key: wordsOf(raw[0]), data: wordsOf(raw[1]) }
  return { key: wordsOf(raw) }
}

function wordsOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [String(value)]
  if ('concat' in value && Array.isArray(value.concat)) return value.concat.flatMap(wordsOf)
  if ('elem' in value) return wordsOf(value.elem)
  if ('val' in value) return wordsOf(value.val)
  if ('range' in value && Array.isArray(value.range)) return [value.range.map(String).join('-')]
  if ('prefix' in value && typeof value.prefix === 'object' && value.prefix !== null)
    return [Object.values(value.prefix).map(String).join('/')]
  return [JSON.stringify(value)]
}
