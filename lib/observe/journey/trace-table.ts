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
  const made = ['inet']
  const refusal = await add(nft, `inet ${traceTable} { flags owner; ${chains()} }`)
  if (refusal === undefined) {
    // A kernel without these families has no rule in them either.
    const optional = async (family: string, inside: string) => {
      const isRefused = await add(nft, `${family} ${traceTable} { flags owner; ${inside} }`)
      if (isRefused === undefined) made.push(family)
    }
    await optional('bridge', lowerChains(['prerouting', 'output']))
    await optional('arp', lowerChains(['input', 'output']))
    const { lines } = await nft.ask(['list chains netdev'])
    const devices = deviceChains(lines)
    if (devices !== '') await optional('netdev', devices)
    return { [Symbol.asyncDispose]: () => remove(nft, made) }
  }
  await nft[Symbol.asyncDispose]()
  throw new NetdojoError({
    code: 'kernel-feature-missing',
    operation: 'trace packets on',
    object: name,
    reason: refusal || 'nft ended early',
    advice: ['Linux 5.12 or later with nftables is needed, and root, as in npm run shell'],
  })
}

/**
 * The tables are gone when nft has answered. Its end, for which the kernel waits until their memory is free (12 ms and more), is
 * nobody's business.
 */
async function remove(nft: Conversation, made: readonly string[]): Promise<void> {
  const tables = made.map((family) => `delete table ${family} ${traceTable}`)
  // In one transaction: the next would wait for what this one frees.
  await nft.ask([tables.join('; ')])
  void nft[Symbol.asyncDispose]()
}

const families = ['inet', 'bridge', 'arp', 'netdev']

/** @returns what nft says against it. */
async function add(nft: Conversation, table: string): Promise<string | undefined> {
  const { lines, last } = await nft.ask([`add table ${table}`])
  const isRefused = last === undefined || lines.some((line) => /error/i.test(line))
  return isRefused ? lines.join(' ').trim() : undefined
}

/**
 * Removes the tables that somebody left on any node. None should be there: those of a running trace
 * belong to it, and the kernel refuses to take them from it.
 */
export async function removeTraces(): Promise<void> {
  const removeFrom = ({ netns }: ObservedNode) =>
    families.map((family) =>
      run('nft', ['delete', 'table', family, traceTable], { netns, allowFailure: true }),
    )
  await Promise.all(findNodes().flatMap(removeFrom))
}

// Before defragmentation (-400) and after the last that others can have, short of the confirmation of a connection (INT_MAX).
const [first, last] = [-450, 2147483646]
const beginnings = new Set<Hook>(['prerouting', 'output'])

// Router discovery and group membership go on all the time, and are no part of anybody's journey.
const quiet =
  'meta l4proto ipv6-icmp icmpv6 type { 130-134, 137, 143 } return; meta l4proto igmp return;'

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

/** Below the IP layer it is enough to be told of the rules of others. */
function lowerChains(names: readonly string[]): string {
  return names
    .map(
      (hook) =>
        `chain ${hook} { type filter hook ${hook} priority ${first}; meta nftrace set 1; };`,
    )
    .join(' ')
}

/** Chains of the family netdev stand on one device each: before every one of them stands one of ours. */
function deviceChains(listed: readonly string[]): string {
  const places = listed.flatMap((line) => {
    const [, hook, devices = ''] =
      /hook (ingress|egress) devices? =? ?(.*?) priority/.exec(line) ?? []
    const names = devices.match(/[^\s"{},=]+/g) ?? []
    return hook === undefined ? [] : names.map((name) => ({ hook, name }))
  })
  const unique = new Map(places.map((place) => [`${place.hook} ${place.name}`, place]))
  return [...unique.values()]
    .map(
      ({ hook, name }, index) =>
        `chain c${index} { type filter hook ${hook} device "${name}" priority ${first}; meta nftrace set 1; };`,
    )
    .join(' ')
}
