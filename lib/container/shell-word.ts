// A text as one word of a line that somebody pastes into a shell, whatever is in it.

export function word(text: string): string {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", String.raw`'\\''`)}'`
}
