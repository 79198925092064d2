// Makes the nftables backend: one table, in which a network or a published port is a few elements and never a rule.
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
import { chains, tableBody } from './table.ts'

/**
 * `table` is the table's name in family inet. `owner` distinguishes it from another program's table with the same name, which is
 * never changed.
 */
export function nftables({ table, owner }: OwnTable): Firewall {
  const element = (kind: ElementKind) => withKind(table, kind)
  return {
    name: 'nftables',
    start: (first) => [{ kind: 'create-table', table, owner, body: body([first]) }],
    stop: () => [{ kind: 'remove-table', table, owner }],
    open: (network) => networkElements(network).map(element('add-element')),
    close: (network) => networkElements(network).map(element('remove-element')),
    guard: (families) => families.map(guardElement).map(element('add-element')),
    unguard: (families) => families.map(guardElement).map(element('remove-element')),
    // `create`, not `add`: of two processes that publish the same port at the same time, only one succeeds.
    publish: (forwards) => forwards.map(forwardElement).map(element('create-element')),
    unpublish: (forwards) => forwards.map(forwardElement).map(element('remove-element')),
    repair: (state, { keepUnknown }) => repair({ table, owner }, state, keepUnknown),
  }
}

function withKind(table: string, kind: ElementKind) {
  return (element: Element) => ({ kind, table, ...element })
}

type OwnTable = { readonly table: string; readonly owner: string }
type ElementKind = Extract<NftOperation, { set: string }>['kind']

function body(networks: FirewallState['networks']): readonly string[] {
  return tableBody({ networks, forwards: [], guarded: [] })
}

async function repair(
  own: OwnTable,
  state: FirewallState,
  keepUnknown: boolean,
): Promise<readonly NftOperation[]> {
  const { table } = own
  const found = await readTable(table)
  const isOurs = found?.rules.has(ownerChain(own.owner)) ?? false
  if (state.networks.length === 0)
    return isOurs && !keepUnknown ? [{ kind: 'remove-table', ...own }] : []
  if (found && !isOurs) {
    const { tableTaken } = await import('../../kernel/refusal.ts')
    throw tableTaken(table)
  }
  if (found && haveAllRules(found)) {
    const wanted = elementsOf(state)
    const missing = wanted.filter((element) => !found.elements.has(asRead(element)))
    if (missing.length === 0 && (keepUnknown || wanted.length === found.elements.size)) return []
    if (keepUnknown) return missing.map(withKind(table, 'add-element'))
  }
  return [{ kind: 'replace-table', ...own, body: tableBody(state) }]
}

function haveAllRules({ rules }: TableContent): boolean {
  return Object.entries(chains).every(([chain, lines]) => rules.get(chain) === ruleCount(lines))
}

function asRead({ set, key, data }: Element): string {
  return `${set} ${[key, ...(data ? [data] : [])].map((parts) => parts.join(' . ')).join(' : ')}`
}

function ruleCount(lines: readonly string[]): number {
  return lines.filter((line) => !line.startsWith('type')).length
}
