// Reads the state of nodes by `ip -j`, `bridge -j`, `nft` and `conntrack`, a few programs for each node, where koffi does not support the machine.
import { run } from '../../exec/run.ts'
import { listable, nothing, readFirewall, type IptablesProgram, type Report } from './firewall.ts'
import { connectionsIn } from './conntrack-text.ts'
import {
  entryOf,
  groupOf,
  isForwarding,
  linkOf,
  neighbourOf,
  portOf,
  routesOf,
  ruleOf,
  type Raw,
} from './iproute-json.ts'
import { listenersInFiles } from './listeners.ts'
import { ownNamespace, withPeers, type UnpairedState } from './peers.ts'
import { sortedByText, sortedKeys } from './sorted.ts'
import type { Family, NodeTarget, Part, States, Unread } from './state.ts'
import { readCounters, readQueues, readSysctls, sysctlPaths, type ReadFile } from './sysctls.ts'

export async function readByPrograms(
  nodes: readonly NodeTarget[],
  parts: readonly Part[],
): Promise<States> {
  const unread: Unread[] = []
  const states = await Promise.all(
    nodes.map((node) =>
      readNode(
        node,
        nodes,
        new Set(parts),
        (what, reason) => void unread.push({ node: node.name, what, reason }),
      ),
    ),
  )
  return { states: withPeers(states.filter((state) => state !== undefined)), unread }
}

async function readNode(
  { name, netns }: NodeTarget,
  nodes: readonly NodeTarget[],
  parts: ReadonlySet<Part>,
  report: Report,
): Promise<UnpairedState | undefined> {
  const inNode = (program: string, args: readonly string[]) =>
    run(program, args, { netns, input: '', allowFailure: true })
  /** An empty output means an empty list, and `{}` is an object that the program left out. */
  const items = async (
    part: Part | 'all',
    program: string,
    ...args: readonly string[]
  ): Promise<readonly Raw[]> => {
    if (part !== 'all' && !parts.has(part)) return []
    const { stdout, stderr, exitCode } = await inNode(program, args)
    if (exitCode !== 0) report(part, stderr.trim() || `${program} failed`)
    const all: Raw[] = JSON.parse(stdout.trim() || '[]')
    return all.filter((item) => Object.keys(item).length > 0)
  }
  const raw = await items('all', 'ip', '-j', '-d', '-s', 'address', 'show')
  if (raw.length === 0) return undefined
  const has = (kind: string) => raw.some((link) => link.linkinfo?.info_kind === kind)
  const forwards = has('bridge') || has('vxlan')
  const rulesOf = async (family: Family) =>
    (await items('routes', 'ip', `-${family}`, '-j', '-d', 'rule', 'show')).map((rule) =>
      ruleOf(rule, family),
    )
  const [routes, rules4, rules6, neighbours, qdiscs, forwarding, groups, ids, files] =
    await Promise.all([
      items('routes', 'ip', '-j', '-d', 'route', 'show', 'table', 'all'),
      rulesOf(4),
      rulesOf(6).catch(() => []),
      Promise.all([
        items('neighbours', 'ip', '-j', 'neighbour', 'show'),
        items('neighbours', 'ip', '-j', 'neighbour', 'show', 'proxy'),
      ]).then((all) => all.flat()),
      items('statistics', 'tc', '-j', '-s', 'qdisc', 'show'),
      forwards ? items('neighbours', 'bridge', '-j', '-d', 'fdb', 'show') : [],
      has('bridge') ? items('neighbours', 'bridge', '-j', '-d', 'mdb', 'show') : [],
      items('all', 'ip', '-j', 'netns', 'list-id'),
      readFiles(
        inNode,
        raw.map(({ ifname }) => ifname),
      ),
    ])
  const read: ReadFile = (path) => files.get(path) ?? ''
  const count = Number(read('/proc/sys/net/netfilter/nf_conntrack_count'))
  const wantsConnections = parts.has('connections') && count > 0
  const firewall = await readFirewall(
    netns,
    parts.has('nft') ? listable() : nothing,
    parts.has('legacy') ? legacyIn(files, report) : [],
    report,
  )
  return {
    name,
    netns: netns ?? ownNamespace,
    ids: new Map(
      ids.flatMap(({ nsid, name: named }) =>
        nodes.flatMap((node) =>
          node.name === named && node.netns !== undefined ? [[nsid, node.netns] as const] : [],
        ),
      ),
    ),
    links: raw
      .map((each) => linkOf(each, raw, parts.has('statistics')))
      .toSorted((a, b) => a.index - b.index),
    ports: sortedByText(raw.flatMap(portOf)),
    routes: sortedByText(routes.flatMap(routesOf)),
    rules: [...rules4, ...rules6],
    neighbours: sortedByText(neighbours.map(neighbourOf)),
    forwarding: sortedByText(forwarding.filter(isForwarding).map(entryOf)),
    groups: sortedByText(groups.flatMap(({ mdb = [] }) => mdb.map(groupOf))),
    ...firewall,
    qdiscs: sortedByText(qdiscs.map(({ dev, kind, drops }) => ({ link: dev, kind, drops }))),
    queues: parts.has('listeners') ? readQueues(read) : [],
    connections: wantsConnections
      ? sortedByText(connectionsIn((await inNode('conntrack', ['-L', '-o', 'extended'])).stdout))
      : [],
    listeners: parts.has('listeners') ? sortedByText(listenersInFiles(read)) : [],
    sysctls: parts.has('sysctls')
      ? sortedKeys(
          readSysctls(
            raw.map(({ ifname }) => ifname),
            read,
          ),
        )
      : {},
    counters: parts.has('counters') ? readCounters(read) : {},
  }
}

