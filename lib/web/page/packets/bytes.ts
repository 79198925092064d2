// Finds the bytes of the IP header that a hop changed. Frames have their bytes; between two frames only addresses and checksums change.
import type { Hop, HookHop, Way } from '../../../observe/journey/journey.ts'
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
  if (hop?.kind === 'leaves' || hop?.kind === 'enters')
    return { changes: agedSince(hops, index), whole }
  if (hop?.kind !== 'hook' || !hop.after) return { changes: [], whole }
  const addresses: readonly ByteChange[] = [
    ...addressChange(hop.before.source, hop.after.source, 12, 'snat'),
    ...addressChange(hop.before.destination, hop.after.destination, 16, 'dnat'),
  ]
  const sums = before && addresses.length > 0 ? checksumChange(before, addresses) : []
  return { changes: [...sums, ...addresses], whole }
}

/** What routing has changed since the frame before: the time to live, and in IPv4 the checksum with it. */
function agedSince(hops: readonly Hop[], index: number): readonly ByteChange[] {
  const hop = hops[index]
  if (hop?.kind !== 'leaves' && hop?.kind !== 'enters') return []
  const last = hops.findLastIndex(
    (each, at) =>
      at < index && (each.kind === 'leaves' || each.kind === 'enters') && each.outer === hop.outer,
  )
  const frame = hops[last]
  if ((frame?.kind !== 'leaves' && frame?.kind !== 'enters') || frame.ttl === hop.ttl) return []
  const [was, is] = [bytesOf(frame.head), bytesOf(hop.head)]
  const isFour = was[0]?.startsWith('4') === true
  if (was[0] !== is[0] || (!isFour && was[0]?.startsWith('6') !== true)) return []
  const change = (from: number, to: number): readonly ByteChange[] => {
    const [before, after] = [was, is].map((bytes) => bytes.slice(from, to + 1).join(' '))
    if (before === undefined || after === undefined || before === after) return []
    return [{ from, to, before, after, tone: 'plain' }]
  }
  // NAT in between has changed the checksum, too, and is shown at its hook.
  const isRewritten = hops.slice(last, index).some((each) => each.kind === 'hook' && isNat(each))
  return isFour ? [...change(8, 8), ...(isRewritten ? [] : change(10, 11))] : change(7, 7)
}

function isNat({ before, after }: HookHop): boolean {
  return (
    after !== null && (before.source !== after.source || before.destination !== after.destination)
  )
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
