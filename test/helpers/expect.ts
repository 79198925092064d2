// Expects a NetdojoError with one code, thrown or as a rejection; nothing thrown at all is a failure.
import * as assert from 'uvu/assert'
import { NetdojoError, type ErrorCode } from '../../lib/errors.ts'

/** Runs `body`, which must throw a NetdojoError with this code and a reason. @returns the error */
export function refuses(code: ErrorCode, body: () => unknown): NetdojoError {
  let thrown: unknown
  try {
    body()
  } catch (error) {
    thrown = error
  }
  return checked(code, thrown)
}

/** The same for a promise. */
export async function rejects(code: ErrorCode, promise: Promise<unknown>): Promise<NetdojoError> {
  return checked(
    code,
    await promise.then(
      () => undefined,
      (error: unknown) => error,
    ),
  )
}

function checked(code: ErrorCode, thrown: unknown): NetdojoError {
  if (!(thrown instanceof NetdojoError)) throw thrown ?? new Error(`${code} was not thrown`)
  assert.is(thrown.code, code, thrown.message)
  assert.ok(thrown.reason.length > 0, `${code} gives no reason`)
  return thrown
}
