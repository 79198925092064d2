// Takes a plan back after a failure or a crash, when nobody knows how far it came; what others made under our names stays.
import type { Applier } from './applier.ts'
import type { Operation } from './operation.ts'
import { readLinks, type Link } from './read.ts'
import { undoPlan } from './undo.ts'

/** @throws NetdojoError when something of the plan is there and cannot be removed. */
export async function rollBack(applier: Applier, plan: readonly Operation[]): Promise<void> {
  await finish(applier, undoPlan(plan))
}

/** Applies removals of which some may have been done before. */
export async function finish(applier: Applier, removals: readonly Operation[]): Promise<void> {
  const links = await readLinks()
  const foreign = new Set(removals.filter((removal) => isForeign(removal, links)).map(linkOf))
  await applier.apply(
    removals.filter((removal) => 'netns' in removal || !foreign.has(linkOf(removal))),
    { tolerant: true },
  )
}

function isForeign(removal: Operation, links: readonly Link[]): boolean {
  if (removal.kind !== 'remove-link' || removal.mac === undefined) return false
  const found = links.find(({ name }) => name === removal.link)
  return found !== undefined && found.mac !== removal.mac
}

function linkOf(operation: Operation): string {
  return 'link' in operation ? operation.link : ''
}
