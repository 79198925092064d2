// Reads what the kernel holds on one node that a journey refers to: devices, neighbours, forwarding tables, connections, rules, sysctls.
//
// A program that is missing, or refuses, leaves its part empty: no check may take an empty part for evidence.
import { NetdojoError } from '../../errors.ts'
import { run } from '../../exec/run.ts'
import type { ObservedNode } from '../nodes.ts'
import { readConnections, type Connection } from './connections.ts'
import { counterFiles, readCounters, type Counters } from './counters.ts'
import { device, port, type Device, type Port, type RawLink } from './devices.ts'
import { readLegacy, readRules, type LegacyRule, type Rule } from './rules.ts'
import { readSockets, type Socket } from './sockets.ts'
import { sysctlFiles } from './sysctls.ts'

export type NodeState = {
  readonly node: string
  readonly devices: readonly Device[]
  readonly neighbours: readonly Neighbour[]
  readonly forwarding: readonly ForwardingEntry[]
  readonly ports: readonly Port[]
  readonly connections: readonly Connection[]
  readonly rules: readonly Rule[]
  /** Whether `rules` has them all: they are not read where no packet met one. */
  readonly hasAllRules: boolean
  readonly legacy: readonly LegacyRule[]
  readonly sockets: readonly Socket[]
  /** Numbers of the queues (NFQUEUE) that a program serves. */
  readonly queues: readonly number[]
  readonly policies: readonly PolicyRule[]
  readonly routes: readonly Route[]
  readonly qdiscs: readonly Qdisc[]
  readonly counters: Counters
  /** `net/ipv4/ip_forward` -> `1`. */
  readonly sysctls: Readonly<Record<string, string>>
  /** The names of other namespaces by the number that this one gives them. */
  readonly peers: Readonly<Record<number, string>>
}

export type Neighbour = {
  readonly address: string
  readonly device: string
  readonly mac: string | null
  /** `REACHABLE`, `STALE`, `PERMANENT`, `FAILED` …; `PROXY` for an entry that answers for others. */
  readonly state: string
}
type ForwardingEntry = {
  readonly mac: string
  readonly port: string
  readonly bridge: string | null
  readonly own: boolean
  readonly isStatic: boolean
  /** Of VXLAN: where the frame is sent to. */
  readonly remote: string | null
}
/** One rule of `ip rule`. */
export type PolicyRule = {
  readonly family: 4 | 6
  readonly priority: number
  /** As `ip -j rule` has them: `fwmark`, `table`, `action` … */
  readonly fields: Readonly<Record<string, string | number | null>>
  readonly text: string
}
export type Route = {
  readonly type: string
  readonly destination: string
  readonly via: string | null
  readonly device: string | null
  readonly table: string
}
type Qdisc = { readonly device: string; readonly kind: string; readonly drops: number }

/** `rules` says whose rules are wanted; each other part is asked only where there is something. */
export async function readNodeState(
  node: ObservedNode,
  rules: ReadonlySet<RuleSource>,
): Promise<NodeState> {
  const args = [`--net=${node.netns}`, 'sh', '-c', script, 'sh', ...rules]
  const { stdout, stderr } = await run('nsenter', args, { input: '', allowFailure: true })
  const parts = sections(stdout)
  const text = (name: string) => parts.get(name) ?? ''
  const listed = text('ip')
    .split('\n')
    .flatMap((line) => json<Listed>(line))
  const links = listed.filter(isLink)
  if (links.length === 0) throw unreadable(node.name, stderr)
  const rules6 = json<Listed>(text('rules6'))
  return {
    node: node.name,
    devices: links.map(device),
    neighbours: [
      ...listed.filter(isNeighbour).map(neighbour),
      ...json<RawNeighbour>(text('proxies')).map(neighbour),
    ],
    forwarding: json<RawForwarding>(text('forwarding')).map(forwardingEntry),
    ports: links.flatMap(port),
    connections: readConnections(text('connections')),
    hasAllRules: rules.size === 3,
    rules: readRules(text('nft'), text('iptables'), text('ip6tables')),
    legacy: [
      ...readLegacy(text('legacy'), 'iptables-legacy'),
      ...readLegacy(text('legacy6'), 'ip6tables-legacy'),
    ],
    sockets: readSockets(text('sockets')),
    queues: text('queues')
      .split('\n')
      .map((line) => Number.parseInt(line, 10)),
    policies: [
      ...listed.filter(isPolicyRule).map((raw) => policyRule(raw, 4)),
      ...rules6.filter(isPolicyRule).map((raw) => policyRule(raw, 6)),
    ],
    routes: listed.filter(isRoute).map(route),
    qdiscs: json<RawQdisc>(text('qdiscs')).map(({ dev, kind, drops }) => ({
      device: dev,
      kind,
      drops,
    })),
    counters: readCounters(text('counters')),
    sysctls: readSysctls(text('sysctls')),
    peers: Object.fromEntries(listed.filter(isPeer).map(({ nsid, name }) => [nsid, name])),
  }
}

