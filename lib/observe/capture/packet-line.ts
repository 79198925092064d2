// One packet as one line: when, where, in which direction, and what it is.
import type { Frame } from './packet-listener.ts'

const placeColumn = 15

/** `at` is in nanoseconds since whatever counts as the start. */
export function packetLine({ node, interface: name, direction }: Frame, at: bigint, what: string) {
  const seconds = (Number(at) / 1e9).toFixed(6).padStart(10)
  const place = `${node}:${name}`.padEnd(placeColumn)
  return `${seconds}  ${place} ${direction === 'in' ? '←' : '→'} ${what}`
}
