// Lists the nodes, each with its network namespace and each namespace once: the host, and everything that `ip netns` knows.
import { openSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { NetdojoError } from '../errors.ts'

export type ObservedNode = {
  readonly name: string
  /** The path of its network namespace. */
  readonly netns: string
  /** The inode of the namespace: a new namespace with the same name has another. */
  readonly inode: number
}

const directory = '/run/netns'

/** The host first, the others by name. */
export function findNodes(): readonly ObservedNode[] {
  const names = entries().toSorted()
  const others = names.map((name) => ({ name, netns: `${directory}/${name}` }))
  const seen = new Set<number>()
  return [{ name: 'host', netns: hostNamespace() }, ...others].flatMap(({ name, netns }) => {
    const inode = inodeOf(netns)
    if (inode === undefined || seen.has(inode)) return []
    seen.add(inode)
    return [{ name, netns, inode }]
  })
}

/**
 * Also the namespaces that have no name and in which a program runs, as containers of other programs do; containers of ours are
 * called by their own names.
 */
export function findAllNodes(): readonly ObservedNode[] {
  const named = findNodes()
  const names = named.map(({ name }) => /^nd-(.+)-[\da-f]{8}$/.exec(name)?.[1] ?? name)
  const nodes = named.map((node, index) => {
    const name = names[index] ?? node.name
    return names.indexOf(name) === names.lastIndexOf(name)
      ? Object.assign({}, node, { name })
      : node
  })
  const seen = new Set(named.map(({ inode }) => inode))
  for (const pid of processes()) {
    const path = `/proc/${pid}/ns/net`
    const inode = inodeOf(path)
    if (inode === undefined || seen.has(inode)) continue
    seen.add(inode)
    const netns = held(path)
    if (netns === undefined) continue
    const called = nameOf(pid)
    const isTaken = nodes.some(({ name }) => name === called)
    nodes.push({ name: isTaken ? `${called}-${pid}` : called, netns, inode })
  }
  return nodes
}

function processes(): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
}

/** A container is called as it calls itself (its host name), another namespace after its first program. */
function nameOf(pid: string): string {
  try {
    const own = inodeOf('/proc/self/ns/uts')
    const uts = inodeOf(`/proc/${pid}/ns/uts`)
    const hostname = readFileSync(`/proc/${pid}/root/etc/hostname`, 'utf8').trim()
    if (uts !== undefined && uts !== own && hostname !== '') return hostname
  } catch {
    // Not every container has the file.
  }
  try {
    return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()}-${pid}`
  } catch {
    return `process-${pid}`
  }
}

/** Held open by a descriptor of ours: its program may end meanwhile. */
function held(path: string): string | undefined {
  try {
    return `/proc/${process.pid}/fd/${openSync(path, 'r')}`
  } catch {
    return undefined
  }
}

/** The node of that name. @throws NetdojoError `usage` */
export function findNode(nodes: readonly ObservedNode[], name: string): ObservedNode {
  const node = nodes.find((each) => each.name === name)
  if (node) return node
  throw new NetdojoError({
    code: 'usage',
    operation: 'find',
    object: `the node '${name}'`,
    reason: 'no node has this name',
    advice: [`the nodes are: ${nodes.map((each) => each.name).join(', ')}`],
  })
}

/** The node that has the network namespace at this path. */
export function nodeOf(nodes: readonly ObservedNode[], netns: string): ObservedNode | undefined {
  const inode = inodeOf(netns)
  return nodes.find((node) => node.inode === inode)
}

/** The node of this process. @throws NetdojoError `node-missing` in a namespace without a name. */
export function ownNode(nodes: readonly ObservedNode[]): ObservedNode {
  const mine = inodeOf('/proc/self/ns/net')
  const node = nodes.find(({ inode }) => inode === mine)
  if (node) return node
  throw new NetdojoError({
    code: 'node-missing',
    operation: 'find',
    object: 'the node of this shell',
    reason: 'its network namespace is neither the host nor one that `ip netns` knows',
    advice: [`name the node with --from: ${nodes.map((each) => each.name).join(', ')}`],
  })
}

let host: string | undefined

/**
 * The namespace of the first process, also when `ip netns exec ns1 netdojo …` called us: in a sandbox, that is the sandbox's host.
 * The path is that of our own descriptor: the first process may be this one, whose main thread enters other namespaces for moments,
 * and then /proc/1/ns/net names those for everybody.
 */
export function hostNamespace(): string {
  if (host !== undefined) return host
  const first = '/proc/1/ns/net'
  const path = inodeOf(first) === undefined ? '/proc/self/ns/net' : first
  return (host = held(path) ?? path)
}

function entries(): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/** @returns undefined for a namespace that is gone, or that this user must not see */
function inodeOf(path: string): number | undefined {
  try {
    return statSync(path).ino
  } catch {
    return undefined
  }
}
