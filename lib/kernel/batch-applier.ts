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

export const batchApplier: Applier = applierOf(runPlainly)

/** In a process of its own. */
export function runPlainly(...[batch, options]: Parameters<RunBatch>): ReturnType<RunBatch> {
  return runners[batch.tool](batch, options)
}

/** An applier that runs each batch of a plan with `runBatch`. */
export function applierOf(
  runBatch: RunBatch,
  close: () => Promise<void> = async () => {},
): Applier {
  return {
    async apply(plan, options = {}) {
      const lanes = lanesOf(batchesOf(plan), options)
      const runs = await Promise.all(lanes.map((lane) => runLane(lane, runBatch, options)))
      throwIfAborted(options.signal)
      const refusals = runs.flat()
      throwIfAny(options.tolerant ? refusals.filter((refusal) => !isGone(refusal)) : refusals)
    },
    [Symbol.asyncDispose]: close,
  }
}

/**
 * While building, rules and devices know each other by name only: what `ip` does and what the firewall does run side by
 * side. While removing, the order matters: no new connection may find the way before the old ones are flushed.
 */
function lanesOf(
  batches: readonly Batch[],
  { tolerant }: ApplyOptions,
): readonly (readonly Batch[])[] {
  if (tolerant) return [batches]
  return [batches.filter(isLink), batches.filter((batch) => !isLink(batch))]
}

function isLink({ tool }: Batch): boolean {
  return tool === 'ip' || tool === 'sysctl'
}

async function runLane(
  lane: readonly Batch[],
  runBatch: RunBatch,
  options: ApplyOptions,
): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = []
  const flushes: Promise<readonly Refusal[]>[] = []
  for (const batch of lane) {
    if (options.signal?.aborted) break
    // Connections are flushed beside what follows: deleting a device, the kernel mostly waits.
    if (batch.tool === 'conntrack') flushes.push(runBatch(batch, options))
    else refusals.push(...(await runBatch(batch, options)))
    if (refusals.length > 0 && !options.tolerant) break
  }
  return [...refusals, ...(await Promise.all(flushes)).flat()]
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
