// Counts the characters of a text; each takes one cell.

export function charactersOf(words: string): readonly string[] {
  return Array.from(words)
}

export function lengthOf(words: string): number {
  return charactersOf(words).length
}
