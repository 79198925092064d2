// Tells which nodes have changed, within milliseconds and whoever changed them: by netlink's groups, and by inotify for sysctls and
// namespaces. Listeners, iptables-legacy and counters send no events; who needs them must look from time to time.
import { readdirSync, watch, writeSync, type FSWatcher } from 'node:fs'
import { struct } from '../kernel/netlink/codec.ts'
import { EFD, POLL } from '../kernel/netlink/constants.ts'
import { inNamespace, loadLibc, type Libc } from '../kernel/netlink/libc.ts'
import { ChangeSocket } from '../kernel/netlink/packet-socket.ts'
import { findNodes, type ObservedNode } from './nodes.ts'

export type Changes = {
  /** The nodes that have changed. */
  readonly onChange: (nodes: ReadonlySet<string>) => void
}

type Watched = {
  readonly node: ObservedNode
  readonly sockets: readonly ChangeSocket[]
  readonly files: readonly FSWatcher[]
}

/** poll.h: struct pollfd. */
const pollfd = struct({ fd: 's32', events: 'u16', occurred: 'u16' })
/** The number 1, as an eventfd takes it. */
const one = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])
/** In milliseconds: the end of the process waits for the last poll. */
const patience = 500

/** @returns undefined where this machine cannot tell; then everything must be looked at from time to time. */
export async function watchChanges(options: Changes): Promise<ChangeWatcher | undefined> {
  const libc = await loadLibc()
  return libc && new ChangeWatcher(libc, options)
}

export class ChangeWatcher implements Disposable {
  readonly #libc: Libc
  readonly #options: Changes
  readonly #watched = new Map<string, Watched>()
  /** An eventfd: writing to it ends a poll. */
  readonly #wake: number
  readonly #woken = Buffer.alloc(8)
  readonly #directory: FSWatcher | undefined
  #again: NodeJS.Timeout | undefined
  #isStopped = false

  constructor(libc: Libc, options: Changes) {
    this.#libc = libc
    this.#options = options
    this.#wake = libc.eventfd(0, EFD.NONBLOCK | EFD.CLOEXEC)
    this.#directory = watched('/run/netns', () => this.#lookForNodes())
    this.#lookForNodes()
    void this.#listen()
  }

  /** The nodes as they were last seen. */
  get nodes(): readonly ObservedNode[] {
    return [...this.#watched.values()].map(({ node }) => node)
  }

  [Symbol.dispose](): void {
    this.#isStopped = true
    clearTimeout(this.#again)
    this.#directory?.close()
    for (const each of this.#watched.values()) close(each)
    this.#watched.clear()
    this.#interrupt()
  }

  /** `ip netns` makes a file first, and mounts the namespace on it a moment later. */
  #lookForNodes(): void {
    clearTimeout(this.#again)
    if (this.#refresh()) this.#again = setTimeout(() => this.#lookForNodes(), 20)
  }

  /** @returns whether a name has no namespace yet. */
  #refresh(): boolean {
    if (this.#isStopped) return false
    const found = findNodes()
    const changed = new Set<string>()
    let isUnfinished = false
    for (const [name, each] of this.#watched) {
      const same = found.find((node) => node.name === name)
      if (same?.inode === each.node.inode) continue
      close(each)
      this.#watched.delete(name)
      changed.add(name)
    }
    for (const node of found) {
      if (this.#watched.has(node.name)) continue
      const opened = this.#open(node)
      if (opened) {
        this.#watched.set(node.name, opened)
        changed.add(node.name)
      } else isUnfinished = true
    }
    if (changed.size > 0) {
      this.#interrupt()
      this.#options.onChange(changed)
    }
    return isUnfinished
  }

  #open(node: ObservedNode): Watched | undefined {
    const sockets: ChangeSocket[] = []
    try {
      return inNamespace(this.#libc, node.netns, () => {
        sockets.push(new ChangeSocket(this.#libc, 'ROUTE'))
        sockets.push(new ChangeSocket(this.#libc, 'NETFILTER'))
        const changed = () => this.#options.onChange(new Set([node.name]))
        // /proc/sys/net is that of the thread which opens it.
        const files = sysctlDirectories().flatMap((path) => watched(path, changed) ?? [])
        return { node, sockets, files }
      })
    } catch {
      for (const socket of sockets) socket[Symbol.dispose]()
      return undefined
    }
  }

  async #listen(): Promise<void> {
    while (!this.#isStopped) {
      const all = [...this.#watched.values()].flatMap(({ node, sockets }) =>
        sockets.map((socket) => ({ node, socket })),
      )
      const fds = [this.#wake, ...all.map(({ socket }) => socket.descriptor)]
      const descriptors = Buffer.concat(fds.map((fd) => pollfd.encode({ fd, events: POLL.IN })))
      await this.#libc.pollAsync(descriptors, fds.length, patience)
      this.#libc.read(this.#wake, this.#woken, this.#woken.length)
      if (this.#isStopped) break
      const changed = new Set<string>()
      for (const [index, { node, socket }] of all.entries()) {
        const { occurred } = pollfd.decode(descriptors.subarray((index + 1) * pollfd.size))
        // A node that went meanwhile has closed its sockets.
        if (occurred === 0 || this.#watched.get(node.name)?.node !== node) continue
        if (socket.drain()) changed.add(node.name)
      }
      if (changed.size > 0) this.#options.onChange(changed)
    }
    this.#libc.close(this.#wake)
  }

  #interrupt(): void {
    writeSync(this.#wake, one)
  }
}

/** Devices have directories of their own; netlink tells of what matters in them. */
function sysctlDirectories(): readonly string[] {
  const net = '/proc/sys/net'
  const below = ['ipv4', 'ipv6', 'bridge', 'netfilter', 'core', 'unix']
  const conf = ['ipv4', 'ipv6'].flatMap((family) =>
    ['all', 'default'].map((name) => `${family}/conf/${name}`),
  )
  const there = new Set(names(net))
  return [...below, ...conf]
    .filter((path) => there.has(path.split('/')[0] ?? ''))
    .map((path) => `${net}/${path}`)
}

function names(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

function watched(path: string, changed: () => void): FSWatcher | undefined {
  try {
    return watch(path, { persistent: false }, changed).on('error', () => {})
  } catch {
    return undefined
  }
}

function close({ sockets, files }: Watched): void {
  for (const socket of sockets) socket[Symbol.dispose]()
  for (const file of files) file.close()
}
