// Checks a stored value before its use: a damaged record is reported and never used.
import { brokenRule, type v } from '../address/schema.ts'
import { NetdojoError } from '../errors.ts'

/** Returns the value as it is, with fields that this version does not know. @throws NetdojoError `state-corrupt` */
export function stored<T>(schema: v.GenericSchema, key: string, value: T): T {
  const broken = brokenRule(schema, value)
  if (broken !== undefined) throw corruptValue(key, broken)
  return value
}

/** The error for a stored value that makes no sense: the state is damaged, or another program wrote it. */
export function corruptValue(key: string, reason: string, cause?: unknown): NetdojoError {
  return new NetdojoError({
    code: 'state-corrupt',
    operation: 'use the stored',
    object: key,
    reason,
    advice: [
      'keep a copy of the state directory; nothing was changed in it',
      'put a backup of it back only if no network was changed since the backup',
    ],
    cause,
  })
}
