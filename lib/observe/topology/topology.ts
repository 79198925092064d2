// Describes what a picture of a network shows, from a snapshot of the kernel's state only; the JSON of `netdojo topology`.
import type { Link, NodeState } from '../../kernel/state/state.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { marksOf, type Mark } from './marks.ts'

/** Raised when a field changes its meaning; new fields may appear without it. */
export const topologyVersion = 1

export type Topology = {
  readonly version: typeof topologyVersion
  readonly nodes: readonly TopologyNode[]
  readonly cables: readonly Cable[]
  /** Absent without any. */
  readonly tunnels?: readonly Tunnel[]
}

export type TopologyNode = {
  readonly name: string
  /** Whether the node forwards packets between its interfaces. */
  readonly forwards: boolean
  readonly bridges: readonly Device[]
  readonly interfaces: readonly Interface[]
  readonly marks: readonly Mark[]
}

export type Device = {
  readonly name: string
  readonly kind?: string
  readonly up: boolean
  /** With their prefix, as `'172.18.0.1/24'`. */
  readonly addresses: readonly string[]
  /** Of a VXLAN device: the number of its network. */
  readonly vni?: number
}

export type Interface = Device & {
  /** The bridge of which it is a port. */
  readonly bridge?: string
  /** Its peer is in a namespace that is none of the nodes. */
  readonly leadsElsewhere?: true
}

/** A veth pair. */
export type Cable = { readonly ends: readonly [End, End]; readonly up: boolean }

/** Two VXLAN devices of which at least one sends to the other: by its remote address, or by an entry of its forwarding table. */
export type Tunnel = Cable

type End = { readonly node: string; readonly link: string }

export function topologyOf({ nodes }: Snapshot): Topology {
  const tunnels = tunnelsOf(nodes)
  return {
    version: topologyVersion,
    nodes: nodes.map(topologyNode),
    cables: nodes.flatMap((node) => cablesOf(node, nodes)),
    ...(tunnels.length === 0 ? {} : { tunnels }),
  }
}

function topologyNode(node: NodeState): TopologyNode {
  const { name, links, sysctls } = node
  const masters = new Set(links.map(({ master }) => master))
  const isBridge = (link: Link) => link.kind === 'bridge' || masters.has(link.name)
  return {
    name,
    forwards: ['ipv4', 'ipv6'].some(
      (family) => sysctls[`net.${family}.conf.all.forwarding`] === '1',
    ),
    bridges: links.filter(isBridge).map(device),
    interfaces: links.filter((link) => !isBridge(link) && isShown(link)).map(interfaceOf),
    marks: marksOf(node),
  }
}

/** Every namespace has a loopback device; it is shown only if it has an unusual address. */
function isShown(link: Link): boolean {
  return link.name !== 'lo' || addressesOf(link).length > 0
}

function device(link: Link): Device {
  const { name, kind, up, vxlan } = link
  return {
    name,
    ...(kind === undefined ? {} : { kind }),
    up,
    addresses: addressesOf(link),
    ...(vxlan === undefined ? {} : { vni: vxlan.id }),
  }
}

function interfaceOf(link: Link): Interface {
  const { master, peer } = link
  return {
    ...device(link),
    ...(master === undefined ? {} : { bridge: master }),
    ...(peer?.node === null ? { leadsElsewhere: true } : {}),
  }
}

/** Without the link-local addresses, which the kernel gives to each device. */
function addressesOf({ addresses }: Link): readonly string[] {
  return addresses
    .filter(({ scope, family }) => scope !== 'host' && (family === 4 || scope !== 'link'))
    .map(({ address, prefix }) => `${address}/${prefix}`)
}

/** Each pair once, from its first end. */
function cablesOf(node: NodeState, nodes: readonly NodeState[]): readonly Cable[] {
  return node.links.flatMap(({ name, index, peer, up }): readonly Cable[] => {
    if (!peer || peer.node === null) return []
    const position = nodes.indexOf(node)
    const otherPosition = nodes.findIndex((other) => other.name === peer.node)
    const other = nodes[otherPosition]?.links.find((link) => link.name === peer.link)
    if (!other || otherPosition < position) return []
    if (otherPosition === position && other.index < index) return []
    return [
      {
        ends: [
          { node: node.name, link: name },
          { node: peer.node, link: peer.link },
        ],
        up: up && other.up,
      },
    ]
  })
}

/** Tunnels between many machines would hide the picture: of a network with more ends, only the numbers are shown. */
const mostEnds = 6

function tunnelsOf(nodes: readonly NodeState[]): readonly Tunnel[] {
  const ends = nodes.flatMap((node) =>
    node.links.flatMap((link) => (link.vxlan ? [{ node, link, vxlan: link.vxlan }] : [])),
  )
  type TunnelEnd = (typeof ends)[number]
  const remotes = ({ node, link, vxlan }: TunnelEnd) => [
    vxlan.remote,
    ...node.forwarding
      .filter((entry) => entry.link === link.name)
      .map(({ destination }) => destination),
  ]
  const has = ({ node }: TunnelEnd, address: string | undefined) =>
    address !== undefined &&
    node.links.some(({ addresses }) => addresses.some((own) => own.address === address))
  const leadsTo = (one: TunnelEnd, other: TunnelEnd) =>
    remotes(one).some((address) => has(other, address))
  const networks = Map.groupBy(ends, ({ vxlan }) => `${vxlan.id} ${vxlan.port}`)
  return [...networks.values()]
    .filter(({ length }) => length <= mostEnds)
    .flatMap((all) =>
      all.flatMap((one, index) =>
        all
          .slice(index + 1)
          .filter((other) => leadsTo(one, other) || leadsTo(other, one))
          .map((other) => ({
            ends: [
              { node: one.node.name, link: one.link.name },
              { node: other.node.name, link: other.link.name },
            ] as const,
            up: one.link.up && other.link.up,
          })),
      ),
    )
}

/** A first layout takes much longer than later ones: draw this one while nobody waits. */
export const smallTopology: Topology = {
  version: 1,
  nodes: ['host', 'outside'].map((name) => ({
    name,
    forwards: false,
    bridges: [],
    interfaces: [{ name: 'eth0', up: true, addresses: [] }],
    marks: [],
  })),
  cables: [
    {
      ends: [
        { node: 'host', link: 'eth0' },
        { node: 'outside', link: 'eth0' },
      ],
      up: true,
    },
  ],
}
