// Takes a snapshot: a few readers share the nodes among them, and each reads one after the other; a node that vanishes meanwhile is told of.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { runWithInput } from '../../exec/run-with-input.ts'
import { findNodes, type ObservedNode } from '../nodes.ts'
import { parseNode, type ReadNode } from './parse.ts'
import { withPeers } from './peers.ts'
import { sectionsOf } from './sections.ts'
import { snapshotVersion, type Snapshot } from './snapshot.ts'

const script = join(import.meta.dirname, 'read.pl')
const atOnce = availableParallelism()

export function takeSnapshot(nodes: readonly ObservedNode[] = findNodes()): Promise<Snapshot> {
  return startReaders(Math.min(atOnce, nodes.length))(nodes)
}

/** The readers are started now, and read when they are called, once. */
export function startReaders(
  readers = atOnce,
): (nodes?: readonly ObservedNode[]) => Promise<Snapshot> {
  const shares = Array.from({ length: readers }, (_, first) => startReader(first, readers))
  return async (nodes = findNodes()) => {
    const read = await Promise.all(shares.map((share) => share(nodes)))
    return snapshotOf(nodes, new Map(read.flat()))
  }
}

function snapshotOf(
  nodes: readonly ObservedNode[],
  read: ReadonlyMap<ObservedNode, ReadNode>,
): Snapshot {
  // The order of the nodes, not that of the readers.
  const ordered = nodes.flatMap((node) => read.get(node) ?? [])
  return {
    version: snapshotVersion,
    nodes: withPeers(ordered.flatMap(({ node }) => node ?? [])),
    unread: ordered.flatMap(({ unread }) => unread),
  }
}

/** Reads every `step`th of the nodes, from the `first` on. */
function startReader(first: number, step: number) {
  const paths = Promise.withResolvers<string>()
  const reading = runWithInput('perl', [script, `${first}`, `${step}`], { input: paths.promise })
  // Whoever asks is told of it.
  reading.catch(() => {})
  return async (nodes: readonly ObservedNode[]) => {
    paths.resolve(nodes.map(({ netns }) => `${netns}\n`).join(''))
    const sections = sectionsOf((await reading).stdout)
    const share = nodes.filter((_node, index) => index % step === first)
    return share.map((node) => [node, parseNode(node, sections.get(node.netns) ?? [])] as const)
  }
}
