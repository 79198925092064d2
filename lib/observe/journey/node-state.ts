// What the kernel holds on one node that a journey refers to: devices, neighbours, forwarding tables, connections, rules, settings.
import { NetdojoError } from '../../errors.ts'
import { runIn } from '../../exec/namespace.ts'
import type { ObservedNode } from '../capture/nodes.ts'
import { readConnections, type Connection } from './connections.ts'
import { readCounters, type Counters } from './counters.ts'
import { readLegacyRules, readRules, type LegacyRule, type Rule } from './rules.ts'

export type Device = {
  readonly index: number
  readonly name: string
  readonly type: string
  readonly mac: string
  readonly mtu: number
  readonly up: boolean
  /** Whether something is at the other end of the cable. */
  readonly carrier: boolean
  readonly master: string | null
}

export type NodeState = {
  readonly node: string
  readonly devices: readonly Device[]
  /** Addresses of its own. */
  readonly addresses: readonly string[]
  readonly neighbours: readonly Neighbour[]
  readonly forwarding: readonly ForwardingEntry[]
  readonly ports: readonly Port[]
  readonly connections: readonly Connection[]
  readonly rules: readonly Rule[]
  readonly legacy: readonly LegacyRule[]
  readonly counters: Counters
  /** `net/ipv4/ip_forward` -> `1`. */
  readonly settings: Readonly<Record<string, string>>
}

type Neighbour = {
  readonly address: string
  readonly device: string
  readonly mac: string | null
  readonly state: string
}
type ForwardingEntry = {
  readonly mac: string
  readonly port: string
  readonly bridge: string | null
  readonly own: boolean
}
type Port = {
  readonly device: string
  readonly bridge: string
  readonly state: string
  readonly isolated: boolean
}

/** A program that is not there, or refuses, leaves its part empty. */
export async function readNodeState(node: ObservedNode): Promise<NodeState> {
  const { stdout, stderr } = await runIn(node.netns, 'sh', ['-c', script], { allowFailure: true })
  const parts = sections(stdout)
  if (!parts.has('devices')) throw unreadable(node.name, stderr)
  const text = (name: string) => parts.get(name) ?? ''
  return {
    node: node.name,
    devices: json<RawLink>(text('devices')).map(device),
    addresses: json<RawAddress>(text('addresses')).flatMap(({ addr_info = [] }) =>
      addr_info.map(({ local }) => local),
    ),
    neighbours: json<RawNeighbour>(text('neighbours')).map(neighbour),
    forwarding: json<RawForwarding>(text('forwarding')).map(({ mac, ifname, master, state }) => ({
      mac,
      port: ifname,
      bridge: master ?? null,
      own: state === 'permanent',
    })),
    ports: json<RawPort>(text('ports')).flatMap(({ ifname, master, state, isolated }) =>
      master ? [{ device: ifname, bridge: master, state, isolated: isolated ?? false }] : [],
    ),
    connections: readConnections(text('connections')),
    rules: readRules(text('nft'), text('iptables'), text('ip6tables')),
    legacy: readLegacyRules(text('legacy')),
    counters: readCounters(text('counters')),
    settings: Object.fromEntries(
      text('settings')
        .split('\n')
        .flatMap((line) => {
          const [path = '', value] = line.split(':')
          return value === undefined ? [] : [[path.replace('/proc/sys/', ''), value]]
        }),
    ),
  }
}

// iptables of the older kind is asked only where it has tables: asking it elsewhere would load it into the kernel.
const script = `
part() { printf '\\n=== %s\\n' "$1"; }
part devices; ip -j -d link show
part addresses; ip -j address show
part neighbours; ip -j neighbour show
part forwarding; bridge -j fdb show
part ports; bridge -j -d link show
part connections; conntrack -L -o extended
part nft; nft -a list ruleset
part iptables; iptables-nft-save
part ip6tables; ip6tables-nft-save
part legacy; [ ! -s /proc/net/ip_tables_names ] || iptables-legacy-save -c
part counters; cat /proc/net/snmp /proc/net/netstat
part settings; cd /proc/sys/net; grep -H . /proc/sys/net/ipv4/conf/*/forwarding /proc/sys/net/ipv4/conf/*/rp_filter \
  /proc/sys/net/ipv4/conf/*/route_localnet /proc/sys/net/ipv6/conf/*/forwarding \
  /proc/sys/net/ipv4/icmp_echo_ignore_all /proc/sys/net/bridge/bridge-nf-call-iptables
`

function sections(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^=== (\w+)$/m).slice(1)
  return new Map(
    parts.flatMap((name, index) =>
      index % 2 === 0 ? [[name, parts[index + 1]?.trim() ?? ''] as const] : [],
    ),
  )
}

type RawLink = {
  ifindex: number
  ifname: string
  linkinfo?: { info_kind?: string }
  address?: string
  mtu: number
  master?: string
  flags: string[]
}
type RawAddress = { addr_info?: { local: string }[] }
type RawNeighbour = { dst: string; dev: string; lladdr?: string; state?: string[] }
type RawForwarding = { mac: string; ifname: string; master?: string; state?: string }
type RawPort = { ifname: string; master?: string; state: string; isolated?: boolean }

/** `ip -j` prints nothing at all for an empty answer. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- each caller names what the program prints
function json<Raw extends object>(text: string): readonly Raw[] {
  try {
    const items: Raw[] = JSON.parse(text || '[]')
    return items.filter((item) => Object.keys(item).length > 0)
  } catch {
    return []
  }
}

function device(raw: RawLink): Device {
  return {
    index: raw.ifindex,
    name: raw.ifname,
    type: raw.linkinfo?.info_kind ?? (raw.flags.includes('LOOPBACK') ? 'loopback' : ''),
    mac: raw.address ?? '',
    mtu: raw.mtu,
    up: raw.flags.includes('UP'),
    carrier: !raw.flags.includes('NO-CARRIER'),
    master: raw.master ?? null,
  }
}

function neighbour({ dst, dev, lladdr, state }: RawNeighbour): Neighbour {
  return { address: dst, device: dev, mac: lladdr ?? null, state: state?.[0] ?? '' }
}

function unreadable(node: string, stderr: string): NetdojoError {
  return new NetdojoError({
    code: 'not-permitted',
    operation: 'look at',
    object: `the node ${node}`,
    reason: stderr.trim() || 'nothing could be read there',
    advice: ['only root may: inside npm run shell you are'],
  })
}
