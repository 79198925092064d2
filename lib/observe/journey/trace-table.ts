// Makes nftables trace each packet on a node, by tables of ours that the kernel removes when this process ends, however it ends.
import { randomBytes } from 'node:crypto'
import { NetdojoError, commandFor } from '../../errors.ts'
import { run } from '../../exec/run.ts'
import { loadLibc } from '../../kernel/netlink/libc.ts'
import { TraceTables, type TraceChain } from '../../kernel/netlink/trace-chains.ts'
import { findNodes, type ObservedNode } from '../nodes.ts'

/** The beginning of the name of every table of ours, and the name under which a journey keeps what its own told. */
export const traceTable = 'netdojo_trace'

/** The kernel lets nobody else write into a table that a process owns, so each trace has a name of its own. */
export function newTraceTable(): string {
  return `${traceTable}_${randomBytes(4).toString('hex')}`
}

export function isTraceTable(name: string): boolean {
  return name.startsWith(traceTable)
}

export const hooks = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const
export type Hook = (typeof hooks)[number]

/** Which of our chains it is: the first or the last of its hook. */
export function ownChain(chain: string): { readonly hook: Hook; readonly end: 'first' | 'last' } {
  const [hook, end] = chain.split('_')
  return {
    hook: hooks.find((each) => each === hook) ?? 'prerouting',
    end: end === 'first' ? 'first' : 'last',
  }
}

/** Makes the tables on the node. Disposing of what is returned removes them. */
export async function traceOn({ name, netns }: ObservedNode, table: string): Promise<Disposable> {
  const libc = await loadLibc()
  if (!libc) throw refused(name, 'koffi does not support this machine')
  const tables = new TraceTables(libc, netns, table)
  const refusal = tables.add('inet', chains)
  if (refusal) {
    tables[Symbol.dispose]()
    throw refused(name, refusal.message)
  }
  // A kernel without these families has no rule in them either.
  tables.add('bridge', lowerChains(['prerouting', 'output']))
  tables.add('arp', lowerChains(['input', 'output']))
  const devices = new Map(tables.deviceChains().map((place) => [JSON.stringify(place), place]))
  if (devices.size > 0) tables.add('netdev', deviceChains([...devices.values()]))
  return tables
}

function refused(node: string, reason: string): NetdojoError {
  return new NetdojoError({
    code: 'kernel-feature-missing',
    operation: 'trace packets on',
    object: node,
    reason,
    advice: [`Linux 5.12 or later with nftables is needed, and root, as in ${commandFor.shell}`],
  })
}

/**
 * Removes the tables that somebody left on any node. None should be there: those of a running trace
 * belong to it, and the kernel refuses to take them from it.
 */
export async function removeTraces(): Promise<void> {
  await Promise.all(findNodes().map(removeFrom))
}

async function removeFrom({ netns }: ObservedNode): Promise<void> {
  const { stdout } = await run('nft', ['list', 'tables'], { netns, allowFailure: true })
  for (const line of stdout.split('\n')) {
    const [, family = '', name = ''] = line.split(' ')
    if (isTraceTable(name))
      await run('nft', ['delete', 'table', family, name], { netns, allowFailure: true })
  }
}

// Before defragmentation (-400) and after the last that others can have, short of the confirmation of a connection (INT_MAX).
const [first, last] = [-450, 2147483646]
const beginnings = new Set<Hook>(['prerouting', 'output'])

const chains = hooks.flatMap((hook): readonly TraceChain[] => {
  const begins = beginnings.has(hook)
  return [
    { name: `${hook}_first`, hook, priority: first, sets: begins, quiet: begins },
    { name: `${hook}_last`, hook, priority: last, sets: false },
  ]
})

/** Below the IP layer, the rules of others in the trace are enough. */
function lowerChains(names: readonly string[]): readonly TraceChain[] {
  return names.map((hook) => ({ name: hook, hook, priority: first, sets: true }))
}

/** Chains of the family netdev stand on one device each: one of ours stands before every one of them. */
function deviceChains(
  places: readonly { readonly hook: string; readonly device: string }[],
): readonly TraceChain[] {
  return places.map(({ hook, device }, index) => ({
    name: `c${index}`,
    hook,
    device,
    priority: first,
    sets: true,
  }))
}
