// Lists what a scenario will do, by a dry run or from the events of a run: for the page, which shows what is to come.
import type { Dialect, ScenarioEvent } from '../../scenario/events.ts'
import type { Guide } from '../../scenario/guide.ts'
import { play } from '../../scenario/play.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import type { OutlinedStep } from '../moments.ts'

type Step = Omit<OutlinedStep, 'entries'> & { readonly entries: OutlinedStep['entries'][number][] }

/** @returns the steps up to the first call of the library: the commands of such a call depend on its results. */
export async function outlineOf(
  scenario: Scenario,
  dialect: Dialect,
): Promise<readonly OutlinedStep[]> {
  const steps: Step[] = []
  const add = (entry: Step['entries'][number]) => void steps.at(-1)?.entries.push(entry)
  const guide: Guide = {
    beforeStep: async () => {},
    afterStep: async () => {},
    beforeCommand: async ({ node, line, typed }, command) => {
      add({ kind: 'command', command, node, line, typed })
      return false
    },
    toleratesFailure: async () => true,
    beforeCheck: async ({ check, statement, probe: { node, line } }) => {
      add({ kind: 'check', check, statement, node: node.name, line })
      return false
    },
    afterCheck: async () => false,
    beforeJourney: async ({ node, line }) => {
      add({ kind: 'journey', node: node.name, line })
      return false
    },
  }
  const options = { dialect, without: null, patience: 0, isDry: true, guide }
  await play(scenario, options, (event) => {
    if (event.type === 'step-started') steps.push(stepOf(event))
  })
  return steps
}

/** The same after the run, with the commands of the library. */
export function outlineOfRun(events: readonly ScenarioEvent[]): readonly OutlinedStep[] {
  const steps: Step[] = []
  const add = (entry: Step['entries'][number]) => void steps.at(-1)?.entries.push(entry)
  for (const event of events) {
    if (event.type === 'step-started') steps.push(stepOf(event))
    if (event.type === 'command-started') {
      const { command, node, line, typed } = event
      add({ kind: 'command', command, node, line, typed })
    }
    if (event.type === 'check-started') {
      const { check, statement, node, line } = event
      add({ kind: 'check', check, statement, node, line })
    }
    if (event.type === 'journey') add({ kind: 'journey', node: event.node, line: event.line })
  }
  return steps
}

function stepOf({
  step,
  title,
  text,
}: Extract<ScenarioEvent, { readonly type: 'step-started' }>): Step {
  return { step, title, text, entries: [] }
}
