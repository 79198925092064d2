// Quotes a value for a POSIX shell the way a person would: not at all when it needs none.

export function quote(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}
