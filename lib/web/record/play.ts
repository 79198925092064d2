// Follows the play of a scenario as its guide, and adds to the stream: states, the journey of each check, and the questions.
import { findNodes } from '../../observe/nodes.ts'
import { takeSnapshot } from '../../observe/snapshot/take.ts'
import { followed } from '../../scenario/followed.ts'
import type { Guide } from '../../scenario/guide.ts'
import { hasPackets } from '../../workshop/tools.ts'
import { questionOf, type Question } from '../../workshop/question.ts'
import type { After } from '../moments.ts'
import { readPools } from './pools.ts'
import type { MomentStream } from './stream.ts'

/**
 * The guide lets the scenario run everything.
 * @param asks whether each check is also a question to the learner.
 */
export function recordingGuide(stream: MomentStream, asks = true): Guide {
  const servers = new Set<string>()
  let question: Question | undefined
  const look = async (after: After) => stream.state(await takeSnapshot(findNodes()), after)
  return {
    beforeStep: async (step) => {
      if (step === 1) await look({ kind: 'start' })
    },
    afterStep: async () => {},
    beforeCommand: async ({ node, line }) => {
      if (/^serve \d+/.test(line)) servers.add(node)
      return true
    },
    afterCommand: async (command) => {
      if (command === null) return
      await look({ kind: 'command', command })
      stream.pools(await readPools())
    },
    toleratesFailure: async () => false,
    beforeCheck: async (asked) => {
      const { check, probe } = asked
      if (!asks) return true
      question = questionOf(asked, [...servers])
      stream.add({
        kind: 'question',
        check,
        node: probe.node.name,
        line: probe.line,
        text: question.text,
        answers: question.options.map(({ value, label: text }) => ({ value, text })),
      })
      return true
    },
    observe: async ({ check, probe }, ask) => {
      const sender = probe.during ?? probe
      if (!hasPackets(sender)) return ask()
      const { observation, journey, error } = await followed(probe, ask)
      stream.journey({ node: sender.node.name, line: sender.line, journey, error }, check)
      return observation
    },
    afterCheck: async ({ check }, { observation, holds }) => {
      const right = (holds && question?.truth(observation)) || null
      if (question) stream.add({ kind: 'answer', check, right, guess: null })
      await look({ kind: 'check', check })
      return false
    },
    beforeJourney: async () => true,
  }
}
