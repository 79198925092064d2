// Opens a store in the memory of one process, for tests and for networks that end with their process; it behaves like the durable one.
import {
  oneAfterAnother,
  oneAtATime,
  readBootId,
  runTransaction,
  type RawTransaction,
  type RawValue,
} from './run-transaction.ts'
import type { HostStore, Store, Transaction } from './store.ts'

/** What a store in memory starts with. */
export type MemoryStoreOptions = {
  /** The id of the boot; default: that of the running boot. Tests pass another. */
  readonly bootId?: string
  /** The content at the start; default none. */
  readonly entries?: Iterable<readonly [key: string, value: RawValue]>
  /** @internal For a dry run, whose changes other machines must not see. */
  readonly isCopy?: true
}

/** Opens a store whose networks end with this process: `openNetworks({ store: openMemoryStore() })`. */
export function openMemoryStore(options: MemoryStoreOptions = {}): Store {
  return openHostMemory(options)
}

/** The same for a store that can commit together with one that machines share. */
export function openHostMemory(options: MemoryStoreOptions = {}): HostStore {
  const bootId = options.bootId ?? readBootId()
  const values = new Map<string, RawValue>(options.entries)
  const alone = oneAtATime()
  const watchers = new Set<() => void>()
  const close = async () => values.clear()
  const waiting = oneAfterAnother(() => alone(() => {}))
  const change = async <T>(
    body: (transaction: Transaction) => T,
    commit?: () => Promise<void>,
  ): Promise<T> => {
    const before = new Map<string, RawValue | undefined>()
    try {
      const result = alone(() => runTransaction(over(values, before), bootId, body))
      await commit?.()
      if (before.size > 0) for (const onChange of watchers) onChange()
      return result
    } catch (error) {
      restore(values, before)
      throw error
    }
  }
  return {
    ...(options.isCopy ? { isCopy: true } : {}),
    read: (body) =>
      waiting.after(async () => alone(() => runTransaction(over(values, new Map()), bootId, body))),
    update: (body) => waiting.after(() => change(body)),
    updateAfter: (body, commit) => waiting.alone(() => change(body, commit)),
    watch: (onChange) => {
      watchers.add(onChange)
      return () => void watchers.delete(onChange)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** `before` collects the old value of each key that is written, for an undo. */
function over(
  values: Map<string, RawValue>,
  before: Map<string, RawValue | undefined>,
): RawTransaction {
  const remember = (key: string) => {
    if (!before.has(key)) before.set(key, values.get(key))
  }
  const keys = (from: string, to: string) =>
    [...values.keys()].filter((key) => key >= from && key < to).toSorted()
  return {
    get: (key) => copy(values.get(key)),
    set: (key, value) => {
      remember(key)
      values.set(key, copy(value))
    },
    delete: (key) => {
      remember(key)
      values.delete(key)
    },
    scan: (from, to) => keys(from, to).map((key) => [key, copy(values.get(key) ?? '')]),
    keys,
  }
}

/** Callers get copies of stored bytes: writing to the originals would be a write without a transaction. */
function copy<T extends RawValue | undefined>(value: T): T
function copy(value: RawValue | undefined): RawValue | undefined {
  return value instanceof Uint8Array ? value.slice() : value
}

function restore(
  values: Map<string, RawValue>,
  before: ReadonlyMap<string, RawValue | undefined>,
): void {
  for (const [key, value] of before) {
    if (value === undefined) values.delete(key)
    else values.set(key, value)
  }
}
