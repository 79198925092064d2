// Does something short in another network namespace: what is opened there stays there, also after the return.
import { closeSync, openSync } from 'node:fs'
import { NetdojoError } from '../../errors.ts'
import type { Libc } from './libc.ts'

/** CLONE_NEWNET: setns(2). */
const network = 0x40000000

/**
 * `action` must not wait: only this thread is there, and nothing else may run on it meanwhile.
 * @throws Error in the words of `ip -n`, when there is no such namespace
 */
export function inNamespace<T>(libc: Libc, netns: string | undefined, action: () => T): T {
  if (netns === undefined) return action()
  const there = openNamespace(netns)
  const home = openSync('/proc/thread-self/ns/net', 'r')
  try {
    enter(libc, there, netns)
    try {
      return action()
    } finally {
      leave(libc, home)
    }
  } finally {
    closeSync(home)
    closeSync(there)
  }
}

/** A descriptor, to be closed. */
export function openNamespace(netns: string): number {
  try {
    return openSync(netns, 'r')
  } catch (error) {
    throw new Error(`Cannot open network namespace "${netns}": ${String(error)}`, { cause: error })
  }
}

function enter(libc: Libc, there: number, netns: string): void {
  if (libc.setns(there, network) === 0) return
  const reason = libc.strerror(libc.errno())
  throw new Error(`setting the network namespace "${netns}" failed: ${reason}`)
}

/** A thread that cannot come home would do everything that follows in the wrong network. */
function leave(libc: Libc, home: number): void {
  if (libc.setns(home, network) === 0) return
  const error = new NetdojoError({
    code: 'not-permitted',
    operation: 'return to',
    object: 'our own network namespace',
    reason: libc.strerror(libc.errno()),
  })
  console.error(error.message)
  process.exit(1)
}
