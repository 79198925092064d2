// Finds the reason of a drop by a list of checks: the first that has evidence decides, and without any the list itself is told.
import { message, type Message } from '../../../language/message.ts'
import type { Drop } from '../journey.ts'
import type { Steps } from '../steps.ts'
import type { World } from '../world.ts'

/** `node` and `where` are the object at fault; those of the place where the packet was lost unless told. */
export type Finding = Pick<Drop, 'reason' | 'why' | 'evidence'> &
  Partial<Pick<Drop, 'node' | 'where' | 'remedy'>>

/**
 * What is looked at, in the words of the list that is told when nothing is found; and the look itself.
 * A finding `unknown` is a hint, which is told when no other check has evidence.
 */
export type Check = readonly [name: string | Message, find: () => Finding | null | undefined]

export type Loss = Omit<Drop, 'place'>

/** What follows a packet to its loss: given along, since a question for a neighbour is a packet, too. */
export type LossOf = (world: World, way: Steps) => Loss | null

export function judge(
  at: { readonly node: string; readonly where: string },
  seen: string,
  checks: readonly Check[],
): Loss {
  const checked: Message[] = []
  let hint: Finding | undefined
  for (const [name, find] of checks) {
    const found = find()
    if (found && found.reason !== 'unknown') return { remedy: null, ...at, ...found, checked: [] }
    hint ??= found ?? undefined
    checked.push(typeof name === 'string' ? message(name) : name)
  }
  const why = hint
    ? message('no reason found, but {hint}', { hint: hint.why })
    : message('no reason found')
  const evidence = hint ? `${seen}; ${hint.evidence}` : seen
  return { ...at, reason: 'unknown', why, evidence, remedy: null, checked }
}
