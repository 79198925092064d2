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

/** Runs the commands that the verdict advises, on the node that it names, until the same command is answered. */
export async function mended(first: Drop, again: () => Promise<Followed>): Promise<void> {
  let drop: Drop | null = first
  for (let round = 0; drop; round += 1) {
    const { remedy, node, why } = drop
    assert.ok(remedy !== null && round < 4, `nothing mends: ${why.text}`)
    const { netns } = findNode(findAllNodes(), node)
    const { exitCode, stderr } = await run(
      'nsenter',
      [`--net=${netns}`, 'sh', '-c', remedy ?? ''],
      {
        allowFailure: true,
      },
    )
    assert.is(exitCode, 0, `${node}# ${remedy}: ${stderr}`)
    // The kernel repeats an unanswered ARP request only after a second.
    for (const each of findAllNodes())
      await run(
        'nsenter',
        [
          `--net=${each.netns}`,
          'sh',
          '-c',
          'ip neigh flush nud failed; ip neigh flush nud incomplete',
        ],
        { allowFailure: true },
      )
    const followed = await again()
    drop = followed.journey.outcome === 'answered' ? null : followed.journey.drop
    if (followed.journey.outcome !== 'answered') assert.ok(drop, textOf(followed))
  }
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
