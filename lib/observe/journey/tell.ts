// Makes a journey of the evidence: a pure function, asked twice, since what the routing tables are to be asked is only known
// when the packets' ways are.
import { message } from '../../language/message.ts'
import { conversationsOf } from './conversations.ts'
import { refusal } from './drop-by-routing.ts'
import { journeyVersion, type Conversation, type Drop, type Journey } from './journey.ts'
import type { RouteAnswers, RouteQuestion } from './route-answers.ts'
import { World, type Evidence } from './world.ts'

export function tellJourney(
  evidence: Evidence,
  answers: RouteAnswers,
): { readonly journey: Journey; readonly questions: readonly RouteQuestion[] } {
  const world = new World(evidence, answers)
  const conversations = conversationsOf(world)
  const unsent = conversations.length === 0 ? dropBeforeSending(world) : null
  const bad = conversations.find(({ outcome }) => outcome !== 'answered')
  const { from, command, exitCode, lost } = evidence
  const journey: Journey = {
    version: journeyVersion,
    from,
    command,
    exitCode,
    outcome: outcomeOf(conversations, bad),
    drop: unsent ?? bad?.drop ?? null,
    conversations,
    lost,
  }
  return { journey, questions: world.questions }
}

function outcomeOf(
  conversations: readonly Conversation[],
  bad: Conversation | undefined,
): Journey['outcome'] {
  if (conversations.length === 0) return 'not-sent'
  return bad?.outcome ?? 'answered'
}

/** No packet left the node: its own kernel refused, and told the program. */
function dropBeforeSending(world: World): Drop | null {
  const { from, said, targets } = world.evidence
  for (const destination of targets) {
    const answer = world.route({ node: from, destination })
    if (answer?.error === undefined) continue
    const { reason, why } = refusal({ destination }, answer)
    return {
      reason,
      node: from,
      where: 'routing decision',
      why: message('nothing was sent: {why}', { why }),
      evidence: `ip route get ${destination}: ${answer.error}`,
    }
  }
  const line = said.trim().split('\n').at(-1) ?? ''
  const at = { node: from, where: 'socket', evidence: line }
  if (/message too long/i.test(said)) {
    const mtu = /mtu[= ](\d+)/.exec(said)?.[1]
    const limit = mtu === undefined ? message('the way') : message('the way, {mtu} bytes,', { mtu })
    const why = message('the packet is longer than {limit} takes, and may not be cut in pieces', {
      limit,
    })
    return { ...at, reason: 'mtu', why: message('nothing was sent: {why}', { why }) }
  }
  if (/cannot assign requested address|bind/i.test(said)) {
    const why = message('{node} does not have the address that the program wants to send from', {
      node: from,
    })
    return { ...at, reason: 'address-missing', why: message('nothing was sent: {why}', { why }) }
  }
  return {
    ...at,
    reason: 'lost',
    why: message('the command sent no packet'),
    evidence: line || 'no packet',
  }
}
