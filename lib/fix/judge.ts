// Asks the kernel whether a network works, and whether all else still does; a question that cannot be asked is no answer.
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
  /** All that the command said. */
  readonly output: string
}

export type Judgement = {
  readonly works: readonly Answer[]
  readonly unharmed: readonly Answer[]
  /** Works again, and nothing was harmed for it. */
  readonly repaired: boolean
}

/** How many milliseconds to go on asking after a repair: bridges and neighbours need a moment. */
const usualPatience = 2000

export async function judge(broken: BrokenNetwork, nodes: Nodes): Promise<Judgement> {
  const [works, unharmed] = await Promise.all([
    askAll(broken.works(nodes), usualPatience),
    askAll(broken.unharmed(nodes), usualPatience),
  ])
  return { works, unharmed, repaired: [...works, ...unharmed].every(({ holds }) => holds) }
}

/**
 * What is noticed of the fault.
 * @throws NetdojoError when the network does not fail as it should: then nobody is to be judged by it.
 */
export async function symptom(broken: BrokenNetwork, nodes: Nodes): Promise<Answer> {
  const [works, unharmed] = await Promise.all([
    askAll(broken.works(nodes), 0),
    askAll(broken.unharmed(nodes), usualPatience),
  ])
  const [first] = works
  const harmed = unharmed.find(({ holds }) => !holds)
  if (first && !first.holds && !harmed) return first
  const wrong = harmed ?? first
  throw new NetdojoError({
    code: 'program-failed',
    operation: 'break',
    object: `the network '${broken.name}'`,
    reason: `${harmed ? 'more is broken than should be' : 'it works'}: '${wrong?.line}' on ${wrong?.node}: ${wrong?.observed.text}`,
    advice: ['npm run doctor tells what this machine lacks'],
  })
}

/** All at once: most of the time of a question is waiting. */
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
