// Joins the ends of veth pairs across namespaces: the kernel gives, for each end, the index of the other end and the id of its namespace.
import type { UnpairedLink } from './links.ts'
import type { Link, NodeState, Peer } from './state.ts'

/** In the place of a path, for the namespace of this process. */
export const ownNamespace = 'own'

type End = { readonly node: UnpairedState; readonly link: UnpairedLink }

/** A node whose links have unresolved peers. */
export type UnpairedState = Omit<NodeState, 'links'> & {
  readonly links: readonly UnpairedLink[]
  /** The ids that this namespace gives to others (netnsid), with the path of each. */
  readonly ids: ReadonlyMap<number, string>
  readonly netns: string
}

export function withPeers(nodes: readonly UnpairedState[]): readonly NodeState[] {
  const ends = new Map(
    nodes.flatMap((node) =>
      node.links.map((link) => [`${node.netns} ${link.index}`, { node, link }] as const),
    ),
  )
  const mirrored = Map.groupBy(ends.values(), ({ link }) => `${link.other?.index} ${link.index}`)
  return nodes.map((node) => {
    const { ids: _ids, netns: _netns, ...state } = node
    const links = node.links.map(({ other, ...link }): Link => {
      if (!other) return link
      const netns = other.namespace === undefined ? node.netns : node.ids.get(other.namespace)
      const key = `${link.index} ${other.index}`
      const end =
        netns === undefined
          ? (mirrored.get(key) ?? []).find((candidate) => leadsTo(candidate, node))
          : ends.get(`${netns} ${other.index}`)
      const peer: Peer = end
        ? { node: end.node.name, link: end.link.name }
        : { node: null, index: other.index }
      return { ...link, peer }
    })
    return { ...state, links }
  })
}

/** If one end has no id for the other's namespace, the other end may have one for this. An unknown peer is better than a wrong one. */
function leadsTo({ node, link }: End, wanted: UnpairedState): boolean {
  const namespace = link.other?.namespace
  return namespace !== undefined && node.ids.get(namespace) === wanted.netns
}
