// Stores each value of a stream of moments once: what is equal to an earlier value, at any depth, refers to it.
import type { Part, Shared } from './moments.ts'

/** Smaller values take less room than a reference with its part. */
const leastLength = 80

/** Writes values, for the one that makes the stream. */
export class Writer {
  readonly #ids = new Map<string, number>()
  #next = 0
  /** Objects that were shared before: what a reader of the kernel returns again is not looked at again. */
  #known = new WeakMap<object, number>()
  readonly #emit: (part: Part) => void
  #fresh: unknown[] = []

  /** @param emit takes the new values, before the moment that refers to them. */
  constructor(emit: (part: Part) => void) {
    this.#emit = emit
  }

  share<Value extends object>(value: Value): Shared<Value> {
    const id = this.#next
    const part = this.#idOf(value)
    const values = this.#fresh
    this.#fresh = []
    if (values.length > 0) this.#emit({ kind: 'part', id, values })
    return { part }
  }

  /** Values that no moment needs any more; if one comes again, it is a new part. */
  forget(parts: readonly number[]): void {
    const gone = new Set(parts)
    for (const [text, id] of this.#ids) if (gone.has(id)) this.#ids.delete(text)
    // Rarely called: all objects are looked at again.
    this.#known = new WeakMap()
  }

  #pieces(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((item) => this.#piece(item))
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    return Object.fromEntries(entries.map(([key, item]) => [key, this.#piece(item)]))
  }

  #piece(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    const isLarge = this.#known.has(value) || JSON.stringify(value).length >= leastLength
    return isLarge ? { $: this.#idOf(value) } : value
  }

  /** The value must not be changed afterwards. */
  #idOf(value: object): number {
    const known = this.#known.get(value)
    if (known !== undefined) return known
    const pieces = this.#pieces(value)
    const text = JSON.stringify(pieces)
    const same = this.#ids.get(text)
    const id = same ?? this.#next++
    this.#known.set(value, id)
    if (same !== undefined) return id
    this.#ids.set(text, id)
    this.#fresh.push(pieces)
    return id
  }
}

/** Reads values, for each reader of the stream. */
export class Reader {
  readonly #values = new Map<number, unknown>()

  add({ id, values }: Part): void {
    for (const [index, value] of values.entries()) this.#values.set(id + index, this.#whole(value))
  }

  forget(parts: readonly number[]): void {
    for (const id of parts) this.#values.delete(id)
  }

  /** Equal values are the same object, and so are the equal pieces of different values, except for the smallest. */
  read<Value>({ part }: Shared<Value>): Value {
    if (!this.#values.has(part)) throw new Error(`the stream has no part ${part}`)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the writer shared a value of this type
    return this.#values.get(part) as Value
  }

  #whole(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((item) => this.#whole(item))
    const entries = Object.entries(value)
    const [only] = entries
    if (entries.length === 1 && only?.[0] === '$') return this.#values.get(Number(only[1]))
    return Object.fromEntries(entries.map(([key, item]) => [key, this.#whole(item)]))
  }
}
