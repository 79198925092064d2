// Parses what `nft -a -y list ruleset` prints: chains with their rules and handles, and the elements of sets and maps.
//
// Not its JSON: nft 1.0.6 -j damages its own memory when a table goes away while it lists.
import { sortedByText } from './sorted.ts'
import type { Chain, FirewallRule, NftSet } from './state.ts'

type Table = { readonly family: string; readonly table: string }
type OpenChain = Chain & { rules: FirewallRule[] }

export function parseNft(text: string): {
  readonly chains: readonly Chain[]
  readonly sets: readonly NftSet[]
} {
  const chains: OpenChain[] = []
  const sets: NftSet[] = []
  let table: Table = { family: '', table: '' }
  let chain: OpenChain | undefined
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const [, block = '', first = '', second = ''] =
      /^\t?(table|chain|set|map|flowtable) (\S+) (?:(\S+) )?\{/.exec(line) ?? []
    if (block === 'table') table = { family: first, table: second }
    if (block !== '') chain = undefined
    if (block === 'chain')
      chains.push((chain = { backend: 'nft', ...table, name: first, rules: [] }))
    if (block === 'set' || block === 'map') sets.push({ ...table, name: first, elements: [] })
    if (line.startsWith('\t\telements = {')) {
      // They go on over several lines.
      const start = at
      while (!(lines[at] ?? '}').endsWith('}')) at += 1
      const listed = lines.slice(start, at + 1).join(' ')
      const set = sets.at(-1)
      if (set) sets[sets.length - 1] = { ...set, elements: sortedByText(elementsIn(listed)) }
    }
    if (chain && line.startsWith('\t\t')) addLine(chains, chain, line.trim())
  }
  return { chains, sets }
}

/** A rule, or the properties of the chain. */
function addLine(chains: OpenChain[], chain: OpenChain, line: string): void {
  const [, rule, handle] = /^(.*) # handle (\d+)$/.exec(line) ?? []
  if (rule !== undefined) {
    const [, packets, bytes] = / ?\bcounter packets (\d+) bytes (\d+)/.exec(rule) ?? []
    chain.rules.push({
      text: rule.replace(/\bcounter packets \d+ bytes \d+/, 'counter'),
      handle: Number(handle),
      ...(packets === undefined ? {} : { packets: Number(packets), bytes: Number(bytes) }),
    })
    return
  }
  const [, hook, devices, priority, policy] =
    /^type \S+ hook (\S+)(?: devices? (.*?))? priority (-?\d+);(?: policy (\w+);)?/.exec(line) ?? []
  if (hook === undefined) return
  const names = [...(devices ?? '').matchAll(/"(.*?)"/g)].map(([, name]) => name)
  chains[chains.length - 1] = Object.assign(chain, {
    hook,
    priority: Number(priority),
    ...(policy === undefined ? {} : { policy }),
    ...(names.length === 0 ? {} : { device: names.join(', ') }),
  })
}

/** `elements = { tcp . 8080 : 172.18.0.3 . 80, 10.0.0.1 timeout 1h expires 59m comment "a, b" }`. */
function elementsIn(text: string): NftSet['elements'] {
  const inside = text.slice(text.indexOf('{') + 1, text.lastIndexOf('}'))
  // A comma in a comment separates nothing.
  const elements = inside.match(/(?:"[^"]*"|[^,"])+/g) ?? []
  return elements.map((element) => {
    const [key = '', data] = element.trim().split(' : ')
    return data === undefined ? { key: partsOf(key) } : { key: partsOf(key), data: partsOf(data) }
  })
}

/** The parts of a concatenation, without the timeout and comment of the element. */
function partsOf(text: string): readonly string[] {
  const about = / (?:timeout|expires|comment|counter|limit|quota|last) .*$/
  return text
    .replace(about, '')
    .split(' . ')
    .map((part) => part.trim().replaceAll('"', ''))
}
