// Chooses and shuffles by a seed: the same seed gives the same result on every machine.
import { createHash } from 'node:crypto'

/** @returns the items in the order that the seed gives. */
export function shuffled<Item>(
  items: readonly Item[],
  seed: number,
  nameOf: (item: Item) => string,
): Item[] {
  const key = (item: Item) =>
    createHash('sha256')
      .update(`${seed} ${nameOf(item)}`)
      .digest('hex')
  return items
    .map((item) => ({ item, key: key(item) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item)
}

/** @returns the name that the seed chooses. */
export function chosen(names: readonly string[], seed: number): string {
  return shuffled(names, seed, (name) => name)[0] ?? ''
}

/** @returns a seed that chooses one of the `wanted` names, or 0 if none is wanted. */
export function seedFor(names: readonly string[], wanted: (name: string) => boolean): number {
  const enough = 1000
  for (let attempt = 0; attempt < enough; attempt += 1) {
    const seed = Math.floor(Math.random() * 10_000)
    if (wanted(chosen(names, seed))) return seed
  }
  return 0
}
