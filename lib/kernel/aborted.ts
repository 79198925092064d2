// A cancelled signal as the error that users get: what was begun is taken back before it reaches them.
import { NetdojoError } from '../errors.ts'

/** @throws NetdojoError `aborted` */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return
  throw new NetdojoError({
    code: 'aborted',
    operation: 'go on with',
    object: 'the change',
    reason: 'its signal was aborted; what had been done was taken back',
    cause: signal.reason,
  })
}
