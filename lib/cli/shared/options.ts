// Reads values that several commands share: repeated options, KEY=VALUE pairs, filters, formats and the flags of a change.
import type { Command } from 'commander'
import { quoted, usageError } from './errors.ts'

/** Collects the values of an option that may be given more than once. */
export function many(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}

export type ChangeFlags = { readonly explain?: boolean; readonly dryRun?: boolean }

/** Adds the options of a command that changes something: see change.ts. */
export function addChangeOptions(command: Command): Command {
  return command
    .option('--explain', 'apply the change and print its commands')
    .option('--dry-run', 'print the commands and change nothing')
}

/** @throws NetdojoError `usage` */
export function formatOf(format = 'table'): 'table' | 'json' {
  if (format === 'table' || format === 'json') return format
  throw usageError(`--format must be table or json, not ${quoted(format)}`)
}

/**
 * @param flag the option as it was typed: `--label`.
 * @throws NetdojoError `usage` for a word without a key
 */
export function pairOf(flag: string, word: string): readonly [key: string, value: string] {
  const [key = '', ...values] = word.split('=')
  if (key === '') throw usageError(`${flag} must be KEY=VALUE, not ${quoted(word)}`)
  return [key, values.join('=')]
}

export function recordOf(
  flag: string,
  words: readonly string[] = [],
): Readonly<Record<string, string>> {
  return Object.fromEntries(words.map((word) => pairOf(flag, word)))
}

/** Each key that items can be filtered by, with the test that an item must pass. */
export type Filters<Item> = Readonly<Record<string, (item: Item, value: string) => boolean>>

/**
 * An item passes with any of the values of a key; of labels it must have all.
 * @throws NetdojoError `usage` for an unknown key
 */
export function filterOf<Item>(
  filters: Filters<Item>,
  words: readonly string[] = [],
): (item: Item) => boolean {
  const asked = Map.groupBy(
    words.map((word) => pairOf('--filter', word)),
    ([key]) => key,
  )
  const unknown = [...asked.keys()].find((key) => !Object.hasOwn(filters, key))
  if (unknown !== undefined)
    throw usageError(
      `the key of --filter must be one of ${Object.keys(filters).join(', ')}, not ${quoted(unknown)}`,
    )
  return (item) =>
    [...asked].every(([key, pairs]) => {
      const passes = ([, value]: readonly [string, string]) => filters[key]?.(item, value) ?? false
      return key.startsWith('label') ? pairs.every(passes) : pairs.some(passes)
    })
}

type Labelled = { readonly labels: Readonly<Record<string, string>> }

/** `KEY` matches any value of the label, `KEY=VALUE` only this value. */
export function hasLabel({ labels }: Labelled, wanted: string): boolean {
  const [key, value] = pairOf('--filter label', wanted)
  if (!Object.hasOwn(labels, key)) return false
  return !wanted.includes('=') || labels[key] === value
}

/** The library checks the bounds. @throws NetdojoError `usage` */
export function integerOf(flag: string, word: string): number {
  if (/^[+-]?\d{1,15}$/.test(word)) return Number(word)
  throw usageError(`${flag} must be a whole number, not ${quoted(word)}`)
}
