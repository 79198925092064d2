// Quotes a word for a POSIX shell as a person would: only when it needs quotes. Every shell line of the project is quoted here.

export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
