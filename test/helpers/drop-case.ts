// One way in which a packet can be lost, as a test: built on the kernel, judged, mended as the verdict advises, and asked again.
import * as assert from 'uvu/assert'
import type { DropReason } from '../../lib/observe/journey/journey.ts'
import { findNode, findNodes } from '../../lib/observe/nodes.ts'
import { droppedAt, forgetUnanswered, journeyOf, mended, textOf } from './journey.ts'
import { sh } from './sandbox.ts'
import { network } from './segment.ts'

export type DropCase = {
  /** On the network of segment.ts. */
  readonly breaks: string
  readonly from?: string
  readonly asks: string
  readonly reason: DropReason
  /** The node at fault. */
  readonly node: string
  readonly why: RegExp
  readonly evidence?: RegExp
  /** What a person who read the verdict does besides the command that it names, if any. */
  readonly byHand?: string
  /** The reasons of further verdicts, where this fault hides another or the answer is judged after the request. */
  readonly later?: readonly DropReason[]
}

export async function checkDrop(drop: DropCase): Promise<void> {
  const { breaks, from = 'ns1', asks, reason, node, why, evidence, byHand, later = [] } = drop
  network()
  sh(breaks)
  const ask = () => journeyOf(from, 'sh', '-c', `exec ${asks}`)
  const followed = await ask()
  const found = droppedAt(followed, reason, node)
  assert.match(found.why.text, why, textOf(followed))
  if (evidence) assert.match(found.evidence, evidence, textOf(followed))
  if (byHand === undefined) return mended(found, ask, later)
  if (found.remedy !== null)
    sh(`nsenter --net=${findNode(findNodes(), found.node).netns} sh -c '${found.remedy}'`)
  sh(byHand)
  await forgetUnanswered()
  const again = await ask()
  const [next, ...further] = later
  if (next === undefined) return assert.is(again.journey.outcome, 'answered', textOf(again))
  assert.is(again.journey.drop?.reason, next, textOf(again))
  if (again.journey.drop) await mended(again.journey.drop, ask, further)
}
