// What the kernel holds on one node that a journey refers to: devices, neighbours, forwarding tables, connections, rules, settings.
import { NetdojoError } from '../../errors.ts'
import { run } from '../../exec/run.ts'
import type { ObservedNode } from '../nodes.ts'
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

/**
 * A program that is not there, or refuses, leaves its part empty. Each takes longer than all that is made of its answer:
 * `rules` says whose are wanted, and the rest is asked only where there is something.
 */
export async function readNodeState(
  node: ObservedNode,
  rules: ReadonlySet<RuleSource>,
): Promise<NodeState> {
  const args = [`--net=${node.netns}`, 'sh', '-c', script, 'sh', ...rules]
  const { stdout, stderr } = await run('nsenter', args, { input: '', allowFailure: true })
  const parts = sections(stdout)
  const text = (name: string) => parts.get(name) ?? ''
  const [links = [], neighbours = []] = text('devices')
    .split('\n')
    .filter((line) => line.startsWith('['))
  if (links.length === 0) throw unreadable(node.name, stderr)
  const devices = json<RawLink>(String(links))
  return {
    node: node.name,
    devices: devices.map(device),
    addresses: devices.flatMap(({ addr_info = [] }) => addr_info.map(({ local }) => local)),
    neighbours: json<RawNeighbour>(String(neighbours)).map(neighbour),
    forwarding: json<RawForwarding>(text('forwarding')).map(({ mac, ifname, master, state }) => ({
      mac,
      port: ifname,
      bridge: master ?? null,
      own: state === 'permanent',
    })),
    ports: devices.flatMap(port),
    connections: readConnections(text('connections')),
    rules: readRules(text('nft'), text('iptables'), text('ip6tables')),
    legacy: readLegacyRules(text('legacy')),
    counters: readCounters(text('counters')),
    settings: readSettings(text('settings')),
  }
}

/** What lists rules: `nft` has them all, the other two their own in their own words. */
export type RuleSource = 'nft' | 'iptables' | 'ip6tables'

// The words after it are sources of rules. What the shell can read itself costs no process; iptables of the older kind is asked
// only where it has tables: asking it elsewhere would load it into the kernel. dash reads byte by byte, and a setting gives no
// more than its first: enough for one digit, or to know that a number is not 0; it then calls that a failure.
const script = `
part() { printf '\\n=== %s\\n' "$1"; }
devices=$(printf '%s\\n' 'address show' 'neighbour show' | ip -j -d -force -batch -)
part devices; echo "$devices"
part forwarding; case $devices in *'"bridge"'*) bridge -j fdb show ;; esac
count=0; read -r count </proc/sys/net/netfilter/nf_conntrack_count
part connections; [ "$count" = 0 ] || conntrack -L -o extended
for source; do
  part "$source"
  case $source in nft) nft -a list ruleset ;; *) "$source-nft-save" ;; esac
done
part legacy; if read -r any </proc/net/ip_tables_names; then iptables-legacy-save -c; fi
part counters; cat /proc/net/snmp /proc/net/netstat
part settings
for file in /proc/sys/net/ipv4/conf/*/forwarding /proc/sys/net/ipv4/conf/*/rp_filter \\
  /proc/sys/net/ipv6/conf/*/forwarding /proc/sys/net/ipv4/icmp_echo_ignore_all; do
  value=; read -r value <"$file"; echo "$file:$value"
done
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
  linkinfo?: { info_kind?: string; info_slave_data?: { state?: string; isolated?: boolean } }
  address?: string
  mtu: number
  master?: string
  flags: string[]
  addr_info?: { local: string }[]
}
type RawNeighbour = { dst: string; dev: string; lladdr?: string; state?: string[] }
type RawForwarding = { mac: string; ifname: string; master?: string; state?: string }

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

function port({ ifname, master, linkinfo }: RawLink): readonly Port[] {
  const { state = 'unknown', isolated = false } = linkinfo?.info_slave_data ?? {}
  return master === undefined ? [] : [{ device: ifname, bridge: master, state, isolated }]
}

function readSettings(text: string): NodeState['settings'] {
  const lines = text.split('\n').map((line) => line.split(':'))
  return Object.fromEntries(
    lines.flatMap(([path = '', value]) =>
      value === undefined ? [] : [[path.replace('/proc/sys/', ''), value]],
    ),
  )
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
