// The one batch of `nft` and the first of `ip` of a plan, run by one start of a process: that is most of what either costs.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { feedBoth } from '../exec/feed-both.ts'
import type { ApplyOptions } from './applier.ts'
import type { RunBatch } from './batch-applier.ts'
import type { Batch } from './batch.ts'
import { inputOf, withLines } from './ip-batch.ts'
import { isNft, nftBatch, nftInput, nftRefusals } from './nft-batch.ts'

export type Pair = { readonly nft: Batch; readonly ip: Batch; readonly rest: readonly Batch[] }

/** `undefined` where there are not one of each, or where another order is asked for. */
export function pairOf(batches: readonly Batch[], { tolerant }: ApplyOptions): Pair | undefined {
  const [nft, ...moreNft] = batches.filter(({ tool }) => tool === 'nft')
  const [ip, ...moreIp] = batches.filter(({ tool }) => tool === 'ip')
  if (!nft || moreNft.length > 0 || !ip || ip.netns !== undefined) return undefined
  // While removing, all must come in its turn: only the flushing of connections may come later than it is listed.
  const inOrder = batches.filter(({ tool }) => tool !== 'conntrack')
  const isWhole = inOrder.length === 2 && inOrder[0] === nft && moreIp.length === 0
  if (tolerant && !isWhole) return undefined
  return { nft, ip, rest: batches.filter((batch) => batch !== nft && batch !== ip) }
}

/** While building side by side, while removing `nft` first. */
export async function runPair({ nft, ip }: Pair, options: ApplyOptions): ReturnType<RunBatch> {
  const { signal, tolerant = false } = options
  const directory = mkdtempSync(join(tmpdir(), 'netdojo-'))
  try {
    const statements = nft.operations.filter(isNft)
    const file = join(directory, 'nft')
    writeFileSync(file, nftInput(statements))
    let aboutNft = ''
    const refused = await withLines(ip, tolerant, async (lines) => {
      const [first, second] = await feedBoth({
        first: ['nft', '-f', file],
        second: ['ip', ...(tolerant ? ['-force'] : []), '-batch', '-'],
        input: inputOf(lines),
        inTurn: tolerant,
        signal,
      })
      aboutNft = first
      return { said: second }
    })
    if (aboutNft === '') return refused
    // One refusal undid the whole transaction: the rest of a removal must still be done.
    return tolerant
      ? [...refused, ...(await nftBatch(nft, options))]
      : [...refused, ...nftRefusals(statements, aboutNft)]
  } finally {
    rmSync(directory, { recursive: true })
  }
}
