// Keeps what is known of etcd's keys, with the revision of each; older news never replace newer ones.
import type { RawValue } from '../run-transaction.ts'

export type Entry = {
  /** Absent: etcd has no such key. */
  readonly value?: RawValue
  /** The revision of the last change of the key; 0 where there is none. */
  readonly modified: number
}

/** A range of keys, of which all are known as of the revision. */
type KnownRange = {
  readonly from: string
  readonly to: string
  readonly revision: number
  /** Whether a watch keeps it up to date. */
  readonly isWatched: boolean
}

/** Where etcd was: its identity, and its newest revision. */
export type History = { readonly id: string; readonly revision: number }

const nothing: History = { id: '', revision: 0 }

export class Cache {
  #history = nothing
  readonly #entries = new Map<string, Entry & { readonly seen: number }>()
  /** In order: a range of a few keys costs the same among ten thousand others. */
  #keys: string[] = []
  /** The newest first. */
  #ranges: readonly KnownRange[] = []

  get history(): History {
    return this.#history
  }

  /**
   * Takes note of an answer. Forgets everything when etcd was restored from a backup since the question: what is known is of another history.
   * @param before the history when the question was sent; none for news without a question
   */
  notice(now: History, before: History = nothing): void {
    const isOther = before.id !== '' && now.id !== before.id
    if (isOther || now.revision < before.revision) {
      this.#entries.clear()
      this.#keys = []
      this.#ranges = []
      this.#history = now
    } else if (now.revision >= this.#history.revision) this.#history = now
  }

  /** @returns undefined when it is not known whether the key exists */
  get(key: string): Entry | undefined {
    return this.#entries.get(key) ?? (this.range(key, `${key}\0`) ? { modified: 0 } : undefined)
  }

  /** @param seen the revision of etcd at which the key was like this */
  set(key: string, entry: Entry, seen: number): void {
    const known = this.#entries.get(key)
    if (known && known.seen > seen) return
    if (!known) this.#keys.splice(this.#place(key), 0, key)
    this.#entries.set(key, { ...entry, seen })
  }

  /** The index of the first key that is not before this one. */
  #place(key: string): number {
    let [from, to] = [0, this.#keys.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((this.#keys[middle] ?? '') < key) from = middle + 1
      else to = middle
    }
    return from
  }

  #between(from: string, to: string): readonly string[] {
    return this.#keys.slice(this.#place(from), this.#place(to))
  }

  #delete(keys: readonly string[]): void {
    if (keys.length === 0) return
    for (const key of keys) this.#entries.delete(key)
    this.#keys = this.#keys.filter((key) => this.#entries.has(key))
  }

  /** A range of which all keys are known and that contains this one. */
  range(from: string, to: string): KnownRange | undefined {
    const all = this.#ranges.filter((known) => known.from <= from && to <= known.to)
    return all.find(({ isWatched }) => isWatched) ?? all[0]
  }

  /** The known keys of the range that exist, in order. */
  scan(from: string, to: string): readonly (readonly [key: string, entry: Entry])[] {
    return this.#between(from, to).flatMap((key) => {
      const entry = this.#entries.get(key)
      return entry?.value === undefined ? [] : [[key, entry] as const]
    })
  }

  /** Takes over all keys of a range as etcd had them at the revision. */
  setRange(
    from: string,
    to: string,
    revision: number,
    found: readonly (readonly [key: string, entry: Entry])[],
    isWatched = false,
  ): void {
    const now = new Map(found)
    const isGone = (key: string) => !now.has(key) && (this.#entries.get(key)?.seen ?? 0) <= revision
    this.#delete(this.#between(from, to).filter(isGone))
    for (const [key, entry] of now) this.set(key, entry, revision)
    const before = this.#ranges.find((known) => known.from === from && known.to === to)
    const known = {
      from,
      to,
      revision: Math.max(revision, before?.revision ?? 0),
      isWatched: isWatched || (before?.isWatched ?? false),
    }
    this.#ranges = [known, ...this.#ranges.filter((other) => other !== before)].slice(
      0,
      longestList,
    )
  }

  /** Nothing unknown has changed in this range up to the revision. */
  confirm(from: string, to: string, revision: number): void {
    this.#ranges = this.#ranges.map((known) =>
      known.from >= from && known.to <= to && known.revision < revision
        ? { ...known, revision }
        : known,
    )
  }

  /** The watch of the range has ended. */
  unwatch(from: string, to: string): void {
    this.#ranges = this.#ranges.filter((known) => known.from !== from || known.to !== to)
    this.#delete(this.#between(from, to).filter((key) => !this.range(key, `${key}\0`)))
  }
}

const longestList = 200
