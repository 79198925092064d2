// Takes a snapshot: a few readers share the nodes among them, and each reads one after the other; a node that vanishes meanwhile is told of.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { feed } from '../../exec/feed.ts'
import { worldNodes, type WorldNode } from './nodes.ts'
import { parseNode, type ReadNode } from './parse.ts'
import { withPeers } from './peers.ts'
import { sectionsOf } from './sections.ts'
import { snapshotVersion, type Snapshot } from './snapshot.ts'

const script = join(import.meta.dirname, 'read.pl')
const atOnce = availableParallelism()

export async function takeSnapshot(nodes: readonly WorldNode[] = worldNodes()): Promise<Snapshot> {
  const readers = Math.min(atOnce, nodes.length)
  const shares = Array.from({ length: readers }, (_, first) => readShare(nodes, first, readers))
  const read = new Map((await Promise.all(shares)).flat())
  // The order of the nodes, not that of the readers.
  const ordered = nodes.flatMap((node) => read.get(node) ?? [])
  return {
    version: snapshotVersion,
    nodes: withPeers(ordered.flatMap(({ node }) => node ?? [])),
    unread: ordered.flatMap(({ unread }) => unread),
  }
}

/** Every `step`th of them, from the `first` on. */
async function readShare(
  nodes: readonly WorldNode[],
  first: number,
  step: number,
): Promise<readonly (readonly [WorldNode, ReadNode])[]> {
  const paths = nodes.map(({ netns }) => netns)
  const { stdout } = await feed('perl', [script, `${first}`, `${step}`, ...paths], { input: '' })
  const sections = sectionsOf(stdout)
  const share = nodes.filter((_node, index) => index % step === first)
  return share.map((node) => [node, parseNode(node, sections.get(node.netns) ?? [])] as const)
}
