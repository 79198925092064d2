// Asks the kernel whether a repaired network works, and whether everything else still works.
import type { Message } from '../language/message.ts'
import { NetdojoError } from '../errors.ts'
import type { BrokenNetwork, Check, Nodes } from './broken.ts'

export type Answer = {
  readonly statement: string
  readonly node: string
  readonly line: string
  readonly holds: boolean
  /** One line. */
  readonly observed: Message
  /** The whole output of the command. */
  readonly output: string
}

export type Judgement = {
  readonly works: readonly Answer[]
  readonly unharmed: readonly Answer[]
  /** All checks of both lists hold. */
  readonly repaired: boolean
}

/** For how many milliseconds a failing check is repeated: bridges and neighbour entries need a moment after a repair. */
const usualPatience = 2000

export async function judge(broken: BrokenNetwork, nodes: Nodes): Promise<Judgement> {
  const [works, unharmed] = await Promise.all([
    askAll(broken.works(nodes), usualPatience),
    askAll(broken.unharmed(nodes), usualPatience),
  ])
  return { works, unharmed, repaired: [...works, ...unharmed].every(({ holds }) => holds) }
}

/**
 * The symptom: the first check that fails.
 * @throws NetdojoError if the fault shows no symptom, or breaks more than it should: such a network cannot judge a repair.
 */
export async function symptom(broken: BrokenNetwork, nodes: Nodes): Promise<Answer> {
  const [works, unharmed] = await Promise.all([
    askAll(broken.works(nodes), 0),
    askAll(broken.unharmed(nodes), usualPatience),
  ])
  const [first] = works
  const harmed = unharmed.find(({ holds }) => !holds)
  if (first && !first.holds && !harmed) return first
  throw new NetdojoError({
    code: 'program-failed',
    operation: 'break',
    object: `the network '${broken.name}'`,
    reason: harmed
      ? `the fault must break nothing else, but '${harmed.line}' on ${harmed.node} fails: ${harmed.observed.text}`
      : `the fault must show a symptom, but '${first?.line}' on ${first?.node} holds: ${first?.observed.text}`,
    advice: ['npm run doctor shows what this machine lacks'],
  })
}

/** Runs all checks at once: a check mostly waits. */
function askAll(checks: readonly Check[], patience: number): Promise<Answer[]> {
  return Promise.all(checks.map((check) => ask(check, patience)))
}

async function ask({ statement, probe, expectation }: Check, patience: number): Promise<Answer> {
  const observation = await probe.observe({
    patience,
    holds: (seen) => expectation.judge(seen).holds,
  })
  const { holds, evidence } = expectation.judge(observation)
  return {
    statement,
    node: probe.node.name,
    line: probe.line,
    holds,
    observed: evidence,
    output: observation.output,
  }
}