const legacyNames = {
  iptables: '/proc/net/ip_tables_names',
  ip6tables: '/proc/net/ip6_tables_names',
} as const

function legacyIn(files: ReadonlyMap<string, string>, report: Report): readonly IptablesProgram[] {
  return (['iptables', 'ip6tables'] as const).filter((program) => {
    if (files.has(`hidden ${legacyNames[program]}`))
      report(`${program}-legacy`, "only the machine's own root may list its tables")
    return (files.get(legacyNames[program]) ?? '') !== ''
  })
}

/** The content of every existing file, by path. A program reads them, because this process sees /proc of another namespace. */
async function readFiles(
  inNode: (program: string, args: readonly string[]) => Promise<{ readonly stdout: string }>,
  devices: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const names = [
    'snmp',
    'netstat',
    'snmp6',
    'stat/nf_conntrack',
    'netfilter/nfnetlink_queue',
    'sockstat',
    'sockstat6',
    'tcp',
    'tcp6',
    'udp',
    'udp6',
  ].map((name) => `/proc/net/${name}`)
  const paths = [
    ...names,
    ...Object.values(legacyNames),
    '/proc/sys/net/netfilter/nf_conntrack_count',
    ...sysctlPaths(devices),
  ]
  // Lines of the form `path:line`; some files may be missing (IPv6 sysctls, for example).
  const script =
    'grep -sH "" "$@"; for file in /proc/net/ip_tables_names /proc/net/ip6_tables_names; do ! [ -e $file ] || cat $file >/dev/null 2>&1 || echo "hidden $file:"; done'
  const { stdout } = await inNode('sh', ['-c', script, 'sh', ...paths])
  const files = new Map<string, string>()
  for (const line of stdout.split('\n')) {
    const colon = line.indexOf(':')
    const path = line.slice(0, colon).replace('/proc/net/', '/proc/thread-self/net/')
    for (const name of new Set([path, line.slice(0, colon)]))
      if (colon > 0) files.set(name, `${files.get(name) ?? ''}${line.slice(colon + 1)}\n`)
  }
  return files
}
