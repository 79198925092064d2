// Claims addresses of a subnet that several machines share: each is a key of its own, which only one machine can create. Machines begin
// to look at different blocks of 256 addresses, so that they rarely want the same one.
import type { IpAddress } from '../address/ip-address.ts'
import { NetdojoError } from '../errors.ts'
import type { ReadTransaction } from '../store/store.ts'
import { intervalsOf, type Pool } from './pool.ts'

/** What the key of an address contains. It also announces the endpoint to the other machines. */
export type Claim = {
  /** The id of the endpoint. */
  readonly owner: string
  /** The id of the machine. */
  readonly host: string
  readonly address: string
  readonly mac: string
  /** The names by which containers of the network reach it. */
  readonly names: readonly string[]
}

const blockBits = 8n

/** All claims of a network. */
export const claimsPrefix = (networkId: string) => `shared/address/${networkId}/`

export function claimKey(networkId: string, { subnet }: Pick<Pool, 'subnet'>, address: IpAddress) {
  return `${blockPrefix(networkId, subnet.family, (address.value - subnet.first.value) >> blockBits)}${address}`
}

function blockPrefix(networkId: string, family: 4 | 6, block: bigint): string {
  return `${claimsPrefix(networkId)}${family}/${block.toString(16)}/`
}

export type Search = {
  readonly networkId: string
  readonly pool: Pool
  /** The offset of the address that this machine claimed last, or -1n. */
  readonly last: bigint
  /** The number of this machine in the cluster, from 0. */
  readonly machine: number
  /** Addresses that are never given. */
  readonly kept: readonly string[]
}

/** How many blocks a search asks for one by one; then it asks for all of them at once. */
const singleBlocks = 4
const enough = 8

/**
 * Some addresses that nobody had claimed when they were looked for, the best first: next-fit, as in a pool of one machine. The list is
 * a hint, and the transaction that claims one of them looks again.
 */
export function freeAddresses(transaction: ReadTransaction, search: Search): readonly IpAddress[] {
  const { networkId, pool, kept } = search
  const { subnet } = pool
  const never = new Set(kept)
  const prefix = `${claimsPrefix(networkId)}${subnet.family}/`
  let all: ReadonlySet<string> | undefined
  const free: IpAddress[] = []
  let blocks = 0
  for (const [block, from, to] of blocksOf(search)) {
    if (blocks++ === singleBlocks) all = new Set(transaction.keys(prefix))
    const ofBlock = blockPrefix(networkId, subnet.family, block)
    const claimed = all ?? new Set(transaction.keys(ofBlock))
    for (let offset = from; offset <= to && free.length < enough; offset++) {
      const address = subnet.first.plus(offset)
      if (!claimed.has(`${ofBlock}${address}`) && !never.has(`${address}`)) free.push(address)
    }
    if (free.length > 0) return free
  }
  return []
}

/** The blocks of the pool with the offsets in them that may be given, from the place after the last one around to it. */
function* blocksOf({
  pool,
  last,
  machine,
}: Search): Generator<readonly [block: bigint, from: bigint, to: bigint]> {
  const intervals = intervalsOf(pool)
  const first = intervals[0]?.[0] ?? 0n
  const end = intervals.at(-1)?.[1] ?? 0n
  const start = last >= 0n ? last + 1n : ownStart(first, end, BigInt(machine))
  const parts = [
    ...intervals
      .filter(([, to]) => to >= start)
      .map(([from, to]) => [from > start ? from : start, to] as const),
    ...intervals
      .filter(([from]) => from < start)
      .map(([from, to]) => [from, to < start ? to : start - 1n] as const),
  ]
  for (const [from, to] of parts)
    for (let at = from; at <= to;) {
      const block = at >> blockBits
      const blockEnd = ((block + 1n) << blockBits) - 1n
      const stop = blockEnd < to ? blockEnd : to
      yield [block, at, stop]
      at = stop + 1n
    }
}

/** A block of its own for each machine, where there are so many. Its first address ends in .0, which surprises people. */
function ownStart(first: bigint, end: bigint, machine: bigint): bigint {
  const blocks = ((end - first) >> blockBits) + 1n
  if (machine === 0n || blocks === 1n) return first
  const block = (first >> blockBits) + (machine % blocks)
  return machine % blocks === 0n ? first : (block << blockBits) + 1n
}

export function exhausted({ subnet, range }: Pool): NetdojoError {
  return new NetdojoError({
    code: 'pool-exhausted',
    operation: 'allocate from',
    object: `${subnet}`,
    reason: `every address of ${range} is in use or reserved, on this machine or on another one`,
    advice: ['disconnect what you no longer need', 'or create a network with a larger subnet'],
  })
}
