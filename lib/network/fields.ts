// Checks of single fields that came from outside, where a value may be anything at all.
import { quote } from '../address/quote.ts'
import { NetdojoError } from '../errors.ts'

export function misuse(field: string, value: unknown, reason: string): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: `use as ${field}`,
    object: quote(value),
    reason,
  })
}

/** Whatever a value does when it is looked at (a getter or a proxy may throw), the caller gets a NetdojoError. */
export function guarded<T>(what: string, check: () => T): T {
  try {
    return check()
  } catch (cause) {
    if (cause instanceof NetdojoError) throw cause
    throw new NetdojoError({
      code: 'usage',
      operation: 'read',
      object: what,
      reason: 'looking at it threw an error',
      cause,
    })
  }
}

/** A plain object with fields of these names only: a misspelt one would be silently ignored. */
export function object<Name extends string>(
  what: string,
  value: unknown,
  names: readonly Name[],
): Readonly<Partial<Record<Name, unknown>>> {
  const given = plainObject(what, value)
  const known: ReadonlySet<string> = new Set(names)
  const unknown = Object.keys(given).find((name) => !known.has(name))
  if (unknown !== undefined)
    throw misuse(`a field of ${what}`, unknown, `the fields are ${names.join(', ')}`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- just checked
  return given as Readonly<Partial<Record<Name, unknown>>>
}

function plainObject(what: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw misuse(what, value, 'it is not an object')
  // Read every field once: a getter cannot answer the check and the use differently.
  return Object.fromEntries(Object.entries(value))
}

export function optional<T>(parse: (text: string) => T, value: unknown): T | undefined {
  // The parsers of lib/address refuse what is not text.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return value === undefined ? undefined : parse(value as string)
}

export function text(field: string, value: unknown): string {
  if (typeof value !== 'string') throw misuse(field, value, 'it is not text')
  return value
}

export function flag(field: string, value: unknown, usual: boolean): boolean {
  if (value === undefined) return usual
  if (typeof value !== 'boolean') throw misuse(field, value, 'it is neither true nor false')
  return value
}

export function signal(value: unknown): AbortSignal | undefined {
  if (value === undefined || value instanceof AbortSignal) return value
  throw misuse('signal', value, 'it is not an AbortSignal')
}

export function number(
  field: string,
  value: unknown,
  least: number,
  most: number,
): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most)
    return value
  throw misuse(field, value, `it is not a whole number from ${least} to ${most}`)
}

export function list(field: string, value: unknown): readonly string[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw misuse(field, value, 'it is not a list')
  if (value.length > 65_535) throw misuse(field, value, 'it has more than 65,535 items')
  return Array.from(value, (item) => text(field, item))
}

const longestText = 1024

/** Names and texts without control characters, short enough to be read. */
export function texts(field: string, value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {}
  const entries = Object.entries(plainObject(field, value)).map(([name, item]) => {
    const content = text(`${field}.${name}`, item)
    for (const part of [name, content])
      if (part.length > longestText || /[\p{Cc}\p{Cs}]/u.test(part))
        throw misuse(field, part, 'it has control characters or is longer than 1,024')
    if (name === '' || name === '__proto__') throw misuse(field, name, 'it cannot be a name')
    return [name, content] as const
  })
  return Object.fromEntries(entries)
}

/** An absolute path of ordinary characters, since it becomes a word of a kernel command. */
export function path(field: string, value: unknown): string {
  const given = text(field, value)
  if (!/^\/[A-Za-z0-9_.:/@%+-]{1,4000}$/.test(given))
    throw misuse(field, given, 'it is not an absolute path of letters, digits and _.:/@%+-')
  return given
}

/** What Linux takes as a name (dev_valid_name in net/core/dev.c), less what would need quoting. */
export function interfaceName(value: unknown): string {
  const given = text('interface', value)
  // The kernel has directories of its own called all and default among those of the interfaces, in /proc/sys/net.
  const isReserved = ['lo', 'all', 'default'].includes(given)
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/.test(given) || isReserved)
    throw new NetdojoError({
      code: 'name-malformed',
      operation: 'use the interface name',
      object: quote(given),
      reason: 'a name has 1 to 15 letters, digits, _, . or -, and is not lo, all or default',
    })
  return given
}
