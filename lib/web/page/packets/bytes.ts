// Finds the bytes of the IP header that a hop changed. Frames have their bytes; between two frames only addresses and checksums change.
import type { Way } from '../../../observe/journey/journey.ts'
import { framesOf } from './addresses.ts'

export type ByteChange = {
  readonly from: number
  readonly to: number
  readonly before: string
  readonly after: string
  readonly tone: 'dnat' | 'snat' | 'plain'
}

export type Bytes = {
  readonly changes: readonly ByteChange[]
  /** All bytes that are known of the packet here, in hex; null if none are. */
  readonly whole: string | null
}

export function bytesAt({ hops }: Way, index: number): Bytes {
  const hop = hops[index]
  const frame = framesOf(hops.slice(0, index + 1)).at(-1)
  const before = frame ? bytesOf(frame.head) : null
  const whole = before ? before.join(' ') : null
  if (hop?.kind !== 'hook' || !hop.after) return { changes: [], whole }
  const addresses: readonly ByteChange[] = [
    ...addressChange(hop.before.source, hop.after.source, 12, 'snat'),
    ...addressChange(hop.before.destination, hop.after.destination, 16, 'dnat'),
  ]
  const sums = before && addresses.length > 0 ? checksumChange(before, addresses) : []
  return { changes: [...sums, ...addresses], whole }
}

function bytesOf(hex: string): readonly string[] {
  return hex.replaceAll(/\s/g, '').match(/../g) ?? []
}

/** Of IPv4; the addresses of IPv6 stand at 8 and 24, and have no checksum. */
function addressChange(
  before: string,
  after: string,
  at: number,
  tone: 'dnat' | 'snat',
): readonly ByteChange[] {
  if (before === after || before.includes(':')) return []
  return [{ from: at, to: at + 3, before: hexOf(before), after: hexOf(after), tone }]
}

function hexOf(address: string): string {
  return address
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join(' ')
}

/** RFC 1624: the new checksum follows from the old one and from the words that changed. */
function checksumChange(
  head: readonly string[],
  changes: readonly ByteChange[],
): readonly ByteChange[] {
  const wordsOf = (hex: string) =>
    hex
      .split(' ')
      .flatMap((byte, index, all) =>
        index % 2 === 0 ? [Number.parseInt(byte + (all[index + 1] ?? '00'), 16)] : [],
      )
  const old = Number.parseInt(`${head[10]}${head[11]}`, 16)
  if (Number.isNaN(old) || !head[0]?.startsWith('4')) return []
  let sum = ~old & 0xffff
  for (const { before, after } of changes) {
    const [from, to] = [wordsOf(before), wordsOf(after)]
    for (const [index, word] of from.entries()) sum += (~word & 0xffff) + (to[index] ?? 0)
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16)
  const now = (~sum & 0xffff).toString(16).padStart(4, '0')
  const pair = (text: string) => `${text.slice(0, 2)} ${text.slice(2)}`
  return [
    {
      from: 10,
      to: 11,
      before: pair(old.toString(16).padStart(4, '0')),
      after: pair(now),
      tone: 'plain',
    },
  ]
}
