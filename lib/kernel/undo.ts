// Undoes plans, also after a crash, when it is unknown how much of a plan was applied; objects of other programs with our names
// stay.
import type { Operation } from './operation.ts'
import { isOwnOperation, ownKind } from './own-operations.ts'
import type { Applier } from './plan.ts'
import { readHost } from './read.ts'
import type { Link } from './state/state.ts'

/** The operations that undo a plan, last first; each is safe to apply even when its original was not, or was undone before. */
export function undoPlan(plan: readonly Operation[]): readonly Operation[] {
  const added = new Set(plan.flatMap(linksAddedBy))
  // The kernel removes a link's addresses and routes with the link.
  return plan
    .filter(
      (operation) => !('link' in operation) || addsLink(operation) || !added.has(at(operation)),
    )
    .toReversed()
    .flatMap(undo)
}

function addsLink({ kind }: Operation): boolean {
  return kind === 'add-bridge' || kind === 'add-veth' || kind === 'add-vxlan'
}

function linksAddedBy(operation: Operation): readonly string[] {
  if (operation.kind === 'add-bridge' || operation.kind === 'add-vxlan') return [at(operation)]
  if (operation.kind === 'add-veth') return [at(operation), at(operation.peer)]
  return []
}

/** A link's namespace and name: each namespace can have an `eth0`. */
function at(link: { readonly link: string; readonly netns?: string }): string {
  return `${link.netns ?? ''} ${link.link}`
}

function undo(operation: Operation): readonly Operation[] {
  if (isOwnOperation(operation)) return ownKind(operation).undo(operation.data)
  switch (operation.kind) {
    case 'add-bridge':
    case 'add-veth':
      return [{ kind: 'remove-link', link: operation.link, mac: operation.mac }]
    case 'add-vxlan':
      return [
        {
          kind: 'remove-link',
          link: operation.link,
          mac: operation.mac,
          ...(operation.netns === undefined ? {} : { netns: operation.netns }),
        },
      ]
    case 'add-forwarding-entry':
      return [{ ...operation, kind: 'remove-forwarding-entry' }]
    case 'add-neighbour':
      return [{ ...operation, kind: 'remove-neighbour' }]
    case 'add-address':
      return [{ ...operation, kind: 'remove-address' }]
    case 'add-route':
      return [{ ...operation, kind: 'remove-route' }]
    case 'add-policy-rule':
      return [{ ...operation, kind: 'remove-policy-rule' }]
    case 'create-element':
    case 'add-element':
      return [{ ...operation, kind: 'remove-element' }]
    case 'add-chain':
      return [{ ...operation, kind: 'remove-chain' }]
    case 'append-rule':
    case 'insert-rule':
      return [{ ...operation, kind: 'remove-rule' }]
    // These end with their link.
    case 'set-link':
    case 'announce':
      return []
    // Where the plan does not know what the sysctl was before, it stays.
    case 'set-sysctl':
      return operation.before === undefined
        ? []
        : [{ ...operation, value: operation.before, before: operation.value }]
    case 'create-table':
      return [
        {
          kind: 'remove-table',
          ...(operation.family ? { family: operation.family } : {}),
          table: operation.table,
          owner: operation.owner,
        },
      ]
    // A repair restores the recorded state: there is no earlier state to go back to.
    case 'replace-table':
    case 'replace-forwarding-entry':
    case 'replace-neighbour':
      return []
    // The journal keeps the operations that bring the route before it back.
    case 'replace-route':
      return []
    // A removal is finished, never undone: see lib/network/journal.ts.
    case 'remove-link':
    case 'remove-address':
    case 'remove-route':
    case 'remove-forwarding-entry':
    case 'remove-neighbour':
    case 'remove-policy-rule':
    case 'remove-element':
    case 'remove-table':
    case 'remove-rule':
    case 'remove-chain':
    case 'flush-connections':
      return []
  }
}

/** @throws NetdojoError when an object of the plan exists and cannot be removed. */
export async function rollBack(applier: Applier, plan: readonly Operation[]): Promise<void> {
  await finish(applier, undoPlan(plan))
}

/** Applies removals, of which some may have been applied before. */
export async function finish(applier: Applier, removals: readonly Operation[]): Promise<void> {
  const foreign = new Set<string>()
  const isRemoval = (removal: Operation) =>
    removal.kind === 'remove-link' && removal.mac !== undefined
  for (const netns of new Set([undefined, ...removals.filter(isRemoval).map(namespaceOf)])) {
    const { links } = await readHost(netns).catch((error: unknown) => {
      // In a namespace that is gone, nothing is left.
      if (netns === undefined) throw error
      return { links: [] }
    })
    for (const removal of removals)
      if (namespaceOf(removal) === netns && isForeign(removal, links)) foreign.add(linkOf(removal))
  }
  await applier.apply(
    removals.filter((removal) => !foreign.has(linkOf(removal))),
    { tolerant: true },
  )
}

function isForeign(removal: Operation, links: readonly Pick<Link, 'name' | 'mac'>[]): boolean {
  if (removal.kind !== 'remove-link' || removal.mac === undefined) return false
  const found = links.find(({ name }) => name === removal.link)
  return found !== undefined && found.mac !== removal.mac
}

function namespaceOf(operation: Operation): string | undefined {
  return 'netns' in operation ? operation.netns : undefined
}

function linkOf(operation: Operation): string {
  return 'link' in operation ? at({ ...operation, netns: namespaceOf(operation) ?? '' }) : ''
}
