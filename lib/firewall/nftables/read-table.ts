// Reads our table from the kernel, in a form that can be compared with the wanted content.
import { run } from '../../exec/run.ts'
import { etherTypes, setOfPackets } from './elements.ts'

export type TableContent = {
  /** The number of rules of each chain. */
  readonly rules: ReadonlyMap<string, number>
  /** Each element as `SET KEY [: DATA]`, the parts joined by ` . `. */
  readonly elements: ReadonlySet<string>
}

/** @returns undefined when the table does not exist. */
export async function readTable(
  table: string,
  family: 'inet' | 'bridge' = 'inet',
): Promise<TableContent | undefined> {
  const { stdout, exitCode } = await run('nft', ['-j', 'list', 'table', family, table], {
    allowFailure: true,
  })
  if (exitCode !== 0) return undefined
  const { nftables }: { nftables: Item[] } = JSON.parse(stdout)
  const rules = new Map<string, number>()
  const elements = new Set<string>()
  for (const { chain, rule, set, map } of nftables) {
    if (chain) rules.set(chain.name, rules.get(chain.name) ?? 0)
    if (rule) rules.set(rule.chain, (rules.get(rule.chain) ?? 0) + 1)
    const holder = set ?? map
    // The packets themselves add to the others.
    if (!holder || holder.name === setOfPackets) continue
    for (const element of holder.elem ?? []) elements.add(`${holder.name} ${textOf(element)}`)
  }
  return { rules, elements }
}

type Item = {
  chain?: { name: string }
  rule?: { chain: string }
  set?: { name: string; elem?: Value[] }
  map?: { name: string; elem?: Value[] }
}
/** A value in nft's JSON: a word, a concatenated key, a prefix, or a map's pair of key and data. */
type Value =
  | string
  | number
  | Value[]
  | { concat: Value[] }
  | { prefix: { addr: string; len: number } }

const numbers: Readonly<Record<string, string>> = { ip: etherTypes[4], ip6: etherTypes[6] }

function textOf(value: Value): string {
  if (Array.isArray(value)) return value.map(textOf).join(' : ')
  if (typeof value !== 'object') return numbers[value] ?? String(value)
  if ('prefix' in value) return `${value.prefix.addr}/${value.prefix.len}`
  return value.concat.map(textOf).join(' . ')
}
