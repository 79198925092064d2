// What the library needs of a place that keeps state: records and bytes under keys, and transactions that happen whole or not at all.

/** What a transaction may look at. A key is printable ASCII without spaces, at most 512 characters. */
export type ReadTransaction = {
  /** The running boot of this machine. What a record of another boot says about the kernel is no longer true. */
  readonly bootId: string
  /** The JSON value under the key; its type is the word of the caller, who knows what it stores there. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  record<T>(key: string): T | undefined
  /** A copy of the bytes under the key. */
  bytes(key: string): Uint8Array | undefined
  /** The JSON values under the keys that start with `prefix`, in the order of their keys. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  records<T>(prefix: string): readonly (readonly [key: string, value: T])[]
  /** The keys that start with `prefix`, in order, whatever is under them. */
  keys(prefix: string): readonly string[]
}

export type UpdateOptions = {
  /**
   * `'power-cut'` unless told. `'crash'` for what only describes the running boot: it survives the death of every process,
   * and a power cut may lose it, but never out of order: what is lost is all that came after some moment.
   */
  readonly survives?: 'power-cut' | 'crash'
}

export type Transaction = ReadTransaction & {
  setRecord(key: string, value: unknown): void
  setBytes(key: string, value: Uint8Array): void
  /** Removing what is not there is no error. */
  delete(key: string): void
}

/**
 * A transaction's body is synchronous, and touches nothing but its transaction: it may run more than once. That lets a
 * file lock (SQLite) and optimistic retries (etcd: run on what is cached, fetch what was missing, commit if unchanged)
 * serve the same callers, and no caller can hold the state locked while it waits for something else.
 *
 * Both methods reject with what the body throws (then nothing is written), or with NetdojoError `state-busy`,
 * `state-corrupt`, `state-newer` or `state-unavailable`.
 */
export type Store = AsyncDisposable & {
  /** Looks at one consistent moment. */
  read<T>(body: (transaction: ReadTransaction) => T): Promise<T>
  /** Sees all that was committed before, and is durable once the promise is fulfilled. */
  update<T>(body: (transaction: Transaction) => T, options?: UpdateOptions): Promise<T>
  close(): Promise<void>
}
