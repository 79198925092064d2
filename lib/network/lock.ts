// Lets one change run at a time among all processes that share a state directory; the kernel releases the lock of a process that dies.
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { NetdojoError } from '../errors.ts'
import { ensureStateDirectory } from '../store/state-directory.ts'
import { stateError } from '../store/sqlite-errors.ts'
import type { Store } from '../store/store.ts'
import { run } from '../exec/run.ts'
import { throwIfAborted } from '../kernel/plan.ts'
import { loadLibc } from '../kernel/netlink/libc.ts'

/** Lets one change at a time go on, among all who share a state. */
export type Lock = {
  /**
   * Runs `body` while no other caller holds the lock.
   * @throws NetdojoError `aborted` while it waits, `state-busy` when the time limit ends first
   */
  hold<T>(body: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

/** One change after the other, among the callers that share this object. */
function processLock(): Lock {
  let last: Promise<unknown> = Promise.resolve()
  return {
    hold(body, signal) {
      const turn = last.then(() => {
        throwIfAborted(signal)
        return body()
      })
      last = turn.catch(() => {})
      return turn
    },
  }
}

const locksOfStores = new WeakMap<Store, Lock>()

/** Returns the lock of a store that the caller passed in. All networks that are opened on this store share it. */
export function lockOfStore(store: Store): Lock {
  const known = locksOfStores.get(store)
  const lock = known ?? processLock()
  if (!known) locksOfStores.set(store, lock)
  return lock
}

/** Longer than any queue of healthy processes: a change takes milliseconds. */
const usualLimitSeconds = 60

/** flock(2) */
const lockExclusive = 2
const lockNonBlocking = 4

/**
 * The lock is flock(2) on the file `lock` of the directory. A process that finds it taken waits in the kernel: flock(1) waits
 * on our own open file, so that the lock is ours when that program has ended. Linux wakes one waiter at each release, in
 * the order in which they came (fs/locks.c, "tree of blocked requests", Linux 5.0), so that waiting takes no processor time.
 * @param limitSeconds how long to wait before `state-busy`.
 * @throws NetdojoError `state-unsafe` or `state-unavailable`
 */
export function fileLock(directory: string, limitSeconds: number = usualLimitSeconds): Lock {
  const path = join(directory, 'lock')
  const own = processLock()
  return {
    hold: (body, signal) =>
      own.hold(async () => {
        const descriptor = open(directory, path)
        try {
          const libc = await loadLibc()
          if (libc?.flock(descriptor, lockExclusive | lockNonBlocking) !== 0)
            await wait(descriptor, path, limitSeconds, signal)
          ftruncateSync(descriptor)
          writeSync(descriptor, `${process.pid}\n`, 0)
          return await body()
        } finally {
          // The kernel frees the lock with the last descriptor of the open file.
          closeSync(descriptor)
        }
      }, signal),
  }
}

/** Takes a lock file if no process has it, and writes the process id into it. @returns undefined if another process has it */
export async function tryLock(path: string): Promise<Disposable | undefined> {
  const descriptor = open(dirname(path), path)
  const libc = await loadLibc()
  if (libc && libc.flock(descriptor, lockExclusive | lockNonBlocking) !== 0) {
    closeSync(descriptor)
    return undefined
  }
  ftruncateSync(descriptor)
  writeSync(descriptor, `${process.pid}\n`, 0)
  return { [Symbol.dispose]: () => closeSync(descriptor) }
}

function open(directory: string, path: string): number {
  try {
    ensureStateDirectory(directory, basename(path))
    const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants
    return openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600)
  } catch (error) {
    throw stateError(path, error)
  }
}

async function wait(
  descriptor: number,
  path: string,
  limitSeconds: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { exitCode } = await run('flock', ['--timeout', String(limitSeconds), '3'], {
    input: '',
    descriptor,
    signal,
    allowFailure: true,
  })
  throwIfAborted(signal)
  if (exitCode === 0) return
  throw new NetdojoError({
    code: 'state-busy',
    operation: 'change the networks of',
    object: dirname(path),
    reason: `${holder(path)} has held the lock for more than ${limitSeconds} s`,
    advice: [
      'wait until it has ended, or end it: the kernel frees the lock of a process that ends',
    ],
  })
}

/** Each holder writes its process id into the file; it may have ended since. */
function holder(path: string): string {
  const pid = readFileSync(path, 'utf8').trim()
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim()
    return `process ${pid} (${command})`
  } catch {
    return 'another process'
  }
}
