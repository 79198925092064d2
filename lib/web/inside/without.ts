// Plays a scenario without one of its commands, in a second sandbox: which checks fail then, and the way of one check's packets there.
// The page and the recordings of the site both ask this way.
import { enterQuietly } from '../../sandbox/enter.ts'
import type { Inside } from '../../sandbox/backend.ts'
import { findNodes } from '../../observe/nodes.ts'
import { takeSnapshot } from '../../observe/snapshot/take.ts'
import { NetdojoError } from '../../errors.ts'
import type { Journey } from '../../observe/journey/journey.ts'
import type { Snapshot } from '../../observe/snapshot/snapshot.ts'
import type { Dialect } from '../../scenario/events.ts'
import { followed } from '../../scenario/followed.ts'
import type { Guide } from '../../scenario/guide.ts'
import { play, usualPatience } from '../../scenario/play.ts'
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
  /** For how many milliseconds a check that fails is repeated. */
  readonly patience: number
  /** Ends at the first check that fails. */
  readonly stopAtFailure: boolean
}

export type Without = {
  readonly missed: Missed
  readonly followed: { readonly journey: Journey; readonly state: Snapshot } | null
  readonly error: string | null
}

/** Many checks fail then, and a check that fails waits for all of its patience. */
export const leastPatience = usualPatience / 10

/** @param inside the program that answers a `WithoutRequest`. @throws NetdojoError if it gives no answer */
export async function askWithout(inside: Inside, command: number): Promise<Without> {
  let answer: Without | undefined
  await enterQuietly(inside, (line) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by playWithout's caller
    answer = JSON.parse(line) as Without
  })
  if (answer) return answer
  throw new NetdojoError({
    code: 'program-failed',
    operation: 'play',
    object: `the lesson without command ${command}`,
    reason: 'the second sandbox ended without an answer',
  })
}

export async function playWithout(
  scenario: Scenario,
  { dialect, command, check: wanted, patience, stopAtFailure }: WithoutRequest,
): Promise<Without> {
  let found: Pick<Without, 'followed' | 'error'> = { followed: null, error: null }
  const checks: Missed['checks'][number][] = []
  const asked = new Map<number, { readonly statement: string; readonly sends: boolean }>()
  let isLeftOut = false
  const guide: Guide = {
    beforeStep: async () => {},
    afterStep: async () => {},
    beforeCommand: async () => true,
    toleratesFailure: async () => true,
    beforeCheck: async ({ check, statement, probe }) => {
      const sender = probe.during ?? probe
      // Without its command, the node itself may not exist.
      const isThere = findNodes().some(({ name }) => name === sender.node.name)
      asked.set(check, { statement, sends: isThere && hasPackets(sender) })
      return true
    },
    observe: async ({ check, probe }, ask) => {
      if (check !== wanted || !hasPackets(probe.during ?? probe)) return ask()
      const { observation, journey, error } = await followed(probe, ask)
      found = { followed: journey && { journey, state: await takeSnapshot() }, error }
      return observation
    },
    afterCheck: async () => false,
    beforeJourney: async () => false,
  }
  const options = { dialect, without: command, patience, stopAtFailure, guide }
  await play(scenario, options, (event) => {
    if (event.type === 'command-started') isLeftOut ||= event.skipped
    // A check that fails before the command has another reason.
    if (event.type !== 'check-ended' || event.holds || !isLeftOut) return
    const { check, observed } = event
    const { statement, sends } = asked.get(check) ?? { statement: '', sends: false }
    checks.push({ check, statement, observed, sends })
  })
  return { missed: { kind: 'missed', command, checks }, ...found }
}
