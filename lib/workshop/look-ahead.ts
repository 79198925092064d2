// Lists the commands of a scenario by a dry run, and starts to rebuild the steps before the first one of the learner.
import type { Dialect } from '../scenario/events.ts'
import type { Guide } from '../scenario/guide.ts'
import { play, prepare } from '../scenario/play.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { recordOutline, type OutlineLine } from './outline.ts'
import { Rebuild, type Begun } from './rebuild.ts'

export type Ahead = { readonly listed: readonly OutlineLine<null>[]; readonly begun: Begun }

/** @param from the first step for the learner. */
export async function lookAhead(
  scenario: Scenario,
  from: number,
  dialect: Dialect,
): Promise<Ahead> {
  const listed: OutlineLine<null>[] = []
  const { guide, record } = recordOutline<null>(
    1,
    async () => null,
    (line) => listed.push(line),
  )
  const rebuild = new Rebuild()
  const done = { commands: 0, checks: 0 }
  // Ends at the first command that the scenario must run itself.
  let isOver = false
  const both: Guide = {
    ...guide,
    beforeStep: (step) => {
      isOver ||= step >= from
      return guide.beforeStep(step)
    },
    beforeCommand: async (command, number) => {
      isOver ||= number !== null && !command.typed
      if (!isOver && number !== null) {
        await rebuild.add(command, number)
        done.commands = number
      }
      return guide.beforeCommand(command, number)
    },
    beforeCheck: (asked) => {
      if (!isOver) {
        rebuild.ask(asked)
        done.checks = asked.check
      }
      return guide.beforeCheck(asked)
    },
  }
  await play(scenario, { dialect, without: null, patience: 0, isDry: true, guide: both }, record)
  const ended = from > 1 ? prepare(scenario).then(() => rebuild.untilNow()) : Promise.resolve()
  // The error reaches the code that awaits `ended` later.
  ended.catch(() => {})
  return { listed, begun: { ...done, ended } }
}
