// Finds the reason of a drop by a list of checks: the first check with evidence decides, and without any the list itself is reported.
import { message, type Message } from '../../../language/message.ts'
import type { Drop } from '../journey.ts'
import type { Steps } from '../steps.ts'
import type { World } from '../world.ts'

/** `node` and `where` name the object at fault; the default is the place where the packet was lost. */
export type Finding = Pick<Drop, 'reason' | 'why' | 'evidence'> &
  Partial<Pick<Drop, 'node' | 'where' | 'remedy'>>

/**
 * The name of the check, as the report lists it when nothing is found, and the check itself.
 * A finding `unknown` is a hint, reported when no other check has evidence.
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
