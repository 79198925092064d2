// How words are counted: by characters that take one place each, as in the fonts and terminals that show them.

export function charactersOf(words: string): readonly string[] {
  return Array.from(words)
}

export function lengthOf(words: string): number {
  return charactersOf(words).length
}
