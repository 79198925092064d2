// Runs a transaction's body over raw text and bytes, with the same checks for every kind of store.
import { readFileSync } from 'node:fs'
import { quote } from '../address/quote.ts'
import { NetdojoError } from '../errors.ts'
import type { Transaction } from './store.ts'
import { corruptValue } from './stored.ts'

/** JSON as text, or bytes. */
export type RawValue = string | Uint8Array

/** What a kind of store does for a transaction. */
export type RawTransaction = {
  /** The value under the key. */
  get(key: string): RawValue | undefined
  /** Writes the value. */
  set(key: string, value: RawValue): void
  /** A missing key is no error. */
  delete(key: string): void
  /** Every key from `from` (included) to `to` (excluded), in order. */
  scan(from: string, to: string): Iterable<readonly [key: string, value: RawValue]>
  /** The keys of such a range, in order. */
  keys(from: string, to: string): readonly string[]
}

/** Sorts after printable ASCII: `prefix + afterAll` comes after every key that starts with the prefix. */
const afterAll = '\x7f'

/**
 * @throws NetdojoError `usage` for a malformed key, a value without a JSON form, a body that returns a promise, or a
 * transaction used after its end; `state-corrupt` for bytes where a record should be, and the other way round.
 */
export function runTransaction<T>(
  raw: RawTransaction,
  bootId: string,
  body: (transaction: Transaction) => T,
): T {
  let open = true
  const at = (key: string) => {
    if (!open) throw misuse(key, 'a transaction must not be used after its body has ended')
    if (!/^[\x21-\x7e]{1,512}$/.test(key))
      throw misuse(key, 'a key must be 1 to 512 printable ASCII characters without spaces')
    return key
  }
  try {
    const result = body({
      bootId,
      record: (key) => parse(key, raw.get(at(key))),
      bytes: (key) => bytes(key, raw.get(at(key))),
      records: (prefix) =>
        Array.from(raw.scan(at(prefix), prefix + afterAll), ([key, value]) => [
          key,
          parse(key, value),
        ]),
      keys: (prefix) => raw.keys(at(prefix), prefix + afterAll),
      setRecord: (key, value) => raw.set(at(key), stringify(key, value)),
      setBytes: (key, value) => raw.set(at(key), value),
      delete: (key) => raw.delete(at(key)),
    })
    if (result instanceof Promise)
      throw misuse('', 'the body must be synchronous, and it returned a promise')
    return result
  } finally {
    open = false
  }
}

/** Runs one transaction of a store at a time: one inside another would commit or undo the outer one's work. */
export function oneAtATime(): <T>(run: () => T) => T {
  let running = false
  return (run) => {
    if (running) throw misuse('', 'a transaction must not begin inside another one')
    running = true
    try {
      return run()
    } finally {
      running = false
    }
  }
}

/**
 * Lets a transaction that waits for another store be alone: those that begin meanwhile run when it has ended. `refuse` throws inside
 * a body.
 */
export function oneAfterAnother(refuse: () => void) {
  const state: { running?: Promise<unknown> | undefined } = {}
  return {
    // Without a transaction to wait for, it begins at once: the caller may close the store right after.
    async after<T>(run: () => Promise<T>): Promise<T> {
      refuse()
      while (state.running) await state.running
      return run()
    },
    async alone<T>(run: () => Promise<T>): Promise<T> {
      refuse()
      while (state.running) await state.running
      const result = run()
      state.running = result.then(
        () => delete state.running,
        () => delete state.running,
      )
      return result
    },
  }
}

function parse(key: string, value: RawValue | undefined) {
  if (value === undefined) return undefined
  if (typeof value !== 'string') throw corruptValue(key, 'it must be a record, and it is bytes')
  try {
    return JSON.parse(value)
  } catch (cause) {
    throw corruptValue(key, 'the record must be JSON', cause)
  }
}

function bytes(key: string, value: RawValue | undefined): Uint8Array | undefined {
  if (typeof value === 'string') throw corruptValue(key, 'it must be bytes, and it is a record')
  return value
}

function stringify(key: string, value: unknown): string {
  const text: unknown = JSON.stringify(value)
  if (typeof text !== 'string') throw misuse(key, 'the value must have a JSON form')
  return text
}

function misuse(key: string, reason: string): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'run a transaction on',
    object: key === '' ? 'the store' : quote(key),
    reason,
  })
}

/** The id of the running boot: the kernel draws a new UUID at each boot (proc(5), /proc/sys/kernel/random/boot_id). */
export function readBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}
