// Follows a command in the test's sandbox without printing it, and returns the journey as text.
import { run } from '../../lib/exec/run.ts'
import { findAllNodes, findNode } from '../../lib/observe/nodes.ts'
import { follow, type Followed } from '../../lib/observe/journey/follow.ts'
import type { DropReason, Drop, Hop } from '../../lib/observe/journey/journey.ts'
import { journeyText, type Paint } from '../../lib/observe/journey/text.ts'
import * as assert from 'uvu/assert'

const same = (text: string) => text

export const plain: Paint = {
  bold: same,
  dim: same,
  red: same,
  green: same,
  cyan: same,
  yellow: same,
}

/** Runs the words on the node `from` and follows their packets. */
export async function journeyOf(from: string, ...words: readonly string[]): Promise<Followed> {
  const nodes = findAllNodes()
  const { netns } = findNode(nodes, from)
  const followed = await follow({
    nodes,
    from,
    command: words.join(' '),
    run: () => run('nsenter', [`--net=${netns}`, ...words], { allowFailure: true }),
  })
  if (process.env.VERBOSE) console.log(`${from}$ ${words.join(' ')}\n${textOf(followed)}`)
  return followed
}

export function textOf({ journey }: Followed): string {
  return journeyText(journey, plain)
}

/** Asserts that the journey ends with this drop on this node. @returns the drop */
export function droppedAt(followed: Followed, reason: DropReason, node: string): Drop {
  const { drop } = followed.journey
  assert.is(drop?.reason, reason, textOf(followed))
  assert.is(drop?.node, node, textOf(followed))
  if (!drop) throw new Error('no drop')
  return drop
}

/**
 * Runs the command that the verdict advises, on the node that it names, and asks again, until the same command is answered.
 * A verdict that was wrong mends nothing, so the same advice may not come twice, and each further reason must be expected.
 * @param later the reasons of the verdicts that come after the first, where one fault hides another
 */
export async function mended(
  first: Drop,
  again: () => Promise<Followed>,
  later: readonly DropReason[] = [],
): Promise<void> {
  const advised = new Set<string>()
  let drop: Drop | null = first
  for (const next of [...later, null]) {
    const { remedy, node, why }: Drop = drop
    if (remedy === null) throw new Error(`no command is advised: ${why.text}`)
    const advice = `${node}# ${remedy}`
    assert.not(advised.has(advice), `advised again, since it mended nothing: ${advice}`)
    advised.add(advice)
    const { netns } = findNode(findAllNodes(), node)
    const words = [`--net=${netns}`, 'sh', '-c', remedy]
    const { exitCode, stderr } = await run('nsenter', words, { allowFailure: true })
    assert.is(exitCode, 0, `${advice}: ${stderr}`)
    await forgetUnanswered()
    const followed = await again()
    const { outcome, drop: found } = followed.journey
    const text = `${why.text}\n${advice}\n${textOf(followed)}`
    if (next === null) return assert.is(outcome, 'answered', text)
    assert.is(found?.reason, next, text)
    drop = found ?? first
  }
}

/** The kernel repeats an unanswered ARP request only after a second. */
export async function forgetUnanswered(): Promise<void> {
  const line = 'ip neigh flush nud failed; ip neigh flush nud incomplete'
  for (const { netns } of findAllNodes())
    await run('nsenter', [`--net=${netns}`, 'sh', '-c', line], { allowFailure: true })
}

/** The hops of the request or the answer in order: `ns1 out veth1`, `host POSTROUTING`, … */
export function outline(hops: readonly Hop[] = []): readonly string[] {
  return hops.map((hop) => `${hop.node} ${nameOf(hop)}`)
}

function nameOf(hop: Hop): string {
  if (hop.kind === 'hook') return hop.hook.toUpperCase()
  if (hop.kind === 'leaves') return `out ${hop.interface}`
  if (hop.kind === 'enters') return `in ${hop.interface}`
  if (hop.kind === 'bridge') return `bridge ${hop.bridge} ${hop.how}`
  if (hop.kind === 'route') return `route ${hop.decision}`
  if (hop.kind === 'connection') return `conntrack ${hop.entry}`
  return hop.kind
}
