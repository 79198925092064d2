// Joins the ends of veth pairs across namespaces: each end knows the other's index, and its own namespace's number for the other's.
import type { UnpairedLink } from './parse/ip.ts'
import type { UnpairedNode } from './parse.ts'
import type { Link, NodeState, Peer } from '../../kernel/state/state.ts'

type End = { readonly node: UnpairedNode; readonly link: UnpairedLink }

/** The nodes, their veth devices with their peers. */
export function withPeers(nodes: readonly UnpairedNode[]): readonly NodeState[] {
  const ends = new Map<string, End[]>()
  for (const node of nodes)
    for (const link of node.links) {
      if (!link.other) continue
      const key = `${link.index} ${link.other.index}`
      ends.set(key, [...(ends.get(key) ?? []), { node, link }])
    }
  return nodes.map(({ ids, netns, ...node }) => ({
    ...node,
    links: node.links.map((link) => paired({ node: { ids, netns, ...node }, link }, ends)),
  }))
}

function paired(end: End, ends: ReadonlyMap<string, readonly End[]>): Link {
  const { other, ...link } = end.link
  if (!other) return link
  const mirrored = ends.get(`${other.index} ${link.index}`) ?? []
  const possible = mirrored.filter((candidate) => mayBe(end, candidate) && mayBe(candidate, end))
  const [only, ...more] = possible
  const peer: Peer =
    only && more.length === 0
      ? { node: only.node.name, link: only.link.name }
      : { node: null, index: other.index }
  return { ...link, peer }
}

/** Whether `candidate` is in the namespace that `end` names. */
function mayBe({ node, link }: End, candidate: End): boolean {
  const namespace = link.other?.namespace
  if (namespace === undefined) return candidate.node.name === node.name && candidate.link !== link
  // One that is not among the nodes has no number here: rather no answer than that of another with the same indices.
  return node.ids.get(namespace) === candidate.node.netns
}
