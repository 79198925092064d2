// The system calls that netlink(7) needs, made by this very process: a change of the network starts no program.

export type Libc = {
  socket(domain: number, type: number, protocol: number): number
  setsockopt(socket: number, level: number, name: number, value: Buffer, size: number): number
  send(socket: number, message: Buffer, size: number, flags: number): number
  /** As `send`, in a thread of its own: for what the kernel waits for while it does it. */
  sendAsync(socket: number, message: Buffer, size: number, flags: number): Promise<number>
  recv(socket: number, buffer: Buffer, size: number, flags: number): number
  close(descriptor: number): number
  /** As `close`, in a thread of its own. */
  closeAsync(descriptor: number): void
  setns(descriptor: number, type: number): number
  flock(descriptor: number, operation: number): number
  errno(): number
  /** `File exists` for 17. */
  strerror(errno: number): string
}

let libc: Promise<Libc | undefined> | undefined

/** `undefined` where they cannot be called: on a processor or a libc that koffi was not built for. */
export function loadLibc(): Promise<Libc | undefined> {
  return (libc ??= load().catch(() => undefined))
}

async function load(): Promise<Libc> {
  const { default: koffi } = await import('koffi')
  // Node itself is linked with it.
  const process = koffi.load(null)
  const send = process.func('long send(int, const void *, size_t, int)')
  const close = process.func('int close(int)')
  return {
    socket: process.func('int socket(int, int, int)'),
    setsockopt: process.func('int setsockopt(int, int, int, const void *, uint32_t)'),
    send,
    sendAsync: (...args) =>
      new Promise((resolve, reject) => {
        const done = (error: Error | null, sent: number) => (error ? reject(error) : resolve(sent))
        asyncOrHere(
          () => send.async(...args, done),
          () => resolve(send(...args)),
        )
      }),
    recv: process.func('long recv(int, void *, size_t, int)'),
    close,
    closeAsync: (descriptor) =>
      asyncOrHere(
        () => close.async(descriptor, () => {}),
        () => close(descriptor),
      ),
    setns: process.func('int setns(int, int)'),
    flock: process.func('int flock(int, int)'),
    errno: () => koffi.errno(),
    strerror: process.func('const char *strerror(int)'),
  }
}

/** koffi has 256 calls under way at most (max_async_calls), and refuses one more: that one is made here, and all that follows waits. */
function asyncOrHere(start: () => void, here: () => void): void {
  try {
    start()
  } catch {
    here()
  }
}
