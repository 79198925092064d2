// Runs a transaction's body over raw text and bytes: the same checks for every kind of store.
import { NetdojoError } from '../errors.ts'
import type { Transaction } from './store.ts'

/** JSON as text, or bytes. */
export type RawValue = string | Uint8Array

export type RawTransaction = {
  get(key: string): RawValue | undefined
  set(key: string, value: RawValue): void
  delete(key: string): void
  /** Every key from `from` up to but without `to`, in order. */
  scan(from: string, to: string): Iterable<readonly [key: string, value: RawValue]>
  keys(from: string, to: string): readonly string[]
}

/** After printable ASCII, so that `prefix + afterAll` comes after every key that starts with the prefix. */
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
    if (!open) throw misuse(key, 'the transaction is over')
    if (!/^[\x21-\x7e]{1,512}$/.test(key)) throw misuse(key, 'the key is not printable ASCII')
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
      throw misuse('', 'its body is asynchronous, so it would go on after the end')
    return result
  } finally {
    open = false
  }
}

/** Runs one transaction of a store at a time: one inside another would commit or undo the outer one's work. */
export function oneAtATime(): <T>(run: () => T) => T {
  let running = false
  return (run) => {
    if (running) throw misuse('', 'a transaction of it is running, and this one is inside it')
    running = true
    try {
      return run()
    } finally {
      running = false
    }
  }
}

function parse(key: string, value: RawValue | undefined) {
  if (value === undefined) return undefined
  if (typeof value !== 'string') throw corruptValue(key, 'bytes are where a record should be')
  try {
    return JSON.parse(value)
  } catch (cause) {
    throw corruptValue(key, 'the record is not JSON', cause)
  }
}

function bytes(key: string, value: RawValue | undefined): Uint8Array | undefined {
  if (typeof value === 'string') throw corruptValue(key, 'a record is where bytes should be')
  return value
}

function stringify(key: string, value: unknown): string {
  const text: unknown = JSON.stringify(value)
  if (typeof text !== 'string') throw misuse(key, 'the value has no JSON form')
  return text
}

/** For whoever reads a value that makes no sense: the state is damaged, or was written by something else. */
export function corruptValue(key: string, reason: string, cause?: unknown): NetdojoError {
  return new NetdojoError({
    code: 'state-corrupt',
    operation: 'use the stored',
    object: key,
    reason,
    advice: ['keep a copy of the state directory, then restore an older one or remove it'],
    cause,
  })
}

function misuse(key: string, reason: string): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'run a transaction on',
    object: key === '' ? 'the store' : JSON.stringify(key),
    reason,
  })
}
