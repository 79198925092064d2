// The first look at a scenario, by a run in which nothing is done: its commands in groups; and of the steps before the one that is
// begun with, what can be done at once.
import type { Dialect } from '../scenario/events.ts'
import type { Guide } from '../scenario/guide.ts'
import { play } from '../scenario/play.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { recordOutline, type OutlineLine } from './outline.ts'
import { Rebuild, type Begun } from './rebuild.ts'

export type Ahead = { readonly listed: readonly OutlineLine<null>[]; readonly begun: Begun }

/** @param from the first step that is not rebuilt. */
export async function lookAhead(
  scenario: Scenario,
  from: number,
  dialect: Dialect,
): Promise<Ahead> {
  const listed: OutlineLine<null>[] = []
  const { guide, reader } = recordOutline<null>(
    1,
    async () => null,
    (line) => listed.push(line),
  )
  const rebuild = new Rebuild()
  const done = { commands: 0, checks: 0 }
  // Up to what the scenario must run itself.
  let isOver = false
  const both: Guide = {
    ...guide,
    beforeStep: (step) => {
      isOver ||= step >= from
      return guide.beforeStep(step)
    },
    beforeCommand: async (told, number) => {
      isOver ||= number !== null && !told.typed
      if (!isOver && number !== null) {
        await rebuild.add(told, number)
        done.commands = number
      }
      return guide.beforeCommand(told, number)
    },
    beforeCheck: (asked) => {
      if (!isOver) {
        rebuild.ask(asked)
        done.checks = asked.check
      }
      return guide.beforeCheck(asked)
    },
  }
  await play(scenario, { dialect, without: null, patience: 0, isDry: true, guide: both }, reader)
  const ended = rebuild.untilNow()
  // Whoever waits for it is told.
  ended.catch(() => {})
  return { listed, begun: { ...done, ended } }
}
