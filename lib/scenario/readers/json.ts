// Events as JSON, one a line, for programs; docs/events.md describes them.
import type { Reader } from '../events.ts'

export function jsonReader(write: (text: string) => void): Reader {
  return { read: (event) => write(`${JSON.stringify(event)}\n`) }
}
