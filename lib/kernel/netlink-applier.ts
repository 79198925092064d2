// The applier that starts no program where it need not: it speaks netlink itself, and leaves to nft and iptables what is theirs.
import type { Applier, ApplyOptions } from './applier.ts'
import { applierOf, runCommand } from './batch-applier.ts'
import type { Batch } from './batch.ts'
import {
  elementMessages,
  isPlainElement,
  type ElementOperation,
} from './netlink/element-message.ts'
import { flush } from './netlink/flush.ts'
import { loadLibc, type Libc } from './netlink/libc.ts'
import { runLinks } from './netlink/link-work.ts'
import { NetlinkSocket } from './netlink/socket.ts'
import type { Refusal } from './refusal.ts'

/** The kernel takes a transaction as one datagram, whose size has a limit (net.core.wmem_default). */
const longestTransaction = 100

/** Where netlink cannot be spoken (see netlink/libc.ts), it is `batchApplier`. */
export const netlinkApplier: Applier = applierOf(async (batch, options) => {
  const run = runnerOf(batch)
  const libc = run && (await loadLibc())
  return libc ? run(libc, batch, options) : runCommand(batch, options)
})

type Run = (libc: Libc, batch: Batch, options: ApplyOptions) => Promise<readonly Refusal[]>

/** `undefined` for what is left to a program. */
function runnerOf({ tool, operations }: Batch): Run | undefined {
  if (tool === 'ip') return runLinks
  if (tool === 'conntrack') return runFlush
  const elements = operations.filter(isPlainElement)
  if (elements.length < operations.length || elements.length > longestTransaction) return undefined
  return (libc, _, options) => runElements(libc, elements, options)
}

const runFlush: Run = async (libc, { operations }, options) => {
  const flushes = operations.filter((operation) => operation.kind === 'flush-connections')
  using sockets = new DisposableStack()
  return await flush(() => sockets.use(new NetlinkSocket(libc, 'netfilter')), flushes, options)
}

async function runElements(
  libc: Libc,
  elements: readonly ElementOperation[],
  { tolerant }: ApplyOptions,
): Promise<readonly Refusal[]> {
  using netfilter = new NetlinkSocket(libc, 'netfilter')
  const refusals = transaction(netfilter, elements)
  if (refusals.length === 0 || !tolerant || elements.length === 1) return refusals
  // One refusal undid the whole transaction: the rest must still be done.
  return elements.flatMap((element) => transaction(netfilter, [element]))
}

function transaction(
  netfilter: NetlinkSocket,
  elements: readonly ElementOperation[],
): readonly Refusal[] {
  const { messages, owners } = elementMessages(elements)
  for (const [index, message] of netfilter.tellTogether(messages)) {
    const operation = owners[index] ?? elements[0]
    if (operation) return [{ operation, message }]
  }
  return []
}
