// What takes an operation back; undoing what was never done, or is undone already, changes nothing.
import type { Operation } from './operation.ts'

/** The operations that undo a plan, last first; each is safe to apply whether or not its original was. */
export function undoPlan(plan: readonly Operation[]): readonly Operation[] {
  const made = new Set(plan.flatMap(linksMadeBy))
  // Addresses and routes of a link that is removed go with it.
  return plan
    .filter(
      (operation) => !('link' in operation) || isMaking(operation) || !made.has(at(operation)),
    )
    .toReversed()
    .flatMap(undo)
}

function isMaking({ kind }: Operation): boolean {
  return kind === 'add-bridge' || kind === 'add-veth'
}

function linksMadeBy(operation: Operation): readonly string[] {
  if (operation.kind === 'add-bridge') return [at(operation)]
  if (operation.kind === 'add-veth') return [at(operation), at(operation.peer)]
  return []
}

/** A link's name and the namespace that it is in: there is an `eth0` in each. */
function at(link: { readonly link: string; readonly netns?: string }): string {
  return `${link.netns ?? ''} ${link.link}`
}

function undo(operation: Operation): readonly Operation[] {
  switch (operation.kind) {
    case 'add-bridge':
    case 'add-veth':
      return [{ kind: 'remove-link', link: operation.link, mac: operation.mac }]
    case 'add-address':
      return [{ ...operation, kind: 'remove-address' }]
    case 'add-route':
      return [{ ...operation, kind: 'remove-route' }]
    case 'create-element':
    case 'add-element':
      return [{ ...operation, kind: 'remove-element' }]
    case 'add-chain':
      return [{ ...operation, kind: 'remove-chain' }]
    case 'append-rule':
    case 'insert-rule':
      return [{ ...operation, kind: 'remove-rule' }]
    // These end with the link that they are about.
    case 'set-link':
    case 'announce':
      return []
    // A switch may have been on before us, and others may rely on it by now: it stays, as with every other engine.
    case 'set-sysctl':
      return []
    case 'create-table':
      return [{ kind: 'remove-table', table: operation.table, owner: operation.owner }]
    // A repair brings what should be there already: there is nothing to go back to.
    case 'replace-table':
      return []
    // A removal is finished, never taken back: see lib/network/journal.ts.
    case 'remove-link':
    case 'remove-address':
    case 'remove-route':
    case 'remove-element':
    case 'remove-table':
    case 'remove-rule':
    case 'remove-chain':
    case 'flush-connections':
      return []
  }
}
