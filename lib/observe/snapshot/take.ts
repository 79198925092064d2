// Takes a snapshot: a few shells share the nodes among them, and each reads one after the other; a node that vanishes meanwhile is told of.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { feed } from '../../exec/feed.ts'
import { worldNodes, type WorldNode } from './nodes.ts'
import { parseNode, type ReadNode } from './parse.ts'
import { withPeers } from './peers.ts'
import { sectionsOf } from './sections.ts'
import { snapshotVersion, type Snapshot } from './snapshot.ts'

const script = join(import.meta.dirname, 'read.sh')
// While one reads from the kernel, another waits for a program to start.
const atOnce = availableParallelism() * 2

export async function takeSnapshot(nodes: readonly WorldNode[] = worldNodes()): Promise<Snapshot> {
  const shares = Array.from({ length: Math.min(atOnce, nodes.length) }, (_, first) =>
    nodes.filter((_node, index) => index % atOnce === first),
  )
  const read = new Map((await Promise.all(shares.map(readShare))).flat())
  // The order of the nodes, not that of the shells.
  const ordered = nodes.flatMap((node) => read.get(node) ?? [])
  return {
    version: snapshotVersion,
    nodes: withPeers(ordered.flatMap(({ node }) => node ?? [])),
    unread: ordered.flatMap(({ unread }) => unread),
  }
}

async function readShare(
  share: readonly WorldNode[],
): Promise<readonly (readonly [WorldNode, ReadNode])[]> {
  const paths = share.map(({ netns }) => netns)
  const { stdout } = await feed('sh', [script, ...paths], { input: '' })
  const sections = sectionsOf(stdout)
  return share.map((node) => [node, parseNode(node.name, sections.get(node.netns) ?? [])] as const)
}
