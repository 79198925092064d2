// Plays a scenario without one of its commands, in a second sandbox: which checks fail then, and the way of one check's packets there.
import { takeSnapshot } from '../../observe/snapshot/take.ts'
import type { Journey } from '../../observe/journey/journey.ts'
import type { Snapshot } from '../../observe/snapshot/snapshot.ts'
import type { Dialect } from '../../scenario/events.ts'
import { followed } from '../../scenario/followed.ts'
import type { Guide } from '../../scenario/guide.ts'
import { play } from '../../scenario/play.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { hasPackets } from '../../workshop/tools.ts'
import type { Missed } from '../moments.ts'

export type WithoutRequest = {
  readonly kind: 'web-without'
  readonly scenario: string
  readonly dialect: Dialect
  readonly command: number
  /** The check whose packets are followed; null for none. */
  readonly check: number | null
}

export type Without = {
  readonly missed: Missed
  readonly followed: { readonly journey: Journey; readonly state: Snapshot } | null
  readonly error: string | null
}

/** In milliseconds: what a check waits for the answer that it does not get. */
const patience = 300

export async function playWithout(
  scenario: Scenario,
  { dialect, command, check: wanted }: WithoutRequest,
): Promise<Without> {
  let found: Pick<Without, 'followed' | 'error'> = { followed: null, error: null }
  const checks: Missed['checks'][number][] = []
  const statements = new Map<number, string>()
  const guide: Guide = {
    beforeStep: async () => {},
    afterStep: async () => {},
    beforeCommand: async () => true,
    toleratesFailure: async () => true,
    beforeCheck: async () => true,
    observe: async ({ check, probe }, ask) => {
      if (check !== wanted || !hasPackets(probe.during ?? probe)) return ask()
      const { observation, journey, error } = await followed(probe, ask)
      found = { followed: journey && { journey, state: await takeSnapshot() }, error }
      return observation
    },
    afterCheck: async () => false,
    beforeJourney: async () => false,
  }
  await play(scenario, { dialect, without: command, patience, guide }, (event) => {
    if (event.type === 'check-started') statements.set(event.check, event.statement)
    if (event.type !== 'check-ended' || event.holds) return
    const { check, observed } = event
    checks.push({ check, statement: statements.get(check) ?? '', observed })
  })
  return { missed: { kind: 'missed', command, checks }, ...found }
}
