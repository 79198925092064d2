// Finds the direction of a picture: each veth pair has an end that is nearer to the Internet.
import type { Cable, Topology, TopologyNode } from './topology.ts'

export type Sides = {
  /** The number of veth pairs from the node to the Internet. */
  readonly distance: (node: string) => number
  /** Whether the interface leads towards the Internet. */
  readonly isUplink: (node: string, link: string) => boolean
  /** Whether anything is attached to the node on the far side, or on the near one. */
  readonly has: (node: string, side: 'uplink' | 'downlink') => boolean
  /** The two ends, the farther one first. */
  readonly inOrder: (cable: Cable) => Cable['ends']
}

export function sidesOf(topology: Topology): Sides {
  const distance = distances(topology)
  const far = (node: string) => distance.get(node) ?? 0
  const inOrder = ({ ends }: Cable): Cable['ends'] => {
    const [first, second] = ends
    const isFirst =
      far(first.node) === far(second.node)
        ? first.node <= second.node
        : far(first.node) > far(second.node)
    return isFirst ? [first, second] : [second, first]
  }
  const ordered = topology.cables.map(inOrder)
  return {
    distance: far,
    isUplink: (node, link) => ordered.some(([from]) => from.node === node && from.link === link),
    has: (node, side) =>
      ordered.some(([from, to]) => (side === 'uplink' ? from : to).node === node),
    inOrder,
  }
}

/** The number of veth pairs from each node to the Internet. */
function distances({ nodes, cables }: Topology): ReadonlyMap<string, number> {
  const distance = new Map<string, number>()
  // The network may have several unconnected parts: each has its own first node.
  for (const start of starts(nodes, cables)) {
    const queue = distance.has(start) ? [] : [start]
    if (queue.length > 0) distance.set(start, 0)
    for (const name of queue)
      for (const { ends } of cables) {
        const other = ends.find(({ node }) => node !== name)
        if (!ends.some(({ node }) => node === name) || !other || distance.has(other.node)) continue
        distance.set(other.node, (distance.get(name) ?? 0) + 1)
        queue.push(other.node)
      }
  }
  return distance
}

/** The node `outside` is the Internet of the sandbox; without it, the node with the most veth pairs comes first. */
function starts(nodes: readonly TopologyNode[], cables: readonly Cable[]): readonly string[] {
  const plugs = (name: string) =>
    cables.filter(({ ends }) => ends.some(({ node }) => node === name)).length
  const weight = (name: string) => (name === 'outside' ? Infinity : plugs(name))
  // Among equals the last one, so that the names run in the reading direction.
  const names = nodes.map(({ name }) => name).toReversed()
  return names.toSorted((a, b) => (weight(b) > weight(a) ? 1 : weight(b) < weight(a) ? -1 : 0))
}
