// Starts the programs of a plan all at once: each waits for its lines while the others work, so that only one start is waited for.
import {
  mostTogether,
  startTogether,
  type CommandLine,
  type Together,
} from '../exec/start-together.ts'
import type { ApplyOptions } from './applier.ts'
import type { Batch } from './batch.ts'
import { hasSwitches, ipCommand } from './ip-batch.ts'
import { nftCommand } from './nft-batch.ts'

/** Gives a program that runs already its lines, and answers with what it wrote on its standard error. */
export type Tell = (input: string) => Promise<string>

export type Early = {
  /** For a batch whose program runs already. */
  tellerOf(batch: Batch): Tell | undefined
  /** @throws NetdojoError `program-failed` */
  end(): Promise<void>
}

/** @throws NetdojoError `program-missing` */
export function startEarly(batches: readonly Batch[], options: ApplyOptions): Early | undefined {
  const early = new Map<Batch, CommandLine>()
  for (const batch of batches) {
    const command = commandOf(batch, options)
    if (command && early.size < mostTogether) early.set(batch, command)
  }
  if (early.size < 2) return undefined
  return overTogether([...early.keys()], startTogether([...early.values()], options.signal))
}

function overTogether(early: readonly Batch[], together: Together): Early {
  return {
    tellerOf(batch) {
      const index = early.indexOf(batch)
      return index < 0 ? undefined : (input) => together.feed(index, input)
    },
    end: () => together.end(),
  }
}

/** `undefined` where the start by itself would do something. */
function commandOf(batch: Batch, { tolerant }: ApplyOptions): CommandLine | undefined {
  if (batch.tool === 'nft') return nftCommand
  if (batch.tool === 'ip' && !hasSwitches(batch.operations))
    return ipCommand(batch, tolerant ?? false)
  return undefined
}
