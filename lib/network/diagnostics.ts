// Publishes the start and the end of each change, for tracing and logging: on the channel netdojo:change, and to a callback.
import { channel } from 'node:diagnostics_channel'

/** What `openNetworks({ diagnostics })` and the channel `netdojo:change` of node:diagnostics_channel get. */
export type ChangeDiagnostics = {
  /** `end` after a success, `error` after a failure. */
  readonly phase: 'start' | 'end' | 'error'
  /** The method that was called: `'connect'`. */
  readonly operation:
    | 'create'
    | 'ensure'
    | 'connect'
    | 'disconnect'
    | 'update'
    | 'remove'
    | 'prune'
    | 'reconcile'
    | 'leave'
  /** The network's name; absent where a call is about all networks. */
  readonly network?: string
  /** Since the call, in milliseconds; absent at the start. */
  readonly milliseconds?: number
  /** The part of these milliseconds in which the call waited for other changes to end. */
  readonly waited?: number
  /** What the call throws. */
  readonly error?: unknown
}

/** The call that diagnostics describe. */
export type Call = Pick<ChangeDiagnostics, 'operation' | 'network'>

const changes = channel('netdojo:change')

/** @param body is told how to say that its wait for the lock has ended. */
export async function traced<T>(
  call: Call,
  diagnostics: ((change: ChangeDiagnostics) => void) | undefined,
  body: (begin: () => void) => Promise<T>,
): Promise<T> {
  if (!diagnostics && !changes.hasSubscribers) return body(() => {})
  const publish = (change: ChangeDiagnostics) => {
    changes.publish(change)
    diagnostics?.(change)
  }
  const started = performance.now()
  let begun: number | undefined
  const times = () => {
    const now = performance.now()
    return { milliseconds: now - started, waited: (begun ?? now) - started }
  }
  publish({ phase: 'start', ...call })
  try {
    const result = await body(() => void (begun ??= performance.now()))
    publish({ phase: 'end', ...call, ...times() })
    return result
  } catch (error) {
    publish({ phase: 'error', ...call, ...times(), error })
    throw error
  }
}
