// Defines what a page of the lab shows, as a stream of moments: a live lab sends them as they happen, and a recording is the list of them.
// The order of the stream is the order of what happened. A moment only refers to moments before it.
import type { Message } from '../language/message.ts'
import type { Journey } from '../observe/journey/journey.ts'
import type { Snapshot } from '../observe/snapshot/snapshot.ts'
import type { Fold } from '../observe/topology/fold.ts'
import type { Layout } from '../observe/topology/layout.ts'
import type { Topology } from '../observe/topology/topology.ts'
import type {
  JourneyFollowed,
  NetworkChanged,
  PacketsSeen,
  ScenarioEvent,
} from '../scenario/events.ts'

/** Raised when a moment or a field changes its name or meaning. New ones do not raise it: a reader ignores what it does not know. */
export const momentsVersion = 1

/** One file of a recorded run. */
export type Recording = {
  readonly netdojo: 'recording'
  readonly version: typeof momentsVersion
  readonly moments: readonly Moment[]
}

/** `at`: milliseconds since the stream began. */
export type Moment = { readonly at: number } & (
  | Begins
  | Outlined
  | Part
  | Happened
  | StateRead
  | Drawn
  | PoolsRead
  | Followed
  | Asked
  | Answered
  | Missed
  | Typed
  | Gap
)

/** The first moment. Another one later in the stream begins the lab anew: what came before it is over. */
export type Begins = {
  readonly kind: 'begins'
  readonly version: typeof momentsVersion
  readonly subject: Subject
}

export type Subject =
  /** The texts of the lesson are in the events. */
  | { readonly kind: 'scenario'; readonly name: string }
  | ({ readonly kind: 'broken' } & BrokenTexts)
  /** A world without a lesson. */
  | { readonly kind: 'free' }

/** What the lesson will do, so that the page can show what is to come: in the order of the scenario. */
export type Outlined = { readonly kind: 'outline'; readonly steps: readonly OutlinedStep[] }

export type OutlinedStep = {
  readonly step: number
  readonly title: string
  readonly text: string
  readonly entries: readonly (
    | {
        readonly kind: 'command'
        /** Null if the command only shows something. */
        readonly command: number | null
        readonly node: string
        readonly line: string
        /** Whether a person can type it. */
        readonly typed: boolean
      }
    | ({ readonly kind: 'check'; readonly check: number } & Statement)
    | { readonly kind: 'journey'; readonly node: string; readonly line: string }
  )[]
}

/** A broken network in the words for its learner. */
export type BrokenTexts = {
  readonly name: string
  /** Its number in the list, from 1. */
  readonly number: number
  readonly title: string
  readonly difficulty: 1 | 2 | 3
  readonly story: string
  /** An ASCII picture of the network without the fault. */
  readonly topology: string
  /** What must work again; the first of them is the symptom. */
  readonly works: readonly Statement[]
  /** What works now, and must still work after the repair. */
  readonly unharmed: readonly Statement[]
  readonly hints: readonly string[]
  /** The possible causes, in the order in which they are offered. */
  readonly causes: readonly Cause[]
  /** Null in a live lab until the learner has solved it or asked for it. */
  readonly solution: Solution | null
}

/** A check: what it says, and the command whose outcome decides. */
export type Statement = { readonly statement: string; readonly node: string; readonly line: string }

export type Cause = {
  readonly name: string
  readonly statement: string
  /** The command for the host that shows whether this is the cause, and what it printed. Null until the learner has chosen it. */
  readonly look: { readonly line: string; readonly output: string } | null
}

export type Solution = {
  /** The name of the cause. */
  readonly cause: string
  readonly explanation: string
  /** The commands that broke the network. */
  readonly fault: string
  readonly repairs: readonly Repair[]
  /** Repairs that cure the symptom but break something else. */
  readonly destructive: readonly Repair[]
}

export type Repair = { readonly title: string; readonly commands: string }

/**
 * A value that stands once in the stream, in a moment `part` before its first use. `Reader` of sharing.ts returns it; equal values
 * are the same object there, so that `===` says whether something changed.
 */
export type Shared<Value> = { readonly part: number; readonly of?: Value }

