// What may stand as one word in a line of a batch: nothing that the program at the other end could read as two words or an option.
import { NetdojoError } from '../errors.ts'

/** @throws NetdojoError `usage` for text that is empty, begins as an option, or holds anything but the characters of names and addresses. */
export function word(text: string | number): string {
  const asText = String(text)
  if (/^[A-Za-z0-9_.:/@%+][A-Za-z0-9_.:/@%+-]*$/.test(asText)) return asText
  throw new NetdojoError({
    code: 'usage',
    operation: 'use',
    object: JSON.stringify(asText),
    reason: 'it is not a single word of a kernel command',
    advice: ['use letters, digits and . _ : / @ % + - only, and do not begin with -'],
  })
}
