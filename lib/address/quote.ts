// Shows an untrusted value inside an error message: one line, bounded, without a character that a terminal would obey.

const longest = 60

/** The value as a quoted string of printable ASCII; what is not a string is named by its type. */
export function quote(value: unknown): string {
  if (typeof value !== 'string') return `a value of type ${value === null ? 'null' : typeof value}`
  const shown = value.length > longest ? `${value.slice(0, longest)}…` : value
  return JSON.stringify(shown).replaceAll(/[^\x20-\x7e…]/g, escapeCharacter)
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
