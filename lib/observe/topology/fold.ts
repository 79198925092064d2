// Folds the ends of a network that are alike: of more than 12 on one bridge, all but the first stand in the picture as one node.
import { sidesOf, type Sides } from './sides.ts'
import type { Interface, Topology, TopologyNode } from './topology.ts'

/** A node of the picture that stands for several. */
export type Fold = {
  /** The name in the picture: `ns3 to ns180`. */
  readonly name: string
  readonly members: readonly string[]
  /** For the id of each folded device (`ns4/eth0`, `host/veth4`), the id in the picture. */
  readonly devices: Readonly<Record<string, string>>
}

const most = 12
/** So many of a group are drawn all the same, as examples. */
const examples = 2

type End = {
  readonly node: TopologyNode
  readonly link: Interface
  readonly hub: string
  readonly port: Interface
}

/** @param keep the names of nodes that must be drawn singly. */
export function folded(
  topology: Topology,
  keep: ReadonlySet<string> = new Set(),
): { readonly topology: Topology; readonly folds: readonly Fold[] } {
  const sides = sidesOf(topology)
  const ends = topology.nodes.flatMap((node) => endOf(node, topology, sides))
  const groups = [...Map.groupBy(ends, likeness).values()].filter(({ length }) => length > most)
  const hidden = groups.map((group) =>
    group.filter(({ node }, index) => index >= examples && !keep.has(node.name)),
  )
  const folds = hidden.filter(({ length }) => length > 1).map(merged)
  if (folds.length === 0) return { topology, folds: [] }
  const gone = new Set(folds.flatMap(({ fold }) => fold.members))
  const ports = new Set(folds.flatMap(({ fold }) => Object.keys(fold.devices)))
  return {
    folds: folds.map(({ fold }) => fold),
    topology: {
      ...topology,
      nodes: [
        ...topology.nodes
          .filter(({ name }) => !gone.has(name))
          .map((node) =>
            Object.assign({}, node, {
              interfaces: [
                ...node.interfaces.filter(({ name }) => !ports.has(`${node.name}/${name}`)),
                ...folds.flatMap(({ hub, port }) => (hub === node.name ? [port] : [])),
              ],
            }),
          ),
        ...folds.map(({ node }) => node),
      ],
      cables: [
        ...topology.cables.filter((cable) => !cable.ends.some(({ node }) => gone.has(node))),
        ...folds.map(({ node, link, hub, port }) => ({
          ends: [
            { node: node.name, link: link.name },
            { node: hub, link: port.name },
          ] as const,
          up: port.up && link.up,
        })),
      ],
    },
  }
}

/** A node with one interface, which leads to a port of a bridge nearer to the Internet. */
function endOf(node: TopologyNode, { nodes, cables }: Topology, sides: Sides): readonly End[] {
  const [link] = node.interfaces
  const own = cables.filter(({ ends }) => ends.some((end) => end.node === node.name))
  const [cable] = own
  if (!link || !cable || own.length > 1 || node.interfaces.length > 1 || node.bridges.length > 0)
    return []
  const [from, to] = sides.inOrder(cable)
  const port = nodes
    .find(({ name }) => name === to.node)
    ?.interfaces.find(({ name }) => name === to.link)
  if (from.node !== node.name || port?.bridge === undefined) return []
  return [{ node, link, hub: to.node, port }]
}

function likeness({ node, link, hub, port }: End): string {
  const kinds = node.marks.map(({ kind }) => kind)
  return JSON.stringify([hub, port.bridge, port.up, link.up, link.addresses.length, kinds])
}

function merged(ends: readonly End[]) {
  const name = span(ends.map(({ node }) => node.name))
  const first = ends[0]
  if (!first) throw new Error('a fold has members')
  const addresses = first.link.addresses.map((_, index) =>
    span(
      ends.map(({ link }) => link.addresses[index] ?? ''),
      ' … ',
    ),
  )
  const link = { ...first.link, name: first.link.name, addresses }
  const port = { ...first.port, name: span(ends.map(({ port }) => port.name)), addresses: [] }
  const node: TopologyNode = {
    name,
    forwards: false,
    bridges: [],
    interfaces: [link],
    marks: first.node.marks.filter(({ text }) =>
      ends.every((end) => end.node.marks.some((mark) => mark.text === text)),
    ),
  }
  const devices = ends.flatMap((end): [string, string][] => [
    [`${end.node.name}/${end.link.name}`, `${name}/${link.name}`],
    [`${end.hub}/${end.port.name}`, `${end.hub}/${port.name}`],
  ])
  const members = ends.map((end) => end.node.name)
  const fold: Fold = { name, members, devices: Object.fromEntries(devices) }
  return { fold, node, link, port, hub: first.hub }
}

/** In the order of their numbers: `ns3 to ns180`. */
function span(names: readonly string[], between = ' to '): string {
  const sorted = names.toSorted(new Intl.Collator('en', { numeric: true }).compare)
  const [first = '', last = ''] = [sorted[0], sorted.at(-1)]
  return first === last ? first : `${first}${between}${last}`
}