/** Values, or pieces of them, that later moments share; the first has the id `id`. In them, `{ "$": 12 }` stands for the value 12. */
export type Part = {
  readonly kind: 'part'
  readonly id: number
  readonly values: readonly unknown[]
}

/** An event of the scenario: docs/events.md. Journeys and changes have moments of their own. */
export type Happened = { readonly kind: 'event'; readonly event: RunEvent }

export type RunEvent = Exclude<ScenarioEvent, JourneyFollowed | NetworkChanged | PacketsSeen>

/** The network state of all nodes after what came before: a command, a check, or a change that somebody made by hand. */
export type StateRead = {
  readonly kind: 'state'
  readonly state: Shared<Snapshot>
  readonly after: After
}

/** What a state or a journey belongs to. `start`: the state before the first command; `change`: made outside of the lesson. */
export type After =
  | { readonly kind: 'start' }
  | { readonly kind: 'command'; readonly command: number }
  | { readonly kind: 'check'; readonly check: number }
  | { readonly kind: 'change' }

/** The picture of the last state, when it is another one than before. */
export type Drawn = { readonly kind: 'layout'; readonly picture: Shared<Picture> }

export type Picture = {
  /** The network, for the text of the picture. */
  readonly topology: Topology
  /** Nodes of the layouts that stand for several of the network. */
  readonly folds: readonly Fold[]
  /** From left to right, the Internet at the right. */
  readonly wide: Layout
  /** The same with less in it, for a window of 1024; older recordings have none. */
  readonly middle?: Layout
  /** From top to bottom, the Internet above: for the width of a phone. */
  readonly narrow: Layout
}

/** The pools of addresses after a command, when they are others than before: of the program `ipam`, or of the library's networks. */
export type PoolsRead = { readonly kind: 'ipam'; readonly pools: Shared<readonly AddressPool[]> }

export type AddressPool = {
  readonly subnet: string
  readonly gateway: string | null
  readonly used: readonly { readonly address: string; readonly owner: string }[]
  /** Addresses that are never given out, or ranges of them (`172.18.0.9-172.18.0.20`); network and broadcast come first. */
  readonly reserved: readonly string[]
  /** What the next request gets; null if none is free. */
  readonly next: string | null
}

/** A command's packets were followed through all nodes. */
export type Followed = {
  readonly kind: 'journey'
  /** Counts the journeys, from 1. */
  readonly number: number
  /** The check whose packets they are; null for a journey that the lesson or the learner asked for. */
  readonly check: number | null
  readonly node: string
  readonly line: string
  /** Null if this machine cannot follow packets; then `error` says why. */
  readonly journey: Shared<Journey> | null
  readonly error: string | null
}

/** The question that stands before a check: the event `check-started` has the statement, and `check-ended` what was observed. */
export type Asked = {
  readonly kind: 'question'
  readonly check: number
  readonly node: string
  readonly line: string
  readonly text: Message
  readonly answers: readonly { readonly value: string; readonly text: Message }[]
}

/** After the check. */
export type Answered = {
  readonly kind: 'answer'
  readonly check: number
  /** The value of the right answer; null where none fits, and where the network is another one than the scenario's. */
  readonly right: string | null
  /** What the learner chose; null in a recording. */
  readonly guess: string | null
}

/** The checks that fail when a command is left out: why the line is there. */
export type Missed = {
  readonly kind: 'missed'
  readonly command: number
  readonly checks: readonly {
    readonly check: number
    readonly statement: string
    readonly observed: Message
    /** Whether it sends packets, which can be followed. Recordings before 2026-11-28 do not tell it. */
    readonly sends?: boolean
  }[]
}

/**
 * So many moments stood here: a live lab that runs for hours keeps only those that the timeline shows. With `isCut`, its oldest marks are
 * gone, too. It is in no recording.
 */
export type Gap = { readonly kind: 'forgotten'; readonly count: number; readonly isCut: boolean }

/** The learner typed a command in a terminal. */
export type Typed = {
  readonly kind: 'typed'
  readonly node: string
  readonly line: string
  /** The commands of the lesson whose work is now done. */
  readonly commands: readonly number[]
  /** Whether it is another command than the lesson's, with the same result. */
  readonly isOtherWay: boolean
}
