// The plain applier: one process a batch, `ip -batch -`, `nft -f -`, `iptables-restore`; nothing stays running in between.
import { writeFile } from 'node:fs/promises'
import { NetdojoError } from '../errors.ts'
import { throwIfAborted } from './aborted.ts'
import type { Applier, ApplyOptions } from './applier.ts'
import { batchesOf, type Batch } from './batch.ts'
import { conntrackBatch } from './conntrack-batch.ts'
import { ipBatch } from './ip-batch.ts'
import { iptablesBatch } from './iptables-batch.ts'
import { nftBatch } from './nft-batch.ts'
import type { Operation } from './operation.ts'
import { isGone, refused, type Refusal } from './refusal.ts'

/** Runs a batch and tells what was refused; after a refusal it goes on only when told. */
export type RunBatch = (batch: Batch, options: ApplyOptions) => Promise<readonly Refusal[]>

const runners: Record<Batch['tool'], RunBatch> = {
  ip: ipBatch,
  nft: nftBatch,
  iptables: iptablesBatch,
  ip6tables: iptablesBatch,
  sysctl: sysctlBatch,
  conntrack: conntrackBatch,
}

export const batchApplier: Applier = applierOf((batch, options) =>
  runners[batch.tool](batch, options),
)

/** An applier that runs each batch of a plan with `runBatch`. */
export function applierOf(
  runBatch: RunBatch,
  close: () => Promise<void> = async () => {},
): Applier {
  return {
    async apply(plan, options = {}) {
      const refusals: Refusal[] = []
      for (const batch of batchesOf(plan)) {
        throwIfAborted(options.signal)
        refusals.push(...(await runBatch(batch, options)))
        // A process that was killed by the signal refused nothing.
        throwIfAborted(options.signal)
        if (refusals.length > 0 && !options.tolerant) break
      }
      throwIfAny(options.tolerant ? refusals.filter((refusal) => !isGone(refusal)) : refusals)
    },
    [Symbol.asyncDispose]: close,
  }
}

function throwIfAny(refusals: readonly Refusal[]): void {
  const errors = refusals.map(refused)
  if (errors[0] !== undefined && errors.length === 1) throw errors[0]
  if (errors.length > 1)
    throw new NetdojoError({
      code: 'teardown-incomplete',
      operation: 'finish',
      object: `${errors.length} operations`,
      reason: errors.map((error) => `${error.object}: ${error.reason}`).join('; '),
      cause: new AggregateError(errors),
    })
}

async function sysctlBatch({ operations }: Batch): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = []
  for (const operation of operations) if (operation.kind === 'set-sysctl') await write(operation)
  return refusals

  async function write(operation: Extract<Operation, { kind: 'set-sysctl' }>): Promise<void> {
    try {
      await writeFile(`/proc/sys/${operation.key}`, operation.value)
    } catch (error) {
      // A switch that this kernel does not have (no IPv6) has nothing to switch.
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
      refusals.push({ operation, message: error instanceof Error ? error.message : String(error) })
    }
  }
}
