// Whether what we print may be coloured: not into a file, and not for who does not want it.

/**
 * https://no-color.org: NO_COLOR, when it is not empty, whatever its value. FORCE_COLOR is for CI.
 * `asked` is false after --no-color.
 */
export function wantsColor(asked: boolean): boolean {
  if (!asked || process.env.NO_COLOR) return false
  if (process.env.FORCE_COLOR) return process.env.FORCE_COLOR !== '0'
  return process.stdout.isTTY && process.env.TERM !== 'dumb'
}
