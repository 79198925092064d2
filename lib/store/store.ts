// Declares what the library needs of a store: records and bytes under keys, changed in transactions that happen completely or not at all.

/** What a transaction can read. A key is 1 to 512 printable ASCII characters without spaces. */
export type ReadTransaction = {
  /** The running boot of this machine, a UUID. A record of another boot says nothing about the kernel as it is now. */
  readonly bootId: string
  /** The JSON value under the key. The caller names its type, since it knows what it stores there. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  record<T>(key: string): T | undefined
  /** A copy of the bytes under the key. */
  bytes(key: string): Uint8Array | undefined
  /** The JSON values under the keys that start with `prefix`, in the order of their keys. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  records<T>(prefix: string): readonly (readonly [key: string, value: T])[]
  /** The keys that start with `prefix`, in order, of records and of bytes. */
  keys(prefix: string): readonly string[]
}

/** How durable the changes of a transaction are. */
export type TransactionOptions = {
  /**
   * Default `'power-cut'`. `'crash'` is for records that describe only the running boot: they survive the death of every
   * process. A power cut may lose the latest of them, but never an earlier one alone.
   */
  readonly survives?: 'power-cut' | 'crash'
}

/** What a transaction can read and change. */
export type Transaction = ReadTransaction & {
  /** Writes a value that has a JSON form. */
  setRecord(key: string, value: unknown): void
  /** Writes bytes. */
  setBytes(key: string, value: Uint8Array): void
  /** A missing key is no error. */
  delete(key: string): void
}

/**
 * A transaction's body is synchronous and uses only its transaction, since it may run more than once. So a file lock
 * (SQLite) and optimistic retries (etcd) can serve the same callers, and no caller holds the state locked while it waits. A body
 * must not catch the errors of its transaction: with them, a store says that it must fetch a key first, and runs the body again.
 *
 * Both methods reject with what the body throws, and then nothing is written; or with NetdojoError `state-busy`,
 * `state-corrupt`, `state-newer` or `state-unavailable`.
 */
export type Store = AsyncDisposable & {
  /** The body sees the state of one moment. */
  read<T>(body: (transaction: ReadTransaction) => T): Promise<T>
  /** The body sees all earlier commits. Its changes are durable when the promise is fulfilled. */
  update<T>(body: (transaction: Transaction) => T, options?: TransactionOptions): Promise<T>
  /**
   * Calls `onChange` soon after each commit, also of another process; a call without a change is allowed. Returns what stops
   * it. A store without this method is asked once a second.
   */
  watch?(onChange: () => void): () => void
  /** Closes the store; its contents stay, but for a store in memory. */
  close(): Promise<void>
}

/** A store of one machine, which can commit together with a store that machines share. */
export type HostStore = Store & {
  /** As `update`; the changes are committed only when `commit` has succeeded. Transactions that begin meanwhile wait. */
  updateAfter<T>(
    body: (transaction: Transaction) => T,
    commit: () => Promise<void>,
    options?: TransactionOptions,
  ): Promise<T>
  /** Whether it is a copy for a dry run. */
  readonly isCopy?: true
}
