// Which way a picture runs: everything leads towards the Internet, so each cable has an end that is nearer to it.
import type { Cable, Topology, TopologyNode } from './topology.ts'

export type Sides = {
  /** In cables, from the end of the world. */
  readonly distance: (node: string) => number
  /** Whether the interface's cable leads towards the Internet. */
  readonly isUplink: (node: string, link: string) => boolean
  /** Whether anything is plugged into the node from the far side, or from the near one. */
  readonly has: (node: string, side: 'uplink' | 'downlink') => boolean
  /** The cable's ends, the farther one first. */
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

/** How many cables each node is away from the end of the world. */
function distances({ nodes, cables }: Topology): ReadonlyMap<string, number> {
  const distance = new Map<string, number>()
  // Not everything need be connected: each part has a node to begin with.
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

/** The sandbox calls the Internet `outside`; without it, whoever has the most cables is in the middle. */
function starts(nodes: readonly TopologyNode[], cables: readonly Cable[]): readonly string[] {
  const plugs = (name: string) =>
    cables.filter(({ ends }) => ends.some(({ node }) => node === name)).length
  const weight = (name: string) => (name === 'outside' ? Infinity : plugs(name))
  // Among equals the last: names then run in the direction of reading.
  const names = nodes.map(({ name }) => name).toReversed()
  return names.toSorted((a, b) => (weight(b) > weight(a) ? 1 : weight(b) < weight(a) ? -1 : 0))
}
