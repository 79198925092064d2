// Lists the edges of a picture: veth pairs and tunnels between nodes, bridges with their ports, and interfaces between which a node forwards.
import type { Sides } from './sides.ts'
import type { Cable, Device, Topology, TopologyNode } from './topology.ts'

export type Edge = {
  /** `plug`: from a bridge to its port. `routing`: the node forwards packets between the two. */
  readonly kind: 'cable' | 'tunnel' | 'plug' | 'routing'
  readonly up: boolean
  readonly id: string
  readonly fromDevice: string
  readonly toDevice: string
  /** The ids of its ends: devices, or the bridge's `socket`. */
  readonly from: string
  readonly to: string
  /** The place on the bridge where the port is attached. */
  readonly socket?: string
  /** One that is not only keeps what leads outwards on its side. */
  readonly isDrawn: boolean
}

/** From the end that is farther from the Internet to the nearer one. */
export function edgesOf(topology: Topology, sides: Sides): readonly Edge[] {
  const between = (kind: 'cable' | 'tunnel') => (cable: Cable) => {
    const [from, to] = sides.inOrder(cable)
    return edge(kind, cable.up, idOf(from.node, from.link), idOf(to.node, to.link))
  }
  return [
    ...topology.cables.map(between('cable')),
    ...(topology.tunnels ?? []).map(between('tunnel')),
    ...topology.nodes.flatMap((node) => [...plugs(node, sides), ...routing(node, sides)]),
  ]
}

export function idOf(node: string, device: string): string {
  return `${node}/${device}`
}

function plugs({ name, interfaces, bridges }: TopologyNode, sides: Sides): readonly Edge[] {
  return interfaces.flatMap((port) => {
    const bridge = bridges.find((candidate) => candidate.name === port.bridge)
    if (!bridge) return []
    const up = port.up && bridge.up
    const [link, master] = [idOf(name, port.name), idOf(name, bridge.name)]
    return sides.isUplink(name, port.name)
      ? [atBridge(edge('plug', up, master, link), 'from')]
      : [atBridge(edge('plug', up, link, master), 'to')]
  })
}

/** Between devices with addresses; for a port, between its bridge and the other device. */
function routing(node: TopologyNode, { isUplink }: Sides): readonly Edge[] {
  const { name, interfaces, bridges, forwards } = node
  const free = interfaces.filter(({ bridge, name: link }) => bridge === undefined && link !== 'lo')
  const outer = free.filter((link) => isUplink(name, link.name))
  const inner: readonly Device[] = [
    ...bridges,
    ...free.filter((link) => !isUplink(name, link.name)),
  ]
  return inner.flatMap((from) =>
    outer.map((to) => {
      const isDrawn = forwards && from.up && to.up
      const wire = edge('routing', true, idOf(name, from.name), idOf(name, to.name), isDrawn)
      return bridges.includes(from) ? atBridge(wire, 'from') : wire
    }),
  )
}

function edge(kind: Edge['kind'], up: boolean, from: string, to: string, isDrawn = true): Edge {
  return {
    id: `${kind} ${from} ${to}`,
    kind,
    up,
    from,
    to,
    fromDevice: from,
    toDevice: to,
    isDrawn,
  }
}

function atBridge(wire: Edge, end: 'from' | 'to'): Edge {
  const socket = `socket ${wire.id}`
  return { ...wire, [end]: socket, socket }
}
