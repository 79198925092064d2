// Writes a topology as a Mermaid flowchart, which code hosts draw in a README.
import { sidesOf } from './sides.ts'
import type { Device, Interface, Topology, TopologyNode } from './topology.ts'

export function topologyMermaid(topology: Topology): string {
  const { nodes, cables, tunnels = [] } = topology
  const sides = sidesOf(topology)
  const id = idsOf(nodes)
  const lines = [
    'flowchart LR',
    ...nodes.flatMap((node) => subgraph(node, id)),
    ...cables.map((cable) => {
      const [from, to] = sides.inOrder(cable)
      return `  ${id(from.node, from.link)} ${cable.up ? '---' : '-.-'} ${id(to.node, to.link)}`
    }),
    ...tunnels.map(({ ends: [one, other], up }) => {
      const line = up ? '== tunnel ===' : '-. tunnel .-'
      return `  ${id(one.node, one.link)} ${line} ${id(other.node, other.link)}`
    }),
    '  classDef bridge fill:#e2f3ee,stroke:#00805d,color:#1b2733',
    '  classDef down stroke-dasharray:5 4',
    '  classDef marks fill:none,stroke:none,text-align:left',
  ]
  return `${lines.join('\n')}\n`
}

type Id = (node: string, device?: string) => string

/** Numbers stand for names, since a name may have characters that Mermaid interprets. */
function idsOf(nodes: readonly TopologyNode[]): Id {
  return (name, device) => {
    const index = nodes.findIndex((node) => node.name === name)
    const node = nodes[index]
    if (device === undefined || !node) return `n${index}`
    const devices = [...node.bridges, ...node.interfaces].map((candidate) => candidate.name)
    return `n${index}d${devices.indexOf(device)}`
  }
}

function subgraph(node: TopologyNode, id: Id): readonly string[] {
  const { name, bridges, interfaces, marks } = node
  const plugs = interfaces.flatMap((link) =>
    link.bridge === undefined ? [] : [`    ${id(name, link.name)} --- ${id(name, link.bridge)}`],
  )
  const notes = marks.map(({ text }) => quoted(text)).join('<br>')
  return [
    `  subgraph ${id(name)}["${quoted(name)}"]`,
    ...bridges.map((bridge) => `    ${id(name, bridge.name)}[["${words(bridge)}"]]:::bridge`),
    ...interfaces.map(
      (link) => `    ${id(name, link.name)}("${words(link)}")${link.up ? '' : ':::down'}`,
    ),
    ...(marks.length === 0 ? [] : [`    ${id(name)}m["${notes}"]:::marks`]),
    ...plugs,
    '  end',
  ]
}

function words(device: Device & Partial<Interface>): string {
  const { name, up, addresses, vni, leadsElsewhere } = device
  return [
    `<b>${quoted(name)}</b>${up ? '' : ' (down)'}`,
    ...addresses.map(quoted),
    ...(vni === undefined ? [] : [`VNI ${vni}`]),
    ...(leadsElsewhere ? ['leads elsewhere'] : []),
  ].join('<br>')
}

/** Characters by their number: `#35;` is the number sign. */
function quoted(text: string): string {
  return text
    .replaceAll(/\p{Cc}/gu, '?')
    .replaceAll(/[#&<>"'`\\;{}[\]|]/g, (character) => `#${character.codePointAt(0)};`)
}
