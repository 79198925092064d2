// What one way through a scenario is made of, for the parts of the guide.
import type { Outline } from './outline.ts'
import type { Begun } from './rebuild.ts'
import type { Update } from './progress.ts'
import type { Looking } from './tools.ts'

export type GuideOptions = Looking & {
  readonly scenario: string
  /** The first step that is gone through; those before are only rebuilt. */
  readonly from: number
  /** Whether every group is done by hand, without being asked. */
  readonly byHand: boolean
  /** What of the steps before is under way. */
  readonly begun: Begun
  readonly outline: Outline
  readonly emit: (update: Update) => void
}
