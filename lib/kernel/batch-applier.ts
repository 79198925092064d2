// The plain applier: one process a batch, `ip -batch -`, `nft -f -`, `iptables-restore`; nothing stays running in between.
import { writeFile } from 'node:fs/promises'
import { NetdojoError } from '../errors.ts'
import { throwIfAborted } from './aborted.ts'
import type { Applier, ApplyOptions } from './applier.ts'
import { batchesOf, type Batch } from './batch.ts'
import { conntrackBatch } from './conntrack-batch.ts'
import { canCome, ipBatch } from './ip-batch.ts'
import { iptablesBatch } from './iptables-batch.ts'
import { nftBatch } from './nft-batch.ts'
import { pairOf, runPair } from './pair.ts'
import type { Operation } from './operation.ts'
import { isGone, refused, type Refusal } from './refusal.ts'

/**
 * Runs a batch and tells what was refused; after a refusal it goes on only when told. Nothing happens before `after` is
 * fulfilled, but a program may be started meanwhile.
 */
export type RunBatch = (
  batch: Batch,
  options: ApplyOptions,
  after?: Promise<unknown>,
) => Promise<readonly Refusal[]>

const runners: Record<Batch['tool'], RunBatch> = {
  ip: ipBatch,
  nft: nftBatch,
  iptables: iptablesBatch,
  ip6tables: iptablesBatch,
  sysctl: sysctlBatch,
  conntrack: conntrackBatch,
}

export const batchApplier: Applier = applierOf(runPlainly, async () => {}, pairOf)

/** In a process of its own. */
export async function runPlainly(
  ...[batch, options, after]: Parameters<RunBatch>
): ReturnType<RunBatch> {
  // `ip` takes as long to start as to work: it starts at once, and gets its lines when it is its turn.
  if (batch.tool !== 'ip') await after
  return runners[batch.tool](batch, options, after)
}

/** An applier that runs each batch of a plan with `runBatch`, but for those that `findPair` finds. */
export function applierOf(
  runBatch: RunBatch,
  close: () => Promise<void> = async () => {},
  findPair: typeof pairOf = () => undefined,
): Applier {
  return {
    async apply(plan, options = {}) {
      const batches = options.tolerant ? batchesOf(plan) : withCompany(batchesOf(plan))
      const pair = findPair(batches, options)
      const refusals = pair ? [...(await runPair(pair, options))] : []
      if (refusals.length === 0 || options.tolerant) {
        const runAll = options.tolerant ? removeAll : buildAll
        refusals.push(...(await runAll(pair?.rest ?? batches, runBatch, options)))
      }
      throwIfAborted(options.signal)
      throwIfAny(refusals, options)
    },
    [Symbol.asyncDispose]: close,
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

/** A batch of the host takes the one for a namespace that follows it along. */
function withCompany(lane: readonly Batch[]): readonly Batch[] {
  const together: Batch[] = []
  for (const batch of lane) {
    const before = together.at(-1)
    const isHost = before?.tool === 'ip' && before.netns === undefined && before.along === undefined
    if (before && isHost && canCome(batch))
      together[together.length - 1] = { ...before, along: batch }
    else together.push(batch)
  }
  return together
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
  let before: Promise<unknown> = Promise.resolve()
  for (const batch of batches) {
    const run = runBatch(batch, options, before)
    runs.push(run)
    if (batch.tool !== 'conntrack') before = run
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
