// Which nodes a world has: the host, and every network namespace that has a name under /run/netns, each of them once.
import { readdirSync, statSync } from 'node:fs'

export type WorldNode = {
  readonly name: string
  /** The path of its network namespace. */
  readonly netns: string
}

const directory = '/run/netns'

/** The host first, then the others by name. */
export function worldNodes(): readonly WorldNode[] {
  const host = { name: 'host', netns: hostNamespace() }
  const seen = new Set([inodeOf(host.netns)])
  const named = namesIn(directory).map((name) => ({ name, netns: `${directory}/${name}` }))
  const others = named.filter(({ netns }) => {
    const inode = inodeOf(netns)
    // A name whose namespace is gone stays as an empty file, and a namespace may have two names.
    if (inode === undefined || seen.has(inode)) return false
    seen.add(inode)
    return true
  })
  return [host, ...others]
}

/** That of the first process, wherever we are called from: `ip netns exec ns1 netdojo …` sees the same world. */
function hostNamespace(): string {
  const first = '/proc/1/ns/net'
  return inodeOf(first) === undefined ? '/proc/self/ns/net' : first
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path).toSorted((a, b) => (a < b ? -1 : 1))
  } catch {
    return []
  }
}

/** `undefined` when it is not there, or not ours to look at. */
function inodeOf(path: string): bigint | undefined {
  try {
    return statSync(path, { bigint: true }).ino
  } catch {
    return undefined
  }
}
