// Defines the messages between the server and the program inside a sandbox, one line of JSON each: most go on to the page as they are.
import type { NodeState, Unread } from '../../kernel/state/state.ts'
import type { Journey } from '../../observe/journey/journey.ts'
import type { Snapshot } from '../../observe/snapshot/snapshot.ts'
import type { ScenarioEvent } from '../../scenario/events.ts'
import type { Score } from '../../fix/score.ts'
import type { Update } from '../../workshop/progress.ts'
import type { AddressPool, After, Followed, Missed, Subject } from '../moments.ts'
import type { Untimed } from '../record/stream.ts'
import type {
  Ask,
  Ended,
  Fix,
  Happened,
  Home,
  Lesson,
  Now,
  TakenOver,
  TerminalInput,
  ToPage,
  Visible,
  Welcome,
  WorldOpened,
} from '../protocol.ts'

/** What the program inside is started for. */
export type WebRequest = {
  readonly kind: 'web'
  readonly world: WorldRequest
}

export type WorldRequest =
  | {
      readonly kind: 'lesson'
      readonly name: string
      readonly from: number
      readonly dialect: 'ip' | 'classic'
    }
  | { readonly kind: 'fix'; readonly name: string }
  /** `script` rebuilds a saved world. */
  | { readonly kind: 'free'; readonly script: string | null }

export type ToInside = Lesson | Fix | TerminalInput | Ask | Visible

export type FromInside =
  | { readonly type: 'begins'; readonly subject: Subject; readonly hasOutside: boolean }
  | { readonly type: 'event'; readonly event: ScenarioEvent }
  /** A moment without shared values. */
  | { readonly type: 'add'; readonly moment: Untimed }
  /**
   * The states that have changed, and the names of all nodes in their order. `after` is null if only packets have changed
   * something.
   */
  | {
      readonly type: 'states'
      readonly names: readonly string[]
      readonly states: readonly NodeState[]
      readonly unread: readonly Unread[]
      readonly after: After | null
    }
  | {
      readonly type: 'journey'
      readonly journey: Journey | null
      readonly check: Followed['check']
      readonly node: string
      readonly line: string
      readonly error: string | null
    }
  | { readonly type: 'pools'; readonly pools: readonly AddressPool[] }
  | { readonly type: 'progress'; readonly update: Update }
  | { readonly type: 'score'; readonly name: string; readonly score: Score }
  | { readonly type: 'save'; readonly id: number; readonly name: string; readonly script: string }
  /** The server adds the picture of that other world, and replies. */
  | {
      readonly type: 'tried-without'
      readonly id: number
      readonly missed: Missed
      readonly followed: { readonly journey: Journey; readonly state: Snapshot } | null
      readonly error: string | null
    }
  | Exclude<ToPage, Happened | Home | Now | Welcome | WorldOpened | TakenOver | Ended>
