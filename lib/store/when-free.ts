// Waits for a file that others have locked, without blocking this process.
import { isBusy, stateError } from './sqlite-errors.ts'

const longestPause = 64

/**
 * Tries until the lock is free. The pauses double, as in Ethernet, so that the more processes wait, the less each of
 * them asks: 64 that ask every few milliseconds leave no processor time to the one that has the lock.
 */
export async function whenFree<T>(path: string, busySeconds: number, attempt: () => T): Promise<T> {
  const until = performance.now() + busySeconds * 1000
  for (let pause = 1; ; pause = Math.min(2 * pause, longestPause)) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw stateError(path, error)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * pause))
    }
  }
}