/** What lists rules: `nft` has them all, the other two their own in their own words. */
export type RuleSource = 'nft' | 'iptables' | 'ip6tables'

// The words after it are sources of rules. What the shell can read itself costs no process; iptables of the older kind is asked
// only where it has tables: asking it elsewhere would load it into the kernel.
const script = `
part() { printf '\\n=== %s\\n' "$1"; }
part ip
ip=$(printf '%s\\n' 'address show' 'neighbour show' 'netns list-id' 'rule show' 'route show table all' |
  ip -j -d -s -force -batch -); echo "$ip"
part proxies; ip -j neighbour show proxy
part rules6; ip -6 -j rule show
part forwarding; case $ip in *'"bridge"'* | *'"vxlan"'*) bridge -j -d fdb show ;; esac
part qdiscs; case $ip in *'"qdisc":"'[!n]*) tc -s -j qdisc show ;; esac
count=0; read -r count </proc/sys/net/netfilter/nf_conntrack_count
part connections; [ "$count" = 0 ] || conntrack -L -o extended
for source; do
  part "$source"
  case $source in nft) nft -a list ruleset ;; *) "$source-nft-save" ;; esac
done
part legacy; if read -r any </proc/net/ip_tables_names; then iptables-legacy-save -c; fi
part legacy6; if read -r any </proc/net/ip6_tables_names; then ip6tables-legacy-save -c; fi
part sockets; for kind in tcp tcp6 udp udp6; do echo "$kind"; cat /proc/net/$kind; done
part queues; cat /proc/net/netfilter/nfnetlink_queue
part counters; cat ${counterFiles}
part sysctls; grep -s . ${sysctlFiles}
`

function sections(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^=== (\w+)$/m).slice(1)
  return new Map(
    parts.flatMap((name, index) =>
      index % 2 === 0 ? [[name, parts[index + 1]?.trim() ?? ''] as const] : [],
    ),
  )
}

type RawPeer = { nsid: number; name: string }
type Listed = RawLink | RawNeighbour | RawRoute | RawPolicyRule | RawPeer

const isLink = (raw: Listed): raw is RawLink => 'ifindex' in raw
const isRoute = (raw: Listed): raw is RawRoute =>
  'dst' in raw && 'flags' in raw && !isPolicyRule(raw)
const isNeighbour = (raw: Listed): raw is RawNeighbour =>
  'dst' in raw && 'dev' in raw && !('flags' in raw) && !isLink(raw)
const isPolicyRule = (raw: Listed): raw is RawPolicyRule => 'priority' in raw
const isPeer = (raw: Listed): raw is RawPeer => 'nsid' in raw && 'name' in raw
type RawNeighbour = { dst: string; dev: string; lladdr?: string; state?: string[] }
type RawRoute = {
  dst: string
  flags: string[]
  type?: string
  gateway?: string
  dev?: string
  table?: string
}
type RawPolicyRule = Readonly<Record<string, string | number | null>> & { priority: number }
type RawQdisc = { dev: string; kind: string; drops: number }
type RawForwarding = {
  mac: string
  ifname: string
  master?: string
  state?: string
  dst?: string
}

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

function readSysctls(text: string): NodeState['sysctls'] {
  const lines = text.split('\n').map((line) => line.split(':'))
  return Object.fromEntries(
    lines.flatMap(([path = '', value]) =>
      value === undefined ? [] : [[path.replace('/proc/sys/', ''), value.trim()]],
    ),
  )
}

function neighbour({ dst, dev, lladdr, state }: RawNeighbour): Neighbour {
  return { address: dst, device: dev, mac: lladdr ?? null, state: state?.[0] ?? 'PROXY' }
}

function forwardingEntry({ mac, ifname, master, state, dst }: RawForwarding): ForwardingEntry {
  return {
    mac,
    port: ifname,
    bridge: master ?? null,
    own: state === 'permanent',
    isStatic: state === 'static' || state === 'permanent',
    remote: dst ?? null,
  }
}

function route({ dst, type, gateway, dev, table }: RawRoute): Route {
  return {
    type: type ?? 'unicast',
    destination: dst,
    via: gateway ?? null,
    device: dev ?? null,
    table: table ?? 'main',
  }
}

function policyRule({ priority, ...fields }: RawPolicyRule, family: 4 | 6): PolicyRule {
  const words = Object.entries(fields).map(([name, value]) =>
    value === null ? name : `${policyWords[name] ?? name} ${value}`,
  )
  return { family, priority, fields, text: `${priority}: ${words.join(' ')}` }
}

const policyWords: Readonly<Record<string, string>> = { src: 'from', dst: 'to', table: 'lookup' }

function unreadable(node: string, stderr: string): NetdojoError {
  return new NetdojoError({
    code: 'not-permitted',
    operation: 'look at',
    object: `the node ${node}`,
    reason: stderr.trim() || 'nothing could be read there',
    advice: ['only root may: inside npm run shell you are'],
  })
}
