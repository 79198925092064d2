// Finds the lines that two lists share: the longest common subsequence, as in `diff`.

/** @returns pairs of positions, in order. Equal beginnings and ends cost nothing. */
export function keptPairs(
  before: readonly string[],
  after: readonly string[],
): readonly (readonly [number, number])[] {
  const least = Math.min(before.length, after.length)
  let head = 0
  while (head < least && before[head] === after[head]) head += 1
  let tail = 0
  while (tail < least - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1
  return [
    ...Array.from({ length: head }, (_, index) => [index, index] as const),
    ...middle(before, after, head, tail),
    ...Array.from(
      { length: tail },
      (_, index) => [before.length - tail + index, after.length - tail + index] as const,
    ),
  ]
}

/** The longest common subsequence of the lines between the equal beginnings and ends. */
function middle(before: readonly string[], after: readonly string[], head: number, tail: number) {
  const [rows, columns] = [before.length - tail, after.length - tail]
  const lengths = Array.from({ length: rows - head + 1 }, () => new Uint32Array(columns - head + 1))
  const at = (row: number, column: number) => lengths[row - head]?.[column - head] ?? 0
  for (let row = rows - 1; row >= head; row -= 1)
    for (let column = columns - 1; column >= head; column -= 1)
      lengths[row - head]?.fill(
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1)),
        column - head,
        column - head + 1,
      )
  const pairs: (readonly [number, number])[] = []
  for (let row = head, column = head; row < rows && column < columns;) {
    if (before[row] === after[column]) pairs.push([row++, column++])
    else if (at(row + 1, column) >= at(row, column + 1)) row += 1
    else column += 1
  }
  return pairs
}
