// Defines what a check can expect of an answer. A question that could not be asked satisfies no expectation.
import { message, verbatim } from '../language/message.ts'
import type { Expectation, Observation } from './probe.ts'

/** The other side answers. */
export const answers: Expectation = {
  expected: message('an answer'),
  wants: { what: 'answer' },
  judge: (observation) => verdict(observation, observation.outcome === 'answered'),
}

/** It fails for any reason: a firewall may reject a packet or drop it. */
export const noAnswer: Expectation = {
  expected: message('no answer'),
  wants: { what: 'failure', reason: '' },
  judge: (observation) => verdict(observation, observation.outcome === 'failed'),
}

/** It fails for this reason: a failure for another reason would prove something else. */
export function fails(reason: string): Expectation {
  return {
    expected: message('failure: {reason}', { reason: message(reason) }),
    wants: { what: 'failure', reason },
    judge: (observation) =>
      verdict(
        observation,
        observation.outcome === 'failed' && observation.summary.text.includes(reason),
      ),
  }
}

/** The output has a line that matches. */
export function shows(pattern: string | RegExp): Expectation {
  return {
    expected: message('a line with {pattern}', { pattern: written(pattern) }),
    wants: { what: 'line', pattern },
    judge: (observation) => {
      const line = observation.outcome === 'answered' ? matching(observation, pattern) : undefined
      return verdict(observation, line !== undefined, line)
    },
  }
}

/** There is output, and no line of it matches. */
export function showsNo(pattern: string | RegExp): Expectation {
  return {
    expected: message('no line with {pattern}', { pattern: written(pattern) }),
    wants: { what: 'no-line', pattern },
    judge: (observation) => {
      const line = matching(observation, pattern)
      return verdict(observation, observation.outcome === 'answered' && line === undefined, line)
    },
  }
}

/** @param line the line of the output that decides; without it, the summary decides. */
function verdict({ summary }: Observation, holds: boolean, line?: string) {
  return { holds, evidence: line === undefined ? summary : verbatim(line.trim()) }
}

function matching({ output }: Observation, pattern: string | RegExp): string | undefined {
  return output
    .split('\n')
    .find((line) => (typeof pattern === 'string' ? line.includes(pattern) : pattern.test(line)))
}

function written(pattern: string | RegExp): string {
  return typeof pattern === 'string' ? `'${pattern}'` : String(pattern)
}
