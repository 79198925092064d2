// Keeps the history of changes in the store: an event is written in the transaction of its change, so that a watcher misses none and sees none that did not happen.
import { NetdojoError } from '../errors.ts'
import type { ReadTransaction, Store, Transaction } from '../store/store.ts'
import { withAttachment, type EndpointRecord, type NetworkRecord } from './records.ts'

/** What has happened to a network or to an endpoint. */
export type NetworkEvent = {
  /** 1 for the first event of a state, then one more for each. Pass it to `watch` as `since` to go on after this event. */
  readonly sequence: number
  /** When it was recorded: ISO 8601, UTC. */
  readonly time: string
} & NetworkEventContent

/** The part of an event that says what has happened. */
export type NetworkEventContent =
  | {
      /** A network was created, or removed. */
      readonly kind: 'network-created' | 'network-removed'
      /** The record of the network: the new one, or the last one. */
      readonly network: NetworkRecord
    }
  | {
      /** An endpoint was connected, changed (by `update`, or by a change of another network of its namespace), or disconnected. */
      readonly kind: 'endpoint-connected' | 'endpoint-updated' | 'endpoint-disconnected'
      /** The name of its network. */
      readonly network: string
      /** The record of the endpoint: the new one, or the last one. */
      readonly endpoint: EndpointRecord
    }

/** Selects the events that `watch` yields. */
export type WatchOptions = {
  /** The `sequence` of the last event that is known: the first one yielded is the next. Default: only events from now on. */
  readonly since?: number
  /** Ends the loop. */
  readonly signal?: AbortSignal
}

const lastKey = 'last-event'
const eventPrefix = 'event/'
/** Keys are compared as text. */
const eventKey = (sequence: number) => `${eventPrefix}${String(sequence).padStart(16, '0')}`
/** How many events the store keeps. */
const kept = 1000

/** Belongs into the transaction that makes the change. */
export function recordEvent(transaction: Transaction, content: NetworkEventContent): void {
  const sequence = lastEvent(transaction) + 1
  transaction.setRecord(lastKey, sequence)
  transaction.setRecord(eventKey(sequence), {
    sequence,
    time: new Date().toISOString(),
    ...content,
  } satisfies NetworkEvent)
  transaction.delete(eventKey(sequence - kept))
}

/** The sequence of the last event; 0 before the first one. */
function lastEvent(transaction: ReadTransaction): number {
  return transaction.record<number>(lastKey) ?? 0
}

/** @throws NetdojoError `events-lost` */
function eventsAfter(transaction: ReadTransaction, since: number): readonly NetworkEvent[] {
  const last = lastEvent(transaction)
  const isKept = since <= last && since >= last - kept
  if (!isKept) throw lost(since, last)
  return Array.from({ length: last - since }, (_, index) => {
    const event = transaction.record<NetworkEvent>(eventKey(since + 1 + index))
    if (!event) throw lost(since, last)
    return 'endpoint' in event ? { ...event, endpoint: withAttachment(event.endpoint) } : event
  })
}

/**
 * Yields the events after `since`, and then each later one, of all processes that change the store.
 * @param closed ends the loop, too. @throws NetdojoError `events-lost`
 */
export async function* watchEvents(
  store: Store,
  { since, signal }: WatchOptions,
  closed: AbortSignal,
): AsyncGenerator<NetworkEvent> {
  const end = signal ? AbortSignal.any([signal, closed]) : closed
  if (end.aborted) return
  const bell = bellOf(store, end)
  try {
    let last = since ?? (await store.read(lastEvent))
    while (!end.aborted) {
      const rung = bell.next()
      const from = last
      for (const event of await store.read((transaction) => eventsAfter(transaction, from))) {
        if (end.aborted) return
        yield event
        last = event.sequence
      }
      if (!end.aborted) await rung
    }
  } finally {
    bell.stop()
  }
}

const pauseMilliseconds = 1000

/**
 * The store rings after each commit. A process that is killed in the moment of its commit may have rung only before the commit
 * was visible, so the store is asked once more, a second after the last ring. A change between the request for the bell and the
 * read before it counts as a ring. An overflow of the queue of inotify loses no change: what is lost was committed before the
 * queue is read, and the store is read after that.
 */
function bellOf(store: Store, end: AbortSignal) {
  let ring = () => {}
  let once: NodeJS.Timeout | undefined
  const onChange = () => {
    ring()
    clearTimeout(once)
    once = setTimeout(() => ring(), pauseMilliseconds)
  }
  const stop = watching(store, onChange)
  const poll = stop ? undefined : setInterval(() => ring(), pauseMilliseconds)
  const onEnd = () => ring()
  end.addEventListener('abort', onEnd)
  return {
    next: () => new Promise<void>((resolve) => (ring = resolve)),
    stop: () => {
      stop?.()
      clearTimeout(once)
      clearInterval(poll)
      end.removeEventListener('abort', onEnd)
    },
  }
}

/** Undefined if the store cannot be watched, or the system has no watch left (fs.inotify.max_user_watches). */
function watching(store: Store, onChange: () => void): (() => void) | undefined {
  try {
    return store.watch?.(onChange)
  } catch {
    return undefined
  }
}

function lost(since: number, last: number): NetdojoError {
  const oldest = Math.max(0, last - kept)
  return new NetdojoError({
    code: 'events-lost',
    operation: 'watch the networks from',
    object: `the event ${since}`,
    reason: `since must be between ${oldest} and ${last}, the events that the state still has`,
    advice: ['read the networks and endpoints anew, and watch without since'],
  })
}
