// Reads the state of nodes: this process enters each network namespace for a moment, asks the kernel by netlink, and starts programs only
// to list rules. It changes nothing, and a part that cannot be read leaves the others complete.
import { closeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { attributesOf, struct, u32 } from '../netlink/codec.ts'
import { NETNSA, NLM_F, RTM } from '../netlink/constants.ts'
import { inNamespace, loadLibc, openNamespace, type Libc } from '../netlink/libc.ts'
import { NetlinkError, NetlinkSocket } from '../netlink/socket.ts'
import { readConnections } from './connections.ts'
import { legacyTables, listedTables, nothing, readFirewall, type Report } from './firewall.ts'
import { readLinks, type UnpairedLink } from './links.ts'
import { listenersInFiles, readListeners, usedProtocols } from './listeners.ts'
import { readForwarding, readGroups, readNeighbours } from './neighbours.ts'
import { ownNamespace, withPeers, type UnpairedState } from './peers.ts'
import { readQdiscs } from './qdiscs.ts'
import { readRoutes, readRoutingRules } from './routes.ts'
import { sortedByText, sortedKeys } from './sorted.ts'
import type { NodeState, NodeTarget, Part, States, Unread } from './state.ts'
import { ProcFiles, readCounters, readQueues, readSysctls } from './sysctls.ts'

export type { NodeTarget, Part, States }

export const allParts: readonly Part[] = [
  'routes',
  'neighbours',
  'nft',
  'legacy',
  'connections',
  'listeners',
  'sysctls',
  'counters',
  'statistics',
]

/** Only some parts, if they are named: the others are empty. */
export function readNodeStates(
  nodes: readonly NodeTarget[],
  parts: readonly Part[] = allParts,
): Promise<States> {
  return new StateReader(parts).read(nodes)
}

type Known = { readonly state: UnpairedState | undefined; readonly unread: readonly Unread[] }

/** Reads nodes again and again: of those that have not changed, it remembers the state. */
export class StateReader {
  readonly #parts: readonly Part[]
  #known = new Map<string, Known>()

  constructor(parts: readonly Part[]) {
    this.#parts = parts
  }

  /** @param changed the names of the nodes to read; without it, all. A node that was not read yet is always read. */
  async read(nodes: readonly NodeTarget[], changed?: ReadonlySet<string>): Promise<States> {
    const libc = await loadLibc()
    if (!libc) return (await import('./programs.ts')).readByPrograms(nodes, this.#parts)
    const parts = new Set(this.#parts)
    const reads: Promise<void>[] = []
    const known = new Map<string, Known>()
    let started = performance.now()
    for (const node of nodes) {
      const old = changed?.has(node.name) === false ? this.#known.get(node.name) : undefined
      if (old) known.set(node.name, old)
      else {
        const unread: Unread[] = []
        const report: Report = (what, reason) => void unread.push({ node: node.name, what, reason })
        const reading = readNode({ libc, nodes, parts, report }, node)
        reads.push(reading.then((state) => void known.set(node.name, { state, unread })))
      }
      // Let other work of this process run.
      if (performance.now() - started > 10) {
        await setImmediate()
        started = performance.now()
      }
    }
    await Promise.all(reads)
    this.#known = known
    const inOrder = nodes.flatMap(({ name }) => known.get(name) ?? [])
    return {
      states: withPeers(inOrder.flatMap(({ state }) => state ?? [])),
      unread: inOrder.flatMap(({ unread }) => unread),
    }
  }
}

type Reading = {
  readonly libc: Libc
  readonly nodes: readonly NodeTarget[]
  readonly parts: ReadonlySet<Part>
  readonly report: Report
}

async function readNode(
  reading: Reading,
  { name, netns }: NodeTarget,
): Promise<UnpairedState | undefined> {
  const { libc, report } = reading
  try {
    using opened = inNamespace(libc, netns, () => open(reading))
    const { listed, ...state } = ask(reading, netns, opened)
    const [firewall, connections] = await Promise.all([
      readFirewall(netns, listed, opened.legacy, report),
      connectionsOf(reading, opened),
    ])
    return { name, netns: netns ?? ownNamespace, ...state, ...firewall, connections }
  } catch (error) {
    report('all', reasonOf(error))
    return undefined
  }
}

/**
 * Opens what must be opened within the namespace, and returns at once: for other processes, /proc/PID/ns/net is the namespace of the
 * main thread.
 */
function open({ libc, parts, report }: Reading) {
  using opened = new DisposableStack()
  const socket = (family: 'ROUTE' | 'NETFILTER' | 'SOCK_DIAG') =>
    opened.use(new NetlinkSocket(libc, family))
  using files = new ProcFiles(libc)
  const used = parts.has('listeners') ? usedProtocols(files.read) : []
  const connections = Number(files.read('/proc/sys/net/netfilter/nf_conntrack_count'))
  const read = {
    route: socket('ROUTE'),
    netfilter: socket('NETFILTER'),
    sockets: used.length === 0 ? undefined : socket('SOCK_DIAG'),
    used,
    hasConnections: connections > 0,
    legacy: parts.has('legacy') ? legacyTables(files.read, report) : [],
    sysctls: parts.has('sysctls') ? readSysctls([], files.read) : {},
    queues: parts.has('listeners') ? readQueues(files.read) : [],
    counters: parts.has('counters') ? readCounters(files.read) : {},
  }
  const sockets = opened.move()
  return { ...read, [Symbol.dispose]: () => sockets.dispose() }
}

type Opened = ReturnType<typeof open>

function ask({ libc, nodes, parts, report }: Reading, netns: string | undefined, opened: Opened) {
  const { route, netfilter, sockets, used } = opened
  const attempt = <Result>(part: Part, read: () => Result, otherwise: Result): Result => {
    if (!parts.has(part)) return otherwise
    try {
      return read()
    } catch (error) {
      report(part, reasonOf(error))
      return otherwise
    }
  }
  const { links, ports, names, ...devices } = readLinks(route, parts.has('statistics'))
  const listeners = (diagnoses: NetlinkSocket) => {
    try {
      return readListeners(diagnoses, used, names)
    } catch (error) {
      if (!(error instanceof NetlinkError)) throw error
      // This kernel was built without sock_diag.
      return inNamespace(libc, netns, () => {
        using files = new ProcFiles(libc)
        return listenersInFiles(files.read)
      })
    }
  }
  const isBridge = links.some(({ kind }) => kind === 'bridge')
  const forwards = isBridge || links.some(({ kind }) => kind === 'vxlan')
  return {
    links,
    ports: sortedByText(ports),
    ids: idsOf(route, links, nodes),
    routes: attempt('routes', () => sortedByText(readRoutes(route, names)), []),
    rules: attempt('routes', () => readRoutingRules(route), []),
    neighbours: attempt('neighbours', () => sortedByText(readNeighbours(route, names)), []),
    forwarding: forwards
      ? attempt('neighbours', () => sortedByText(readForwarding(route, names)), [])
      : [],
    groups: isBridge ? attempt('neighbours', () => sortedByText(readGroups(route, names)), []) : [],
    listed: attempt('nft', () => listedTables(netfilter), nothing),
    listeners: sockets ? attempt('listeners', () => sortedByText(listeners(sockets)), []) : [],
    sysctls: parts.has('sysctls') ? sortedKeys({ ...devices.sysctls, ...opened.sysctls }) : {},
    queues: opened.queues,
    qdiscs: attempt('statistics', () => sortedByText(readQdiscs(route, names)), []),
    counters: opened.counters,
  }
}

async function connectionsOf(
  { parts, report }: Reading,
  { netfilter, hasConnections }: Opened,
): Promise<NodeState['connections']> {
  if (!hasConnections || !parts.has('connections')) return []
  try {
    return sortedByText(await readConnections(netfilter))
  } catch (error) {
    report('connections', reasonOf(error))
    return []
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** linux/net_namespace.h: RTM_GETNSID with a descriptor is answered with NETNSA_NSID, -1 where there is none. */
const rtgenmsg = struct({ family: 'u8', pad: 3 })

/**
 * A question for each node until every number is known. Nearly all links lead to the host, which is the first node; to list all
 * numbers would take longer.
 */
function idsOf(
  route: NetlinkSocket,
  links: readonly UnpairedLink[],
  nodes: readonly NodeTarget[],
): ReadonlyMap<number, string> {
  const open = new Set(links.flatMap(({ other }) => other?.namespace ?? []))
  const ids = new Map<number, string>()
  for (const { netns } of nodes) {
    if (open.size === 0) break
    if (netns === undefined) continue
    const id = idOf(route, netns)
    if (id !== undefined && open.delete(id)) ids.set(id, netns)
  }
  return ids
}

function idOf(route: NetlinkSocket, netns: string): number | undefined {
  let descriptor: number | undefined
  try {
    descriptor = openNamespace(netns)
    const body = Buffer.concat([rtgenmsg.encode(), u32(NETNSA.FD, descriptor)])
    const [reply] = route.request({ type: RTM.GETNSID, flags: NLM_F.REQUEST | NLM_F.ACK, body })
    const id =
      reply && attributesOf(reply.body.subarray(rtgenmsg.size)).get(NETNSA.NSID)?.readInt32LE()
    return id === undefined || id < 0 ? undefined : id
  } catch {
    // The node has vanished, or its name has no namespace.
    return undefined
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}
