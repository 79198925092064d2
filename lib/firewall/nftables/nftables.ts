// Makes the nftables backend: a table of the family inet, and one of the family bridge for the sources of frames. A network, a
// published port or a container is a few elements and never a rule.
import { ownerChain } from '../../kernel/programs/nft.ts'
import type { NftOperation } from '../../kernel/operation.ts'
import type { Firewall, FirewallState } from '../firewall.ts'
import {
  elementsOf,
  forwardElement,
  guardElement,
  networkElements,
  type Element,
} from './elements.ts'
import { readTable, type TableContent } from './read-table.ts'
import { canCheckSources, hasSources, sourceChains, sourceElements, sourceSets } from './sources.ts'
import { bodyOf, chains, tableBody } from './table.ts'

/**
 * `table` is the table's name in both families. `owner` distinguishes it from another program's table with the same name,
 * which is never changed.
 */
export function nftables(own: { readonly table: string; readonly owner: string }): Firewall {
  const inet = ownTable(own)
  const bridge = ownTable({ ...own, family: 'bridge' })
  let sources: 'exist' | 'possible' | 'impossible' = 'impossible'
  return {
    name: 'nftables',
    async prepare() {
      // A table that was found once is one of the networks that exist: without it, a change fails, and is repaired.
      if (sources !== 'exist') sources = await sourcesNow(own.table)
    },
    start: (first) => [
      inet.table('create-table', tableBody({ networks: [first], forwards: [], guarded: [] })),
      ...(sources === 'impossible' ? [] : [bridge.table('create-table', sourceBody([]))]),
    ],
    stop: () => [inet.removal, ...(sources === 'exist' ? [bridge.removal] : [])],
    open: (network) => networkElements(network).map(inet.element('add-element')),
    close: (network) => networkElements(network).map(inet.element('remove-element')),
    guard: (families) => families.map(guardElement).map(inet.element('add-element')),
    unguard: (families) => families.map(guardElement).map(inet.element('remove-element')),
    restrict: (source) =>
      sources === 'exist' ? sourceElements(source).map(bridge.element('add-element')) : [],
    unrestrict: (source) =>
      sources === 'exist' ? sourceElements(source).map(bridge.element('remove-element')) : [],
    // `create`, not `add`: of two processes that publish the same port at the same time, only one succeeds.
    publish: (forwards) => forwards.map(forwardElement).map(inet.element('create-element')),
    unpublish: (forwards) => forwards.map(forwardElement).map(inet.element('remove-element')),
    async repair(state, { keepUnknown }) {
      const body = tableBody(state)
      const wanted = elementsOf(state)
      const operations = await repair(inet, state, { chains, body, wanted, keepUnknown })
      if ((await sourcesNow(own.table)) === 'impossible') return operations
      const guards = { chains: sourceChains, body: sourceBody(state.sources) }
      const elements = state.sources.flatMap(sourceElements)
      return [
        ...operations,
        ...(await repair(bridge, state, { ...guards, wanted: elements, keepUnknown })),
      ]
    },
  }
}

async function sourcesNow(table: string): Promise<'exist' | 'possible' | 'impossible'> {
  if (await hasSources(table)) return 'exist'
  return (await canCheckSources()) ? 'possible' : 'impossible'
}

function sourceBody(sources: FirewallState['sources']): readonly string[] {
  return bodyOf(sourceSets, sourceChains, sources.flatMap(sourceElements))
}

type ElementKind = Extract<NftOperation, { set: string }>['kind']
type OwnTable = ReturnType<typeof ownTable>

/** The operations on one of our tables. */
function ownTable(own: {
  readonly table: string
  readonly owner: string
  readonly family?: 'bridge'
}) {
  const { owner, ...named } = own
  return {
    named,
    owner,
    element: (kind: ElementKind) => (element: Element) => ({ kind, ...named, ...element }),
    table: (kind: 'create-table' | 'replace-table', body: readonly string[]) => ({
      kind,
      ...named,
      owner,
      body,
    }),
    removal: { kind: 'remove-table' as const, ...named, owner },
  }
}

type Wanted = {
  readonly chains: Readonly<Record<string, readonly string[]>>
  readonly body: readonly string[]
  readonly wanted: readonly Element[]
  readonly keepUnknown: boolean
}

async function repair(
  own: OwnTable,
  { networks }: FirewallState,
  { chains, body, wanted, keepUnknown }: Wanted,
): Promise<readonly NftOperation[]> {
  const found = await readTable(own.named.table, own.named.family)
  const isOurs = found?.rules.has(ownerChain(own.owner)) ?? false
  if (networks.length === 0) return isOurs && !keepUnknown ? [own.removal] : []
  if (found && !isOurs) {
    const { tableTaken } = await import('../../kernel/refusal.ts')
    throw tableTaken(own.named)
  }
  if (found && haveAllRules(found, chains)) {
    const missing = wanted.filter((element) => !found.elements.has(asRead(element)))
    if (missing.length === 0 && (keepUnknown || wanted.length === found.elements.size)) return []
    if (keepUnknown) return missing.map(own.element('add-element'))
  }
  return [own.table('replace-table', body)]
}

function haveAllRules({ rules }: TableContent, wanted: Wanted['chains']): boolean {
  return Object.entries(wanted).every(([chain, lines]) => rules.get(chain) === ruleCount(lines))
}

function asRead({ set, key, data }: Element): string {
  return `${set} ${[key, ...(data ? [data] : [])].map((parts) => parts.join(' . ')).join(' : ')}`
}

function ruleCount(lines: readonly string[]): number {
  return lines.filter((line) => !line.startsWith('type')).length
}
