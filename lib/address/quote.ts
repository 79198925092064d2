// Shows a value from outside in an error message: on one line, bounded, and without control characters for a terminal.

const longest = 60

/** A string in single quotes as printable ASCII; a number, boolean, null or undefined as it is; anything else by its kind. */
export function quote(value: unknown): string {
  if (typeof value === 'string') {
    const shown = value.length > longest ? `${value.slice(0, longest)}…` : value
    const escaped = JSON.stringify(shown)
      .slice(1, -1)
      .replaceAll(String.raw`\"`, '"')
    return `'${escaped.replaceAll(/[^\x20-\x7e…]/g, escapeCharacter)}'`
  }
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`
  return String(value).slice(0, longest)
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
