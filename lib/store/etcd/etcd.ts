// Opens a store in etcd, which several machines share: optimistic transactions, leases that show which machines live, and watches.
import { quote } from '../../address/quote.ts'
import { NetdojoError } from '../../errors.ts'
import { oneAtATime, readBootId, runTransaction, type RawTransaction } from '../run-transaction.ts'
import type { Store } from '../store.ts'
import { Cache } from './cache.ts'
import { EtcdClient, isUnreachable } from './client.ts'
import { EtcdRefusal, Gateway, isTlsFailure, textOf, type EtcdTls } from './gateway.ts'
import { Session } from './session.ts'

/** How etcd is reached. */
export type EtcdStoreOptions = {
  /** The URLs of its members: `['http://10.0.0.9:2379']`. When one does not answer, the next one is asked. */
  readonly endpoints: readonly string[]
  /** For members with `https://`. */
  readonly tls?: EtcdTls
  /** Begins every key; default `/netdojo/v1/`. Two clusters in one etcd need two. */
  readonly prefix?: string
  /** How long a request may take before `state-unavailable`, over all members; default 5. */
  readonly seconds?: number
  /** The id of the boot; default: that of the running boot. Tests pass another. */
  readonly bootId?: string
}

/** A store that several machines share. Alone it is a store like the others; `openNetworks` uses it for what machines share. */
export type SharedStore = Store & {
  /** The URLs and certificates, to open it again in another process. */
  readonly options: EtcdStoreOptions
  /** @internal A transaction over this store and another one. */
  session(): SharedSession
  /**
   * Keeps the keys of a prefix in memory, up to date, until the signal is aborted. Calls `onChange` with the keys of each change, and
   * without keys when all of them may have changed.
   */
  follow(
    prefix: string,
    onChange: (keys?: readonly string[]) => void,
    signal: AbortSignal,
  ): Promise<void>
  /**
   * Keeps a record in the store while this process lives and reaches it: without it, the record goes after `seconds`.
   * `onState` is told whether the record is there, each time that this changes.
   */
  announce(
    key: string,
    value: () => unknown,
    options: AnnounceOptions,
    onState: (isThere: boolean) => void,
  ): Promise<void>
}

/** How long a record of `announce` stays. */
export type AnnounceOptions = {
  /** After the end of this process, or of its way to the store. */
  readonly seconds: number
  /** Takes it away. */
  readonly signal: AbortSignal
}

/** @internal One transaction: `begin` for each run of the body, then `commit`, or `settle` for a reader; `recover` after an error. */
export type SharedSession = {
  /** Begins a run of the body. */
  begin(): RawTransaction
  /** Commits what the body wrote. */
  commit(): Promise<void>
  /** Whether a reader's body must run again. */
  settle(): Promise<boolean>
  /** Whether the body must run again after an error, or because it missed something. */
  recover(error?: unknown): Promise<boolean>
}

/**
 * Opens the store; nothing is asked before the first transaction.
 * @throws NetdojoError `usage` for malformed endpoints, `state-unavailable` for certificates that cannot be read
 */
export function etcdStore(options: EtcdStoreOptions): SharedStore {
  const { prefix = '/netdojo/v1/', bootId = readBootId() } = options
  if (!/^\/[\x21-\x7d]{0,99}\/$/.test(prefix)) throw badPrefix(prefix)
  const gateway = new Gateway(options)
  const client = new EtcdClient(gateway, prefix)
  const cache = new Cache()
  const usual = new Map()
  const alone = oneAtATime()
  const closed = new AbortController()

  const explained = async <T>(request: () => Promise<T>): Promise<T> => {
    try {
      return await request()
    } catch (error) {
      throw explain(error, gateway.text)
    }
  }
  const session = (): SharedSession => {
    const inner = new Session(client, cache, usual)
    return {
      begin: () => inner.begin(),
      commit: () => explained(() => inner.commit()),
      settle: () => explained(() => inner.settle()),
      recover: (error) => explained(() => inner.recover(error)),
    }
  }
  const until = async <T>(run: (session: SharedSession) => Promise<T>): Promise<T> => {
    const current = session()
    for (;;) {
      const [result, error] = await run(current).then(
        (value) => [value, undefined] as const,
        (thrown: unknown) => [undefined, thrown ?? new Error('nothing')] as const,
      )
      if (await current.recover(error)) continue
      if (error !== undefined) throw error
      return result
    }
  }
  const close = async () => {
    closed.abort()
    gateway.close()
  }
  return {
    options,
    session,
    read: (body) =>
      until(async (current) => {
        for (;;) {
          const result = alone(() => runTransaction(current.begin(), bootId, body))
          if (!(await current.settle())) return result
        }
      }),
    update: (body) =>
      until(async (current) => {
        const result = alone(() => runTransaction(current.begin(), bootId, body))
        await current.commit()
        return result
      }),
    watch: (onChange) => {
      const end = new AbortController()
      void client.watch({ from: '!', to: '~' }, new Cache(), () => onChange(), both(end.signal))
      return () => end.abort()
    },
    follow: (wanted, onChange, signal) =>
      client.watch({ from: wanted, to: `${wanted}\x7f` }, cache, onChange, both(signal)),
    announce: (key, value, { seconds, signal }, onState) =>
      client.announce(key, () => JSON.stringify(value()), seconds, both(signal), onState),
    close,
    [Symbol.asyncDispose]: close,
  }

  function both(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, closed.signal])
  }
}

function explain(error: unknown, members: string): unknown {
  if (isUnreachable(error) && isTlsFailure(error.cause))
    return new NetdojoError({
      code: 'state-unavailable',
      operation: 'use the state in etcd at',
      object: members,
      reason: `the TLS connection failed: ${error.message}`,
      advice: [
        'name the authority that signed the certificate of etcd: NETDOJO_STORE_CA=FILE, or tls.ca',
        'if etcd asks for a certificate, name one that it trusts: NETDOJO_STORE_CERT=FILE and NETDOJO_STORE_KEY=FILE, or tls.cert and tls.key',
      ],
      cause: error,
    })
  if (isUnreachable(error))
    return new NetdojoError({
      code: 'state-unavailable',
      operation: 'use the state in etcd at',
      object: members,
      reason: `no member answered: ${error.message}`,
      advice: [
        'start etcd, or repair the way to it; networks and containers that exist go on without it',
        'a majority of its members must run: etcdctl endpoint health --cluster',
      ],
      cause: error,
    })
  if (!(error instanceof EtcdRefusal)) return error
  return new NetdojoError({
    code: 'state-unavailable',
    operation: 'use the state in etcd at',
    object: members,
    reason: `etcd refused a request: ${textOf(error)}`,
    cause: error,
  })
}

function badPrefix(prefix: string): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'use the prefix',
    object: quote(prefix),
    reason: 'a prefix must begin and end with / and have at most 100 printable characters',
  })
}
