// Applies plans to the kernel: by netlink where that is possible, otherwise by one process for each batch; both leave the same
// state.
import { readFileSync } from 'node:fs'
import { NetdojoError, commandFor } from '../errors.ts'
import {
  batchesOf,
  throwIfAborted,
  type Applier,
  type ApplyOptions,
  type Batch,
  type Refusal,
  type RunBatch,
} from './plan.ts'
import { flushConnections } from './netlink/conntrack.ts'
import { loadLibc, type Libc } from './netlink/libc.ts'
import { applyLinks } from './netlink/link-changes.ts'
import { applyElements, isPlainElement } from './netlink/set-element.ts'
import { runOwnOperations } from './own-operations.ts'
import { runSysctls } from './sysctl.ts'

/** Loaded when a batch needs them: most changes are netlink messages alone. */
const programs: Record<Batch['tool'], () => Promise<RunBatch>> = {
  ip: async () => (await import('./programs/ip.ts')).runIp,
  nft: async () => (await import('./programs/nft.ts')).runNft,
  iptables: async () => (await import('./programs/iptables.ts')).runIptables,
  ip6tables: async () => (await import('./programs/iptables.ts')).runIptables,
  sysctl: async () => runSysctls,
  own: async () => runOwnOperations,
  conntrack: async () => (await import('./programs/conntrack.ts')).runConntrack,
}

/** Starts `ip -batch -`, `nft -f -` or `iptables-restore` for each batch; every other applier must leave the same state. */
export const batchApplier: Applier = applierOf(runCommand)

/** Sends netlink messages itself, and leaves to nft and iptables what only they can do. */
export const netlinkApplier: Applier = applierOf(async (batch, options) => {
  const send = senderOf(batch)
  const libc = send && (await loadLibc())
  return libc ? send(libc, batch, options) : runCommand(batch, options)
})

async function runCommand(...[batch, options]: Parameters<RunBatch>): ReturnType<RunBatch> {
  return (await programs[batch.tool]())(batch, options)
}

type Send = (
  libc: Libc,
  batch: Batch,
  options: ApplyOptions,
) => Promise<readonly Refusal[]> | readonly Refusal[]

/** The kernel accepts a transaction as one datagram, whose size is limited (net.core.wmem_default). */
const longestTransaction = 100

/** @returns undefined for a batch that only a program can apply. */
function senderOf({ tool, operations }: Batch): Send | undefined {
  if (tool === 'ip') return applyLinks
  if (tool === 'conntrack') {
    const flushes = operations.filter((operation) => operation.kind === 'flush-connections')
    return (libc, _, options) => flushConnections(libc, flushes, options)
  }
  const elements = operations.filter(isPlainElement)
  if (elements.length < operations.length || elements.length > longestTransaction) return undefined
  return (libc, _, options) => applyElements(libc, elements, options)
}

function applierOf(runBatch: RunBatch): Applier {
  return {
    async apply(plan, options = {}) {
      throwIfAborted(options.signal)
      if (plan.length > 0) refuseWithoutRights()
      const batches = batchesOf(plan)
      const runAll = options.tolerant ? removeAll : applyAll
      const refusals = await runAll(batches, runBatch, options)
      throwIfAborted(options.signal)
      if (refusals.length > 0) await throwIfAny(refusals, options)
    },
    async [Symbol.asyncDispose]() {},
  }
}

/** Bit 12 of the effective set: capabilities(7). */
const netAdmin = 1n << 12n

/**
 * Refuses before the first operation, so that nothing has to be rolled back without the rights to do it. A process that has the
 * capability in another user namespace than the network's is refused by the kernel itself.
 */
function refuseWithoutRights(): void {
  const effective =
    /^CapEff:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 'ffffffff'
  if ((BigInt(`0x${effective}`) & netAdmin) !== 0n) return
  throw new NetdojoError({
    code: 'not-permitted',
    operation: 'change',
    object: 'the network of this machine',
    reason: 'this process must have the capability CAP_NET_ADMIN, as root has',
    advice: [`run as root, or in a network namespace of your own: ${commandFor.shell}`],
  })
}

/**
 * Runs links and firewall side by side, each in the plan's order and up to its first refusal: rules refer to links by name only,
 * so neither needs the other to exist.
 */
async function applyAll(
  batches: readonly Batch[],
  runBatch: RunBatch,
  options: ApplyOptions,
): Promise<readonly Refusal[]> {
  // A sysctl behind the rules waits for them: this host begins to forward when it is decided what it forwards.
  const firewall = batches.findIndex((batch) => !isLinkBatch(batch))
  const isBehind = (batch: Batch, index: number) =>
    batch.tool === 'sysctl' && firewall >= 0 && index > firewall
  const isOfLinks = (batch: Batch, index: number) => isLinkBatch(batch) && !isBehind(batch, index)
  const lanes = [
    batches.filter(isOfLinks),
    batches.filter((batch, index) => !isOfLinks(batch, index)),
  ]
  const runs = await Promise.all(lanes.map((lane) => applyLane(lane, runBatch, options)))
  return runs.flat()
}

function isLinkBatch({ tool }: Batch): boolean {
  // An operation of a user's driver keeps its order among the links.
  return tool === 'ip' || tool === 'sysctl' || tool === 'own'
}

async function applyLane(
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
 * Runs the batches one after the other: no new connection may start before the old ones are flushed. The flush itself runs beside the
 * batches after it, since the kernel mostly waits while it deletes a device.
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
    // Promise.all below reports a run that fails while another is awaited.
    run.catch(() => {})
    if (batch.tool !== 'conntrack') await run
  }
  return (await Promise.all(runs)).flat()
}

async function throwIfAny(refusals: readonly Refusal[], { tolerant }: ApplyOptions): Promise<void> {
  const { isGone, refusalError } = await import('./refusal.ts')
  const errors = (tolerant ? refusals.filter((refusal) => !isGone(refusal)) : refusals).map(
    refusalError,
  )
  const [first] = errors
  if (first === undefined) return
  // Without the rights for one, a process has none for the others.
  if (errors.length === 1 || !tolerant || first.code === 'not-permitted') throw first
  const shown = errors.slice(0, 3).map((error) => `${error.object}: ${error.reason}`)
  throw new NetdojoError({
    code: 'teardown-incomplete',
    operation: 'finish',
    object: `${errors.length} operations`,
    reason: `${shown.join('; ')}${errors.length > shown.length ? `; and ${errors.length - shown.length} more` : ''}`,
    cause: new AggregateError(errors),
  })
}
