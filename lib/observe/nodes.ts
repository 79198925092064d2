// Lists the nodes, each with its network namespace and each namespace once: the host, and everything that `ip netns` knows.
import { openSync, readdirSync, statSync } from 'node:fs'
import { NetdojoError } from '../errors.ts'

export type ObservedNode = {
  readonly name: string
  /** The path of its network namespace. */
  readonly netns: string
  /** Of the namespace: one that was made again under the same name has another. */
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

/** The node of that name. @throws NetdojoError `usage` */
export function findNode(nodes: readonly ObservedNode[], name: string): ObservedNode {
  const node = nodes.find((each) => each.name === name)
  if (node) return node
  throw new NetdojoError({
    code: 'usage',
    operation: 'find',
    object: `the node '${name}'`,
    reason: 'there is none of that name',
    advice: [`there are: ${nodes.map((each) => each.name).join(', ')}`],
  })
}

/** The node that has the network namespace at this path. */
export function nodeOf(nodes: readonly ObservedNode[], netns: string): ObservedNode | undefined {
  const inode = inodeOf(netns)
  return nodes.find((node) => node.inode === inode)
}

/** The node that this very process is on. @throws NetdojoError `node-missing` in a namespace without a name. */
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
  try {
    return (host = `/proc/${process.pid}/fd/${openSync(path, 'r')}`)
  } catch {
    return path
  }
}

function entries(): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/** Undefined for what is gone or no namespace any more, and for what we may not look at. */
function inodeOf(path: string): number | undefined {
  try {
    return statSync(path).ino
  } catch {
    return undefined
  }
}
