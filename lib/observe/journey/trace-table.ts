// The table of ours that makes nftables tell what it does with each packet; the kernel takes it away when we end, however we end.
//
// It is owned by a running `nft` (NFT_TABLE_F_OWNER, Linux 5.12), whose standard input is ours: a killed process leaves nothing.
// It looks at no connection (`ct`): that alone would switch connection tracking on in a namespace that had none.
import { NetdojoError } from '../../errors.ts'
import { Conversation } from '../../exec/converse.ts'
import { run } from '../../exec/run.ts'
import { findNodes, type ObservedNode } from '../nodes.ts'

export const traceTable = 'netdojo_trace'

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

/** Makes the table on the node. Disposing of what is returned takes it away. */
export async function traceOn({ name, netns }: ObservedNode): Promise<AsyncDisposable> {
  const nft = new Conversation({
    // Ctrl-C is for the command that is followed: this one ends with us.
    program: 'sh',
    args: ['-c', 'trap "" INT; exec nsenter "$0" nft -i', `--net=${netns}`],
    flush: 'describe icmp_code',
    isLast: (line) => line.startsWith('datatype icmp_code'),
    errors: 'answer',
  })
  const { lines, last } = await nft.ask([
    `add table inet ${traceTable} { flags owner; ${chains()} }`,
  ])
  const complaint = lines.find((line) => /error/i.test(line))
  if (complaint === undefined && last !== undefined) return nft
  await nft[Symbol.asyncDispose]()
  throw new NetdojoError({
    code: 'kernel-feature-missing',
    operation: 'trace packets on',
    object: name,
    reason: lines.join(' ').trim() || 'nft ended early',
    advice: ['Linux 5.12 or later with nftables is needed, and root, as in npm run shell'],
  })
}

/**
 * Removes the tables that somebody left on any node. None should be there: those of a running trace
 * belong to it, and the kernel refuses to take them from it.
 */
export async function removeTraces(): Promise<void> {
  const remove = ({ netns }: ObservedNode) =>
    run('nft', ['delete', 'table', 'inet', traceTable], { netns, allowFailure: true })
  await Promise.all(findNodes().map(remove))
}

// Before defragmentation (-400) and after the last that others can have, short of the confirmation of a connection (INT_MAX).
const [first, last] = [-450, 2147483646]
const beginnings = new Set<Hook>(['prerouting', 'output'])

// Neighbour discovery and group membership go on all the time, and are no part of anybody's journey.
const quiet = 'meta l4proto ipv6-icmp icmpv6 type 130-137 return; meta l4proto igmp return;'

function chains(): string {
  return hooks
    .flatMap((hook) => {
      const set = beginnings.has(hook) ? `${quiet} meta nftrace set 1;` : ''
      return [
        `chain ${hook}_first { type filter hook ${hook} priority ${first}; ${set} };`,
        `chain ${hook}_last { type filter hook ${hook} priority ${last}; };`,
      ]
    })
    .join(' ')
}
