// Follows a command in the test's sandbox, quietly, and shows the journey as a person would read it.
import { run } from '../../lib/exec/run.ts'
import { findNode, findNodes } from '../../lib/observe/nodes.ts'
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
  const nodes = findNodes()
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

/** The journey ends with this drop on this node; gives it back. */
export function droppedAt(followed: Followed, reason: DropReason, node: string): Drop {
  const { drop } = followed.journey
  assert.is(drop?.reason, reason, textOf(followed))
  assert.is(drop?.node, node, textOf(followed))
  if (!drop) throw new Error('no drop')
  return drop
}

/** `ns1 out veth1`, `host POSTROUTING`, …: the order of what happened to the request or the answer. */
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
