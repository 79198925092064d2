// Hears every frame on every interface of some nodes, and every step that nftables traces there: from the return of
// `startPacketListener` to that of `stop` nothing is missed, unless `stop` says so.
//
// No thread of ours waits for frames: a worker would take as long to start as Node itself. The kernel keeps the frames until one
// poll(2), in a thread of libuv's, says that some are there.
import { writeSync } from 'node:fs'
import { NetdojoError, commandFor } from '../../errors.ts'
import { inNamespace, loadLibc, type Libc } from '../../kernel/netlink/libc.ts'
import { struct } from '../../kernel/netlink/codec.ts'
import { EFD, POLL } from '../../kernel/netlink/constants.ts'
import {
  PacketSocket,
  TraceSocket,
  type ReceivedFrame,
} from '../../kernel/netlink/packet-socket.ts'
import type { ObservedNode } from '../nodes.ts'

export type Frame = ReceivedFrame & { readonly node: string }

export type PacketListenerOptions = {
  /** Bytes kept of each frame. */
  readonly snapLength: number
  readonly onFrame: (frame: Frame) => void
  /** Called with each datagram of nftables' trace; without it, no trace is read. */
  readonly onTrace?: (node: string, messages: Buffer) => void
  /** Instructions for the kernel: see filter.ts. */
  readonly filter?: Buffer
}

// In milliseconds. On a busy machine, a packet between two namespaces may wait for a processor for `quiet`.
const [quiet, longest] = [20, 2000]
/** In milliseconds: without `stop`, the end of the process waits for the last poll. */
const patience = 200

/** @throws NetdojoError `not-permitted` when the kernel does not let us listen. */
export async function startPacketListener(
  nodes: readonly ObservedNode[],
  options: PacketListenerOptions,
): Promise<PacketListener> {
  const libc = await loadLibc()
  if (!libc) throw unsupported()
  const listener = new PacketListener(libc, options)
  listener.add(nodes)
  return listener
}

type Socket = { readonly node: string; readonly socket: PacketSocket | TraceSocket }

export class PacketListener {
  readonly #libc: Libc
  readonly #options: PacketListenerOptions
  readonly #sockets: Socket[] = []
  /** An eventfd: writing to it ends a poll. */
  readonly #wake: number
  readonly #woken = Buffer.alloc(8)
  #received = 0
  #isStopped = false
  /** Rejected when the kernel does not let us wait any more. */
  readonly ended: Promise<void>

  constructor(libc: Libc, options: PacketListenerOptions) {
    this.#libc = libc
    this.#options = options
    this.#wake = libc.eventfd(0, EFD.NONBLOCK | EFD.CLOEXEC)
    this.ended = this.#listen()
    this.ended.catch(() => {})
  }

  /** Listens on these nodes, too. @throws NetdojoError `not-permitted` */
  add(nodes: readonly ObservedNode[]): void {
    const { snapLength, filter, onTrace } = this.#options
    for (const { name, netns } of nodes)
      try {
        inNamespace(this.#libc, netns, () => {
          if (onTrace) this.#sockets.push({ node: name, socket: new TraceSocket(this.#libc) })
          this.#sockets.push({
            node: name,
            socket: new PacketSocket(this.#libc, snapLength, filter),
          })
        })
      } catch (error) {
        this.#close()
        throw refused(name, error)
      }
    this.#interrupt()
  }

  /** Waits until all frames that are under way now have been passed on. */
  async sync(): Promise<void> {
    const until = performance.now() + longest
    for (let before = -1; before !== this.#received && performance.now() < until;) {
      before = this.#received
      await this.#poll(quiet)
      this.#drain()
    }
  }

  /** Waits like `sync`, and closes the sockets. @returns the nodes on which the kernel lost frames, because a buffer was full */
  async stop(): Promise<readonly string[]> {
    if (this.#isStopped) return []
    await this.sync()
    const lost = this.#sockets.filter(({ socket }) => socket.lost()).map(({ node }) => node)
    this.#close()
    return [...new Set(lost)]
  }

  async #listen(): Promise<void> {
    while (!this.#isStopped) {
      await this.#poll(patience, this.#wake)
      this.#libc.read(this.#wake, this.#woken, this.#woken.length)
      this.#drain()
    }
    this.#libc.close(this.#wake)
  }

  /** Waits until a socket has something to read. */
  async #poll(milliseconds: number, ...others: readonly number[]): Promise<void> {
    const all = [...others, ...this.#sockets.map(({ socket }) => socket.descriptor)]
    const descriptors = Buffer.concat(all.map((fd) => pollfd.encode({ fd, events: POLL.IN })))
    await this.#libc.pollAsync(descriptors, all.length, milliseconds)
  }

  #drain(): void {
    if (this.#isStopped) return
    for (const { node, socket } of this.#sockets)
      // At most so many, so that a busy interface does not hold up the others.
      for (let count = 0; count < 256 && this.#take(node, socket); count += 1) this.#received += 1
  }

  /** @returns whether the socket had something */
  #take(node: string, socket: Socket['socket']): boolean {
    if (socket instanceof TraceSocket) {
      const messages = socket.receive()
      if (messages) this.#options.onTrace?.(node, messages)
      return messages !== undefined
    }
    const frame = socket.receive()
    if (frame) this.#options.onFrame({ node, ...frame })
    return frame !== undefined
  }

  #close(): void {
    if (this.#isStopped) return
    this.#isStopped = true
    this.#interrupt()
    for (const { socket } of this.#sockets) socket[Symbol.dispose]()
  }

  #interrupt(): void {
    writeSync(this.#wake, one)
  }
}

/** poll.h: struct pollfd. */
const pollfd = struct({ fd: 's32', events: 'u16', occurred: 'u16' })
/** The number 1, as an eventfd takes it. */
const one = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])

function refused(node: string, error: unknown): NetdojoError {
  const reason = error instanceof Error ? error.message : String(error)
  return new NetdojoError({
    code: 'not-permitted',
    operation: 'listen to the packets of',
    object: node,
    reason,
    advice: /permitted|denied/i.test(reason)
      ? [`run it as root, or in namespaces of your own: ${commandFor.shell}`]
      : [],
    cause: error,
  })
}

function unsupported(): NetdojoError {
  return new NetdojoError({
    code: 'kernel-feature-missing',
    operation: 'listen to',
    object: 'packets',
    reason: `koffi, which calls the C library, has no binary for ${process.platform} on ${process.arch}`,
    advice: ['use a machine with an x64, arm64, arm or riscv64 processor'],
  })
}
