// Makes a journey of the evidence: a pure function, asked again, since what the routing tables are to be asked is only known
// when the packets' ways are. What the command achieved is never contradicted: a reconstruction that differs is shown beside it.
import { message, type Message } from '../../language/message.ts'
import { arpingOf } from './arping.ts'
import { conversationsOf } from './conversations.ts'
import { dropBeforeSending } from './drop/before-sending.ts'
import { journeyVersion, type Conversation, type Journey } from './journey.ts'
import type { RouteAnswers, RouteQuestion } from './route-answers.ts'
import { World, type Evidence } from './world.ts'

export function reconstructJourney(
  evidence: Evidence,
  answers: RouteAnswers,
): {
  readonly journey: Journey
  readonly questions: readonly RouteQuestion[]
  /** Whether the ports of `from` are wanted. */
  readonly wantsPorts: boolean
} {
  const world = new World(evidence, answers)
  const found = conversationsOf(world)
  const conversations = found.length > 0 ? found : arpingOf(world)
  const unsent = conversations.length === 0 ? dropBeforeSending(world) : null
  const own = aboutTargets(evidence, conversations)
  const bad = own.find(({ outcome }) => outcome !== 'answered')
  const { from, command, exitCode, lost } = evidence
  const succeeded = isSuccess(evidence, own)
  const journey: Journey = {
    version: journeyVersion,
    from,
    command,
    exitCode,
    outcome: succeeded ? 'answered' : outcomeOf(own, bad),
    drop: succeeded ? null : (unsent ?? bad?.drop ?? null),
    disagreement: disagreementOf(evidence, own, bad, succeeded),
    conversations,
    lost,
  }
  const wantsPorts = unsent !== null && evidence.ports === undefined
  return { journey, questions: world.questions, wantsPorts }
}

/** Another program may begin conversations at the same time: those with an address that the command names decide. */
function aboutTargets(
  { targets }: Evidence,
  conversations: readonly Conversation[],
): readonly Conversation[] {
  const own = conversations.filter(({ request: { packet } }) =>
    targets.includes(packet.destination),
  )
  return own.length > 0 ? own : conversations
}

/** Exit code 0 of a program whose success is an answer; of another one, together with an answer that was seen. */
function isSuccess(
  { exitCode, trusted }: Evidence,
  conversations: readonly Conversation[],
): boolean {
  if (exitCode !== 0) return false
  return trusted || conversations.some(({ outcome }) => outcome === 'answered')
}

function outcomeOf(
  conversations: readonly Conversation[],
  bad: Conversation | undefined,
): Journey['outcome'] {
  if (conversations.length === 0) return 'not-sent'
  return bad?.outcome ?? 'answered'
}

function disagreementOf(
  { from, exitCode, stderr }: Evidence,
  conversations: readonly Conversation[],
  bad: Conversation | undefined,
  succeeded: boolean,
): Message | null {
  if (succeeded && conversations.length === 0)
    return message('the command succeeded, and none of its packets was seen')
  if (succeeded && bad)
    return message('the command succeeded, and one of its conversations did not: {why}', {
      why: bad.drop?.why ?? bad.outcome,
    })
  if (exitCode !== 0 && exitCode !== null && conversations.length > 0 && !bad) {
    const line = stderr.trim().split('\n').at(-1) ?? ''
    const values = { node: from, code: exitCode, line }
    return line === ''
      ? message('an answer reached {node}, and the command ended with the exit code {code}', values)
      : message(
          'an answer reached {node}, and the command ended with the exit code {code} ({line})',
          values,
        )
  }
  return null
}
