// Checks requests and stored records against schemas: a value that passes is well formed. The message of a schema follows "must be".
import * as v from 'valibot'
import { NetdojoError } from '../errors.ts'
import { quote } from './quote.ts'

export * as v from 'valibot'

/**
 * Returns what the schema makes of the value. Each field is read once, so a getter cannot answer the check and the use
 * differently.
 * @throws NetdojoError with the code of the malformed value (`subnet-host-bits`, for example), or `usage`
 */
export function readRequest<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  operation: string,
  object: () => string,
): v.InferOutput<Schema> {
  try {
    const { success, output, issues } = v.safeParse(schema, value, { abortEarly: true })
    if (success) return output
    const cause = parserErrors.get(issues[0])
    throw new NetdojoError({
      code: cause?.code ?? 'usage',
      operation,
      object: object(),
      reason: reasonOf(issues[0], 'the request'),
      advice: cause?.advice ?? [],
      cause,
    })
  } catch (cause) {
    if (cause instanceof NetdojoError) throw cause
    throw new NetdojoError({
      code: 'usage',
      operation: 'read',
      object: 'the request',
      reason: 'its fields must be readable, and reading one threw an error',
      cause,
    })
  }
}

/** The first rule that a value breaks, as a sentence; undefined when it breaks none. */
export function brokenRule(schema: v.GenericSchema, value: unknown): string | undefined {
  const { success, issues } = v.safeParse(schema, value, { abortEarly: true })
  return success ? undefined : reasonOf(issues[0], 'the record')
}

function reasonOf(issue: v.BaseIssue<unknown>, whole: string): string {
  const { message, path = [], input } = issue
  const last = path.at(-1)
  if (last?.origin === 'key' && issue.expected === 'never') {
    const parent = fieldOf(path.slice(0, -1))
    return `a field name of ${parent || whole} must be ${message}, not ${quote(last.key)}`
  }
  const field = fieldOf(path) || whole
  const cause = parserErrors.get(issue)
  if (cause) return `${field} is ${quote(input)}, but ${cause.reason}`
  return input === undefined
    ? `${field} must be given`
    : `${field} must be ${message}, not ${quote(input)}`
}

/** `labels.team`, `ports[0]` */
function fieldOf(path: readonly v.IssuePathItem[]): string {
  return path
    .map(({ key }, index) => {
      if (typeof key !== 'string' || !/^[\w.-]+$/.test(key))
        return `[${typeof key === 'number' ? key : quote(key)}]`
      return index === 0 ? key : `.${key}`
    })
    .join('')
}

export const text = v.string('a string')
export const flag = v.boolean('true or false')

export function matching(pattern: RegExp, rule: string) {
  return v.custom<string>((value) => typeof value === 'string' && pattern.test(value), rule)
}

export function wholeNumber(least: number, most: number) {
  const isWhole = (value: unknown) => typeof value === 'number' && Number.isSafeInteger(value)
  return v.custom<number>(
    (value) => isWhole(value) && Number(value) >= least && Number(value) <= most,
    ({ input }) => `${isWhole(input) ? '' : 'a whole number '}between ${least} and ${most}`,
  )
}

export function listOf<Item extends v.GenericSchema>(item: Item) {
  return v.pipe(v.array(item, 'a list'), v.maxLength(65_535, 'a list of at most 65,535 items'))
}

const isObject = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const plainObject = v.custom<object>(isObject, 'an object')

/** An object with these fields and no others: a misspelt field would be ignored silently. */
export function fields<Entries extends v.ObjectEntries>(entries: Entries) {
  const names = Object.keys(entries).join(', ')
  return v.pipe(plainObject, v.strictObject(entries, `one of ${names}`))
}

/** A string that a parser of lib/address reads; the parser's error gives code, reason and advice. */
export function parsed<T>(parse: (text: string) => T) {
  return v.pipe(
    text,
    v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
      try {
        return parse(dataset.value)
      } catch (error) {
        if (!(error instanceof NetdojoError)) throw error
        addIssue({
          message: (issue) => {
            parserErrors.set(issue, error)
            return error.reason
          },
        })
        return NEVER
      }
    }),
  )
}

const parserErrors = new WeakMap<object, NetdojoError>()

/** Fields of any name with strings for people to read: 1 to 1,024 characters a name, 0 to 1,024 a value. */
export const labels = texts(
  (value) => isReadable(value),
  'a string of at most 1,024 characters without control characters',
  (name) => name !== '' && isReadable(name),
  '1 to 1,024 characters without control characters',
)

function isReadable(text: string): boolean {
  return text.length <= 1024 && !/[\p{Cc}\p{Cs}]/u.test(text)
}

/** An object of strings. Valibot's `record` drops fields such as `constructor` silently; this one keeps them. */
export function texts(
  isValue: (value: string) => boolean,
  valueRule: string,
  isName: (name: string) => boolean,
  nameRule: string,
) {
  type Texts = Readonly<Record<string, string>>
  return v.pipe(
    v.custom<Texts>(isObject, 'an object'),
    v.rawTransform<Texts, Texts>(({ dataset, addIssue, NEVER }) => {
      const input = dataset.value
      const entries = Object.entries<unknown>(input)
      for (const [key, value] of entries) {
        const isNamed = isName(key) && key !== '__proto__'
        if (isNamed && typeof value === 'string' && isValue(value)) continue
        const origin = isNamed ? 'value' : 'key'
        addIssue({
          message: isNamed ? valueRule : nameRule,
          ...(isNamed ? { input: value } : { expected: 'never' }),
          path: [{ type: 'object', origin, input, key, value }],
        })
        return NEVER
      }
      return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]))
    }),
  )
}
