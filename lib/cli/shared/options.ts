// Words like KEY=VALUE, and filters made of them.
import { Command } from 'commander'
import { usageError } from './errors.ts'

/** @throws NetdojoError `usage` where there is no key */
export function pairOf(what: string, word: string): readonly [key: string, value: string] {
  const [key = '', ...values] = word.split('=')
  if (key === '') throw usageError(`use as ${what}`, word, 'it is not KEY=VALUE')
  return [key, values.join('=')]
}

export function recordOf(
  what: string,
  words: readonly string[] = [],
): Readonly<Record<string, string>> {
  return Object.fromEntries(words.map((word) => pairOf(what, word)))
}

/** What can be filtered by, with what makes an item pass. */
export type Filters<Item> = Readonly<Record<string, (item: Item, value: string) => boolean>>

/**
 * An item passes with one of the values of each key; of labels it must have all.
 * @throws NetdojoError `usage` for a key that is no filter
 */
export function filterOf<Item>(
  filters: Filters<Item>,
  words: readonly string[] = [],
): (item: Item) => boolean {
  const asked = Map.groupBy(
    words.map((word) => pairOf('a filter', word)),
    ([key]) => key,
  )
  const unknown = [...asked.keys()].find((key) => !Object.hasOwn(filters, key))
  if (unknown !== undefined)
    throw usageError(
      'filter by',
      unknown,
      'there is no such filter',
      `there are: ${Object.keys(filters).join(', ')}`,
    )
  return (item) =>
    [...asked].every(([key, pairs]) => {
      const passes = ([, value]: readonly [string, string]) => filters[key]?.(item, value) ?? false
      return key.startsWith('label') ? pairs.every(passes) : pairs.some(passes)
    })
}

type Labelled = { readonly labels: Readonly<Record<string, string>> }

/** KEY: whatever its value; KEY=VALUE: this one. */
export function hasLabel({ labels }: Labelled, wanted: string): boolean {
  const [key, value] = pairOf('a label', wanted)
  if (!Object.hasOwn(labels, key)) return false
  return !wanted.includes('=') || labels[key] === value
}

/** Gathers the values of an option that may be given more than once. */
export function many(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}

export type ChangeFlags = { readonly explain?: true; readonly dryRun?: true }

/** A command that changes something, and can say in commands what that is: see change.ts. */
export function changeCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--explain', 'do it, and print the commands that it took')
    .option('--dry-run', 'only print them: change nothing')
}

/** @throws NetdojoError `usage` */
export function formatOf(format = 'table'): 'table' | 'json' {
  if (format === 'table' || format === 'json') return format
  throw usageError('print in the format', format, 'it is neither table nor json')
}
