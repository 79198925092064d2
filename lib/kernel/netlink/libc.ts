// Calls the C library for netlink(7) and setns(2) from this process, so that a change of the network starts no program.
import { closeSync, openSync } from 'node:fs'
import { NetdojoError } from '../../errors.ts'
import { NamespaceError } from '../plan.ts'
import { CLONE, SO, SOL } from './constants.ts'
import { loadKoffi } from './koffi.ts'

export type Libc = {
  socket(domain: number, type: number, protocol: number): number
  setsockopt(socket: number, level: number, name: number, value: Buffer, size: number): number
  send(socket: number, message: Buffer, size: number, flags: number): number
  /** Like `send`, in a thread of its own: for messages whose work takes the kernel a while. */
  sendAsync(socket: number, message: Buffer, size: number, flags: number): Promise<number>
  recv(socket: number, buffer: Buffer, size: number, flags: number): number
  recvfrom(
    socket: number,
    buffer: Buffer,
    size: number,
    flags: number,
    from: Buffer,
    fromSize: Buffer,
  ): number
  bind(socket: number, address: Buffer, size: number): number
  getsockopt(socket: number, level: number, name: number, value: Buffer, size: Buffer): number
  ioctl(descriptor: number, request: number, argument: Buffer): number
  /** Instructions of a packet filter, of 8 bytes each. */
  attachFilter(socket: number, instructions: Buffer): number
  eventfd(value: number, flags: number): number
  /** In a thread of its own. `descriptors` are struct pollfd; the time is in milliseconds. */
  pollAsync(descriptors: Buffer, count: number, timeout: number): Promise<number>
  /** Opens a file in the directory with this descriptor. */
  openat(directory: number, path: string, flags: number): number
  read(descriptor: number, buffer: Buffer, size: number): number
  close(descriptor: number): number
  /** Like `close`, in a thread of its own. */
  closeAsync(descriptor: number): void
  setns(descriptor: number, type: number): number
  flock(descriptor: number, operation: number): number
  errno(): number
  /** The text of an errno: `File exists` for 17. */
  strerror(errno: number): string
}

let libc: Promise<Libc | undefined> | undefined

/** @returns undefined where koffi supports neither the processor nor the C library. */
export function loadLibc(): Promise<Libc | undefined> {
  return (libc ??= load().catch(() => undefined))
}

async function load(): Promise<Libc> {
  const koffi = await loadKoffi()
  // Node itself is linked with it.
  const process = koffi.load(null)
  const send = process.func('long send(int, const void *, size_t, int)')
  const close = process.func('int close(int)')
  const poll = process.func('int poll(void *, unsigned long, int)')
  // linux/filter.h: struct sock_fprog.
  const program = koffi.struct({ len: 'uint16_t', filter: 'const void *' })
  const sizeOfProgram = koffi.sizeof(program)
  const attach = process.func('setsockopt', 'int', [
    'int',
    'int',
    'int',
    koffi.pointer(program),
    'uint32_t',
  ])
  return {
    socket: process.func('int socket(int, int, int)'),
    setsockopt: process.func('int setsockopt(int, int, int, const void *, uint32_t)'),
    send,
    sendAsync: (...args) =>
      new Promise((resolve, reject) => {
        const done = keep(args[1], (error, sent) => (error ? reject(error) : resolve(sent)))
        inThread(
          () => send.async(...args, done),
          () => resolve(send(...args)),
        )
      }),
    openat: process.func('int openat(int, const char *, int)'),
    read: process.func('long read(int, void *, size_t)'),
    recv: process.func('long recv(int, void *, size_t, int)'),
    recvfrom: process.func('long recvfrom(int, void *, size_t, int, void *, void *)'),
    bind: process.func('int bind(int, const void *, uint32_t)'),
    getsockopt: process.func('int getsockopt(int, int, int, void *, void *)'),
    ioctl: process.func('int ioctl(int, unsigned long, void *)'),
    attachFilter: (socket, filter) =>
      attach(
        socket,
        SOL.SOCKET,
        SO.ATTACH_FILTER,
        { len: filter.length / 8, filter },
        sizeOfProgram,
      ),
    eventfd: process.func('int eventfd(unsigned int, int)'),
    pollAsync: (...args) =>
      new Promise((resolve, reject) => {
        poll.async(
          ...args,
          keep(args[0], (error, count) => (error ? reject(error) : resolve(count))),
        )
      }),
    close,
    closeAsync: (descriptor) =>
      inThread(
        () => close.async(descriptor, () => {}),
        () => close(descriptor),
      ),
    setns: process.func('int setns(int, int)'),
    flock: process.func('int flock(int, int)'),
    errno: () => koffi.errno(),
    strerror: process.func('const char *strerror(int)'),
  }
}

const inUse = new Set<Buffer>()

/** The memory of a call in another thread must not be collected before the thread has ended: koffi holds no reference to it. */
function keep(
  buffer: Buffer,
  done: (error: Error | null, result: number) => void,
): (error: Error | null, result: number) => void {
  inUse.add(buffer)
  return (error, result) => {
    inUse.delete(buffer)
    done(error, result)
  }
}

/** koffi refuses a call when 256 are under way (max_async_calls): this one is then made here, and the event loop waits for it. */
function inThread(start: () => void, here: () => void): void {
  try {
    start()
  } catch {
    here()
  }
}

/** The network namespace of this thread. */
let home: number | undefined

/**
 * Calls `action` in another network namespace; what it opens there stays there after the return. `action` must not wait: no other
 * code may run on this thread meanwhile.
 * @throws Error in the words of `ip -n`, when the namespace does not exist
 */
export function inNamespace<T>(libc: Libc, netns: string | undefined, action: () => T): T {
  if (netns === undefined) return action()
  const there = openNamespace(netns)
  // It is opened once, because a thread always returns to it.
  home ??= openSync('/proc/thread-self/ns/net', 'r')
  try {
    refuseNoReturn(libc, home)
    enter(libc, there, netns)
    try {
      return action()
    } finally {
      leave(libc, home)
    }
  } finally {
    closeSync(there)
  }
}

/** @returns a descriptor, to be closed. */
export function openNamespace(netns: string): number {
  try {
    return openSync(netns, 'r')
  } catch (error) {
    throw new NamespaceError(`Cannot open network namespace "${netns}": ${String(error)}`, {
      cause: error,
    })
  }
}

function enter(libc: Libc, there: number, netns: string): void {
  if (libc.setns(there, CLONE.NEWNET) === 0) return
  const errno = libc.errno()
  const message = `setting the network namespace "${netns}" failed: ${libc.strerror(errno)}`
  throw Object.assign(new NamespaceError(message), { errno })
}

/**
 * Checks that this thread may return, before it leaves: entering its current namespace needs the same rights. A thread that could
 * not return would do all later work in the wrong network.
 */
function refuseNoReturn(libc: Libc, home: number): void {
  if (libc.setns(home, CLONE.NEWNET) !== 0) throw noReturn(libc)
}

function leave(libc: Libc, home: number): void {
  if (libc.setns(home, CLONE.NEWNET) !== 0) throw noReturn(libc)
}

function noReturn(libc: Libc): NetdojoError {
  return new NetdojoError({
    code: 'not-permitted',
    operation: 'return to',
    object: 'our own network namespace',
    reason: libc.strerror(libc.errno()),
  })
}
