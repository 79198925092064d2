// Joins the store of a machine with a store that machines share: one transaction changes both, and the shared one commits first.
import { runTransaction } from './run-transaction.ts'
import type { SharedStore } from './etcd/etcd.ts'
import type { HostStore, ReadTransaction, Store, Transaction } from './store.ts'

/** Keys that begin with it are in the shared store, without it. */
const sharedPrefix = 'shared/'

/** A store whose shared part can be followed. */
export type SplitStore = Store & { readonly shared: SharedStore; readonly isCopy: boolean }

/**
 * A crash between the two commits leaves a claim in the shared store without its record on this machine. So a body may claim
 * there, and a reader that finds a claim of this machine without a record gives it back. A body that uses no shared key needs no
 * shared store.
 */
export function splitStore(host: HostStore, shared: SharedStore): SplitStore {
  const isCopy = host.isCopy ?? false
  const close = async () => {
    await Promise.all([host.close(), shared.close()])
  }
  return {
    shared,
    isCopy,
    async read(body) {
      const session = shared.session()
      for (;;) {
        const attempt = await attempted(() => host.read((own) => both(own, session.begin(), body)))
        if (await session.recover(attempt.error)) continue
        if ('error' in attempt) throw attempt.error
        if (!(await session.settle())) return attempt.result
      }
    },
    async update(body, options) {
      const session = shared.session()
      for (;;) {
        const attempt = await attempted(() =>
          host.updateAfter(
            (own) => both(own, session.begin(), body),
            () => (isCopy ? Promise.resolve() : session.commit()),
            options,
          ),
        )
        if (await session.recover(attempt.error)) continue
        if ('error' in attempt) throw attempt.error
        return attempt.result
      }
    },
    watch: (onChange) => host.watch?.(onChange) ?? (() => {}),
    close,
    [Symbol.asyncDispose]: close,
  }
}

type Attempt<T> =
  | { readonly result: T; readonly error?: never }
  | { readonly error: unknown; readonly result?: never }

async function attempted<T>(run: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { result: await run() }
  } catch (error) {
    return { error }
  }
}

function both<T>(
  own: ReadTransaction & Partial<Transaction>,
  raw: Parameters<typeof runTransaction>[0],
  body: (transaction: Transaction) => T,
): T {
  return runTransaction(raw, own.bootId, (shared) =>
    body({
      bootId: own.bootId,
      record: (key) => (isShared(key) ? shared.record(inside(key)) : own.record(key)),
      bytes: (key) => (isShared(key) ? shared.bytes(inside(key)) : own.bytes(key)),
      // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as in ReadTransaction
      records: <R>(prefix: string) =>
        isShared(prefix)
          ? shared.records<R>(inside(prefix)).map(([key, value]) => [full(key), value] as const)
          : own.records<R>(prefix),
      keys: (prefix) =>
        isShared(prefix) ? shared.keys(inside(prefix)).map(full) : own.keys(prefix),
      setRecord: (key, value) =>
        isShared(key) ? shared.setRecord(inside(key), value) : own.setRecord?.(key, value),
      setBytes: (key, value) =>
        isShared(key) ? shared.setBytes(inside(key), value) : own.setBytes?.(key, value),
      delete: (key) => (isShared(key) ? shared.delete(inside(key)) : own.delete?.(key)),
    }),
  )
}

function isShared(key: string): boolean {
  return key.startsWith(sharedPrefix)
}

function inside(key: string): string {
  return key.slice(sharedPrefix.length)
}

function full(key: string): string {
  return `${sharedPrefix}${key}`
}
