// The applier by programs alone: one process a batch, `ip -batch -`, `nft -f -`, `iptables-restore`; what all others are measured by.
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

/** Runs a batch and tells what was refused; after a refusal it goes on only when told to be tolerant. */
export type RunBatch = (batch: Batch, options: ApplyOptions) => Promise<readonly Refusal[]>

const runners: Record<Batch['tool'], RunBatch> = {
  ip: ipBatch,
  nft: nftBatch,
  iptables: iptablesBatch,
  ip6tables: iptablesBatch,
  sysctl: sysctlBatch,
  conntrack: conntrackBatch,
}

export const batchApplier: Applier = applierOf(runCommand)

/** In a process of its own. */
export function runCommand(...[batch, options]: Parameters<RunBatch>): ReturnType<RunBatch> {
  return runners[batch.tool](batch, options)
}

/** An applier that runs each batch of a plan with `runBatch`. */
export function applierOf(runBatch: RunBatch): Applier {
  return {
    async apply(plan, options = {}) {
      throwIfAborted(options.signal)
      const batches = batchesOf(plan)
      const runAll = options.tolerant ? removeAll : buildAll
      const refusals = await runAll(batches, runBatch, options)
      throwIfAborted(options.signal)
      throwIfAny(refusals, options)
    },
    async [Symbol.asyncDispose]() {},
  }
}

/**
 * Rules and devices know each other by name only: what `ip` does and what the firewall does run side by side, each in
 * the plan's order, up to its first refusal.
 */
async function buildAll(
  batches: readonly Batch[],
  runBatch: RunBatch,
  options: ApplyOptions,
): Promise<readonly Refusal[]> {
  const lanes = [batches.filter(isLink), batches.filter((batch) => !isLink(batch))]
  const runs = await Promise.all(lanes.map((lane) => buildLane(lane, runBatch, options)))
  return runs.flat()
}

function isLink({ tool }: Batch): boolean {
  return tool === 'ip' || tool === 'sysctl'
}

async function buildLane(
  lane: readonly Batch[],
  runBatch: RunBatch,
  options: ApplyOptions,
): Promise<readonly Refusal[]> {
  for (const batch of lane) {
    if (options.signal?.aborted) break
    const refusals = await runBatch(batch, options)
    if (refusals.length > 0) return refusals
  }
  return []
}

/**
 * One after the other: no new connection may find the way before the old ones are flushed. The flushing itself runs
 * beside what follows, since the kernel mostly waits while it deletes a device.
 */
async function removeAll(
  batches: readonly Batch[],
  runBatch: RunBatch,
  options: ApplyOptions,
): Promise<readonly Refusal[]> {
  const runs: Promise<readonly Refusal[]>[] = []
  for (const batch of batches) {
    const run = runBatch(batch, options)
    runs.push(run)
    // One that fails while another is waited for is told of in the end.
    run.catch(() => {})
    if (batch.tool !== 'conntrack') await run
  }
  return (await Promise.all(runs)).flat()
}

function throwIfAny(refusals: readonly Refusal[], { tolerant }: ApplyOptions): void {
  const errors = (tolerant ? refusals.filter((refusal) => !isGone(refusal)) : refusals).map(refused)
  const [first] = errors
  if (first !== undefined && (errors.length === 1 || !tolerant)) throw first
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
