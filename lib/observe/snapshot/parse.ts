// What was read of one node, as a value: each section is read for itself, and one that cannot be read is told of instead of failing.
import { parseBridge } from './parse/bridge.ts'
import { parseConnections } from './parse/connections.ts'
import { parseFiles } from './parse/files.ts'
import { isUntouched, parseIptables } from './parse/iptables.ts'
import { parseNft } from './parse/nft.ts'
import { parseIp, type UnpairedLink } from './parse/ip.ts'
import type { ObservedNode } from '../nodes.ts'
import type { Section } from './sections.ts'
import type { Chain, NodeState, Unread } from '../../kernel/state/state.ts'

/** A node whose links do not yet know their other ends. */
export type UnpairedNode = Omit<NodeState, 'links'> & {
  readonly links: readonly UnpairedLink[]
  /** What it calls the nodes that its links lead to: its own number for each of their namespaces, by their paths. */
  readonly ids: ReadonlyMap<number, string>
  readonly netns: string
}

/** `node` is undefined when nothing at all could be read. */
export type ReadNode = {
  readonly node: UnpairedNode | undefined
  readonly unread: readonly Unread[]
}

export function parseNode({ name, netns }: ObservedNode, sections: readonly Section[]): ReadNode {
  if (!sections.some(({ title }) => title === 'end')) {
    const reason = 'its namespace cannot be entered: it is gone, or not ours'
    return { node: undefined, unread: [{ node: name, what: 'all', reason }] }
  }
  const unread: Unread[] = []
  const text = (title: string) => sections.find((section) => section.title === title)?.text ?? ''
  const parsed = <Result>(what: string, parse: () => Result, otherwise: Result): Result => {
    try {
      return parse()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      unread.push({ node: name, what, reason })
      return otherwise
    }
  }
  const legacyOf = (family: 'ip' | 'ip6', title: string) =>
    parsed(title, () => parseIptables(text(title), family, 'iptables-legacy'), [])
  const ip = parsed('ip', () => parseIp(text('ip'), text('rules4'), text('rules6')), noIp)
  const nft = parsed('nft', () => parseNft(text('nft'), text('nft-text')), noNft)
  const iptables = [
    ...parsed('iptables', () => parseIptables(text('iptables-nft'), 'ip', 'iptables-nft'), []),
    ...parsed('ip6tables', () => parseIptables(text('ip6tables-nft'), 'ip6', 'iptables-nft'), []),
  ]
  for (const { title } of sections) {
    const [, how = '', what = ''] = /^(failed|hidden) (.*)$/.exec(title) ?? []
    const reason = how === 'failed' ? 'it failed' : "only the machine's own root is told its tables"
    if (what !== '') unread.push({ node: name, what, reason })
  }
  const node = {
    name,
    netns,
    ...ip,
    ids: idsIn(text('ids')),
    ...parsed('bridge', () => parseBridge(text('bridge')), { ports: [], forwarding: [] }),
    chains: [
      ...nft.chains.filter((chain) => !iptables.some((other) => isOfTable(other, chain))),
      ...iptables,
      ...legacyOf('ip', 'iptables-legacy'),
      ...legacyOf('ip6', 'ip6tables-legacy'),
    ].filter((chain) => !isUntouched(chain)),
    sets: nft.sets,
    groups: [],
    counters: {},
    connections: parsed('conntrack', () => parseConnections(text('conntrack')), []),
    ...parsed('files', () => parseFiles(text('files')), { listeners: [], sysctls: {} }),
  }
  return { node, unread }
}

const noIp = { links: [], routes: [], rules: [], neighbours: [] }
const noNft = { chains: [], sets: [] }

function idsIn(text: string): ReadonlyMap<number, string> {
  const lines = text.split('\n').filter((line) => line !== '')
  return new Map(
    lines.map((line) => [Number.parseInt(line, 10), line.slice(line.indexOf(' ') + 1)] as const),
  )
}

/** nft shows the tables of iptables-nft too, without the words for all that is in them. */
function isOfTable(a: Chain, b: Chain): boolean {
  return a.family === b.family && a.table === b.table
}
