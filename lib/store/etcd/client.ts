// Translates ranges, transactions, leases and watches into etcd's v3 requests: keys and values are base64, and 64-bit numbers are text.
import { setTimeout as sleep } from 'node:timers/promises'
import type { RawValue } from '../run-transaction.ts'
import type { Cache, Entry, History } from './cache.ts'
import { EtcdUnreachable, isObject, type Answer, type Gateway, type Json } from './gateway.ts'

/** One key, or all keys from `from` (included) to `to` (excluded). */
export type Range = { readonly from: string; readonly to?: string }

/** What must still be true when a transaction commits. */
export type Guard =
  | { readonly key: string; readonly modified: number }
  /** No key of the range was changed at this revision or later. */
  | { readonly key: string; readonly to: string; readonly before: number }

/** etcd refuses more operations in one transaction (--max-txn-ops). */
const mostOperations = 120

export class EtcdClient {
  readonly #gateway: Gateway
  readonly #prefix: string

  constructor(gateway: Gateway, prefix: string) {
    this.#gateway = gateway
    this.#prefix = prefix
  }

  /** Reads all ranges as of one revision into the cache, and returns that revision. */
  async fetch(ranges: readonly Range[], cache: Cache): Promise<number> {
    let revision: number | undefined
    for (let at = 0; at < ranges.length; at += mostOperations) {
      const part = ranges.slice(at, at + mostOperations)
      const success = part.map((range) => ({ request_range: this.#range(range, revision) }))
      const { body } = await this.#ask('/v3/kv/txn', { success }, cache)
      revision ??= revisionOf(body)
      this.#takeOver(part, body, revision, cache)
    }
    return revision ?? 0
  }

  /** @returns false when a guard did not hold; then the cache has what the others wrote */
  async commit(
    guards: readonly Guard[],
    writes: ReadonlyMap<string, RawValue | undefined>,
    reads: readonly Range[],
    cache: Cache,
  ): Promise<boolean> {
    const changed = [...writes.keys()].map((from): Range => ({ from }))
    const all = [...reads, ...changed]
    const request = {
      compare: guards.map((guard) => this.#compare(guard)),
      success: [...writes].map(([key, value]) => this.#write(key, value)),
      failure: all.map((range) => ({ request_range: this.#range(range) })),
    }
    const { body, isRepeated } = await this.#ask('/v3/kv/txn', request, cache)
    const revision = revisionOf(body)
    if (body.succeeded !== true) {
      this.#takeOver(all, body, revision, cache)
      // The first attempt was carried out although its answer was lost: the second one found its work.
      return (
        isRepeated && [...writes].every(([key, value]) => isEqual(cache.get(key)?.value, value))
      )
    }
    for (const [key, value] of writes)
      cache.set(
        key,
        value === undefined ? { modified: 0 } : { value, modified: revision },
        revision,
      )
    for (const { from, to } of reads) if (to !== undefined) cache.confirm(from, to, revision)
    return true
  }

  /**
   * Keeps a key with a lease until the signal is aborted, and then deletes it. When the lease was lost, it asks for another one.
   * All times are of the monotonic clock: a jump of the wall clock changes nothing.
   */
  async announce(
    key: string,
    value: () => string,
    seconds: number,
    signal: AbortSignal,
    onState: (isThere: boolean) => void,
  ): Promise<void> {
    let lease: string | undefined
    let confirmed = 0
    while (!signal.aborted) {
      const asked = performance.now()
      try {
        if (lease !== undefined && !(await this.#keepAlive(lease, key))) lease = undefined
        if (lease === undefined) {
          const granted = await this.#gateway.post('/v3/lease/grant', { TTL: String(seconds) })
          const id = String(granted.body.ID)
          const put = { key: this.#key(key), value: encode(value()), lease: id }
          await this.#gateway.post('/v3/kv/put', put)
          lease = id
          confirmed = 0
        }
        if (confirmed === 0) onState(true)
        confirmed = asked
      } catch {
        // The next round asks another member. Without an answer in time, etcd has deleted the key by now.
        if (confirmed > 0 && performance.now() - confirmed > seconds * 1000) {
          confirmed = 0
          onState(false)
        }
      }
      await pause((seconds * 1000) / (confirmed === 0 ? 20 : 3.3), signal)
    }
    if (lease === undefined) return
    // If this fails, the lease ends by itself.
    await this.#gateway.post('/v3/lease/revoke', { ID: lease }, 1).catch(() => {})
  }

  /** @returns whether etcd has the lease and its key: a backup has neither, and anybody can delete a key. */
  async #keepAlive(lease: string, key: string): Promise<boolean> {
    const { body } = await this.#gateway.post('/v3/lease/keepalive', { ID: lease }, leaseSeconds)
    if (!isObject(body.result) || !(Number(body.result.TTL ?? 0) > 0)) return false
    const found = await this.#gateway.post('/v3/kv/range', this.#keys({ from: key }), leaseSeconds)
    return listOf(found.body.kvs).some((kv) => String(kv.lease) === lease)
  }

  /**
   * Keeps a range of the cache up to date until `signal` is aborted, and calls `onChange` after each change and each full read.
   * After a break it goes on where it was; when etcd has compacted that away, it reads everything.
   */
  async watch(
    { from, to }: Required<Range>,
    cache: Cache,
    onChange: (keys?: readonly string[]) => void,
    signal: AbortSignal,
  ): Promise<void> {
    let revision: number | undefined
    while (!signal.aborted) {
      try {
        if (revision === undefined) {
          revision = await this.fetch([{ from, to }], cache)
          cache.setRange(from, to, revision, cache.scan(from, to), true)
          onChange()
        }
        const position = { revision }
        try {
          await this.#follow({ from, to }, position, cache, onChange, signal)
        } finally {
          revision = position.revision < 0 ? undefined : position.revision
        }
      } catch {
        // etcd is away, or the connection broke: the next round asks another member.
      }
      await pause(100 + Math.random() * 400, signal)
    }
    cache.unwatch(from, to)
  }

  async #follow(
    range: Required<Range>,
    position: { revision: number },
    cache: Cache,
    onChange: (keys?: readonly string[]) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const end = new AbortController()
    const both = AbortSignal.any([signal, end.signal])
    const create_request = {
      ...this.#keys(range),
      start_revision: String(position.revision + 1),
    }
    const onMessage = (message: Json) => {
      const result = isObject(message.result) ? message.result : {}
      const isBehind = result.created === true && revisionOf(result) < position.revision
      if (result.canceled === true || isBehind) {
        // The revision was compacted, or etcd was restored from a backup: only a full read helps.
        position.revision = -1
        return end.abort()
      }
      const events = listOf(result.events)
      const keys = events.flatMap((event) => this.#apply(event, cache))
      if (events.length === 0) return
      position.revision = Math.max(position.revision, revisionOf(result))
      cache.notice(historyOf(result))
      cache.confirm(range.from, range.to, position.revision)
      onChange(keys)
    }
    const alive = this.#guard(range, cache, both).finally(() => end.abort())
    try {
      await this.#gateway.stream('/v3/watch', { create_request }, onMessage, both)
    } finally {
      end.abort()
      if (!(await alive)) position.revision = -1
    }
  }

  /**
   * A connection may be dead, or a proxy may send no events (etcd 13909). So from time to time the newest change and the number of
   * keys are asked: ends when the cache does not have them, or without an answer.
   * @returns whether the cache may be right
   */
  async #guard({ from, to }: Required<Range>, cache: Cache, signal: AbortSignal): Promise<boolean> {
    try {
      for (let misses = 0; misses < 2;) {
        await pause(misses > 0 ? 300 : livenessMilliseconds, signal)
        if (signal.aborted) return true
        const newestIn = () =>
          cache.scan(from, to).reduce((most, [, { modified }]) => Math.max(most, modified), 0)
        const before = newestIn()
        const request = {
          ...this.#keys({ from, to }),
          limit: '1',
          sort_order: 'DESCEND',
          sort_target: 'MOD',
        }
        const { body } = await this.#ask('/v3/kv/range', request, cache, leaseSeconds)
        const newest = listOf(body.kvs).map((kv) => Number(kv.mod_revision))[0] ?? 0
        const isSame =
          newestIn() >= newest &&
          // A backup that was restored has older changes only.
          before <= newest &&
          cache.scan(from, to).length === Number(body.count ?? 0)
        misses = isSame ? 0 : misses + 1
      }
      return false
    } catch {
      // No answer: the stream is started again.
      return true
    }
  }

  #apply(event: Json, cache: Cache): readonly string[] {
    if (!isObject(event.kv)) return []
    const key = this.#decodeKey(event.kv.key)
    const modified = Number(event.kv.mod_revision)
    // Without a type, the event is a PUT.
    const entry = event.type === 'DELETE' ? { modified: 0 } : entryOf(event.kv)
    cache.set(key, entry, modified)
    return [key]
  }

  /** As `post`, for requests whose answer has the revision of etcd. */
  async #ask(path: string, request: Json, cache: Cache, seconds?: number): Promise<Answer> {
    const before = cache.history
    const answer = await this.#gateway.post(path, request, seconds)
    cache.notice(historyOf(answer.body), before)
    return answer
  }

  #takeOver(ranges: readonly Range[], body: Json, revision: number, cache: Cache): void {
    const responses = listOf(body.responses)
    for (const [index, { from, to }] of ranges.entries()) {
      const answer = responses[index]?.response_range
      const found = listOf(isObject(answer) ? answer.kvs : []).map(
        (kv) => [this.#decodeKey(kv.key), entryOf(kv)] as const,
      )
      if (to !== undefined) cache.setRange(from, to, revision, found)
      else cache.set(from, found[0]?.[1] ?? { modified: 0 }, revision)
    }
  }

  #range(range: Range, revision?: number): Json {
    return { ...this.#keys(range), ...(revision === undefined ? {} : { revision: `${revision}` }) }
  }

  #keys({ from, to }: Range): Json {
    return { key: this.#key(from), ...(to === undefined ? {} : { range_end: this.#key(to) }) }
  }

  #compare(guard: Guard): Json {
    const target = { key: this.#key(guard.key), target: 'MOD' }
    return 'to' in guard
      ? {
          ...target,
          range_end: this.#key(guard.to),
          result: 'LESS',
          mod_revision: String(guard.before),
        }
      : { ...target, result: 'EQUAL', mod_revision: String(guard.modified) }
  }

  #write(key: string, value: RawValue | undefined): Json {
    return value === undefined
      ? { request_delete_range: { key: this.#key(key) } }
      : { request_put: { key: this.#key(key), value: encode(value) } }
  }

  #key(key: string): string {
    return Buffer.from(this.#prefix + key).toString('base64')
  }

  #decodeKey(key: unknown): string {
    return Buffer.from(String(key), 'base64').toString().slice(this.#prefix.length)
  }
}

const leaseSeconds = 3
const livenessMilliseconds = 4000

function historyOf(answer: Json): History {
  const id = isObject(answer.header) ? String(answer.header.cluster_id) : ''
  return { id, revision: revisionOf(answer) }
}

function revisionOf({ header }: Json): number {
  return isObject(header) ? Number(header.revision) : 0
}

function entryOf(kv: Json): Entry {
  const bytes = Buffer.from(typeof kv.value === 'string' ? kv.value : '', 'base64')
  // A record is JSON, which never begins with a zero.
  const value = bytes[0] === 0 ? Uint8Array.from(bytes.subarray(1)) : bytes.toString()
  return { value, modified: Number(kv.mod_revision) }
}

function encode(value: RawValue): string {
  const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.from([0, ...value])
  return bytes.toString('base64')
}

function isEqual(one: RawValue | undefined, other: RawValue | undefined): boolean {
  if (one === undefined || other === undefined) return one === other
  return encode(one) === encode(other)
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {})
}

export function isUnreachable(error: unknown): error is EtcdUnreachable {
  return error instanceof EtcdUnreachable
}
