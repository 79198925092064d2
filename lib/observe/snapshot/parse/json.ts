// The JSON of iproute2: one array a command, nothing at all for an empty answer, and `{}` for what it left out.

/** The items of all arrays, in their order; by its fields each shows what it is. */
export function items(text: string): readonly object[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('['))
    .flatMap((line): object[] => JSON.parse(line))
    .filter((item) => Object.keys(item).length > 0)
}

/** An order that does not depend on when or how something was made. */
export function byText(a: object, b: object): number {
  const [first, second] = [JSON.stringify(a), JSON.stringify(b)]
  if (first === second) return 0
  return first < second ? -1 : 1
}
