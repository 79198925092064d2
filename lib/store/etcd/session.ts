// Runs a transaction's body on the cache, fetches what it missed, and commits by comparing the revisions of all that it read, so that its changes happen as if it had run alone.
import type { RawTransaction, RawValue } from '../run-transaction.ts'
import type { Cache } from './cache.ts'
import type { EtcdClient, Guard, Range } from './client.ts'

/** Thrown inside a body, which must let it pass. */
class Missing extends Error {
  constructor() {
    super('a key is not in the cache yet; the store fetches it and runs the body again')
  }
}

/** Another transaction changed what this one had read. */
class Conflict extends Error {
  constructor() {
    super('another transaction changed what this one read')
  }
}

/** etcd can compare only keys that exist: the deletion of a key changes a key of its directory below this one. */
const deletions = '~deleted/'
const directoryOf = (key: string) => key.slice(0, key.lastIndexOf('/') + 1)

const longestPause = 64

export class Session {
  readonly #client: EtcdClient
  readonly #cache: Cache
  /** What earlier transactions have read, which is fetched together. */
  readonly #usual: Map<string, Range>
  readonly #writes = new Map<string, RawValue | undefined>()
  readonly #reads = new Map<string, Range>()
  readonly #missing = new Map<string, Range>()
  /** What the last request fetched, all of one moment. */
  #fetched = new Set<string>()
  #conflicts = 0

  constructor(client: EtcdClient, cache: Cache, usual: Map<string, Range>) {
    this.#client = client
    this.#cache = cache
    this.#usual = usual
  }

  /** For one run of the body. */
  begin(): RawTransaction {
    this.#writes.clear()
    this.#reads.clear()
    this.#missing.clear()
    return {
      get: (key) => {
        if (this.#writes.has(key)) return copy(this.#writes.get(key))
        return copy(this.#known({ from: key }).get(key)?.value)
      },
      set: (key, value) => void this.#writes.set(key, copy(value)),
      delete: (key) => void this.#writes.set(key, undefined),
      scan: (from, to) => this.#scan(from, to).map(([key, value]) => [key, copy(value)]),
      keys: (from, to) => this.#scan(from, to).map(([key]) => key),
    }
  }

  #scan(from: string, to: string): readonly (readonly [string, RawValue])[] {
    const found = new Map<string, RawValue>()
    for (const [key, { value }] of this.#known({ from, to }).scan(from, to))
      if (value !== undefined) found.set(key, value)
    for (const [key, value] of this.#writes) {
      if (key < from || key >= to) continue
      if (value === undefined) found.delete(key)
      else found.set(key, value)
    }
    return [...found].toSorted(([one], [other]) => (one < other ? -1 : 1))
  }

  #known(range: Range): Cache {
    const id = JSON.stringify(range)
    this.#reads.set(id, range)
    const { from, to } = range
    if (to === undefined ? this.#cache.get(from) : this.#cache.range(from, to)) return this.#cache
    this.#missing.set(id, range)
    throw new Missing()
  }

  /**
   * After a run of the body that missed something, or that ended with an error: fetches what is needed.
   * @returns whether the body must run again
   */
  async recover(error?: unknown): Promise<boolean> {
    if (this.#missing.size > 0) {
      // With what the last transactions read, one request is enough for most.
      const usual = this.#fetched.size === 0 ? this.#usual : []
      await this.#fetch(new Map([...usual, ...this.#reads]))
      return true
    }
    if (error instanceof Conflict) {
      this.#conflicts++
      this.#fetched.clear()
      // Of many writers of one key, one succeeds in each round.
      const pause = this.#conflicts < 2 ? 0 : Math.min(longestPause, 2 ** this.#conflicts)
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * pause))
      return true
    }
    // An error may come from what is old, or of several moments.
    if (error === undefined || this.#reads.size === 0 || this.#isOfOneMoment) return false
    await this.#fetch(this.#reads)
    return true
  }

  /** After a run of a reader's body: fetches again what is not of one moment. @returns whether the body must run again */
  async settle(): Promise<boolean> {
    const reads = [...this.#reads.values()]
    const isWatched = ({ from, to = `${from}\0` }: Range) => this.#cache.range(from, to)?.isWatched
    if (reads.length === 0 || this.#isOfOneMoment || reads.every(isWatched)) return false
    await this.#fetch(this.#reads)
    return true
  }

  /** Does nothing for a body that used no key. @throws Conflict, which `recover` understands */
  async commit(): Promise<void> {
    if (this.#writes.size === 0 && (this.#reads.size === 0 || this.#isOfOneMoment)) return
    this.#remember()
    const writes = new Map(this.#writes)
    for (const [key, value] of this.#writes)
      if (value === undefined) writes.set(deletions + directoryOf(key), '0')
    const reads = [...this.#reads.values()]
    const guards = reads.flatMap((range) => this.#guards(range))
    if (!(await this.#client.commit(guards, writes, reads, this.#cache))) throw new Conflict()
  }

  #guards({ from, to }: Range): readonly Guard[] {
    if (to === undefined) return [{ key: from, modified: this.#cache.get(from)?.modified ?? 0 }]
    const before = (this.#cache.range(from, to)?.revision ?? 0) + 1
    const deleted = deletions + directoryOf(from)
    return [
      { key: from, to, before },
      { key: deleted, to: `${deleted}\x7f`, before },
    ]
  }

  get #isOfOneMoment(): boolean {
    return this.#fetched.size > 0 && [...this.#reads.keys()].every((id) => this.#fetched.has(id))
  }

  async #fetch(ranges: ReadonlyMap<string, Range>): Promise<void> {
    this.#remember()
    await this.#client.fetch([...ranges.values()], this.#cache)
    this.#fetched = new Set(ranges.keys())
  }

  /** The latest reads are those that the next transaction most likely needs. */
  #remember(): void {
    for (const [id, range] of this.#reads) {
      this.#usual.delete(id)
      this.#usual.set(id, range)
    }
    for (const id of this.#usual.keys()) {
      if (this.#usual.size <= mostUsual) return
      this.#usual.delete(id)
    }
  }
}

const mostUsual = 32

function copy<T extends RawValue | undefined>(value: T): T
function copy(value: RawValue | undefined): RawValue | undefined {
  return value instanceof Uint8Array ? value.slice() : value
}
