// Sorts values by their text, an order that does not depend on when or how each was made.

export function sortedByText<Value>(values: readonly Value[]): readonly Value[] {
  return values
    .map((value) => ({ value, text: JSON.stringify(value) }))
    .toSorted((a, b) => (a.text < b.text ? -1 : Number(a.text > b.text)))
    .map(({ value }) => value)
}

export function sortedKeys<Value>(
  values: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
