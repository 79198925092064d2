// Defines what the views show: the story in rows, the marks of the timeline, and the network at the moment that the reader looks at.
import type { Message } from '../../language/message.ts'
import type { Change } from '../../observe/difference/difference.ts'
import type { Journey } from '../../observe/journey/journey.ts'
import type { Snapshot } from '../../observe/snapshot/snapshot.ts'
import type { Fold } from '../../observe/topology/fold.ts'
import type { Layout } from '../../observe/topology/layout.ts'
import type { Topology } from '../../observe/topology/topology.ts'

export type CommandState =
  | 'later'
  | 'next'
  | 'running'
  | 'run'
  | 'typed'
  | 'other-way'
  | 'skipped'
  | 'failed'

export type CommandRow = {
  readonly kind: 'command'
  /** Null for a command that only shows something. */
  readonly number: number | null
  readonly node: string
  readonly line: string
  /** Whether a person can type it in a terminal. */
  readonly typed: boolean
  readonly state: CommandState
  readonly exitCode: number | null
  readonly output: string
  /** The index of the moment at which it ended. */
  readonly moment: number | null
}

export type Question = {
  readonly text: string | Message
  readonly options: readonly { readonly value: string; readonly label: string | Message }[]
}

export type CheckRow = {
  readonly kind: 'check'
  readonly number: number
  readonly statement: string
  readonly node: string
  readonly line: string
  readonly state: 'later' | 'asked' | 'checking' | 'judged'
  readonly question: Question | null
  readonly guess: string | null
  /** The value of the option that came true. */
  readonly truth: string | null
  readonly holds: boolean | null
  readonly observed: Message | null
  readonly why: string | null
  readonly output: string
  readonly moment: number | null
  readonly journey: Followed | null
}

/** A call of the library, or the title of a part of it. */
export type TextRow = { readonly kind: 'call' | 'part'; readonly text: string }

export type Row = CommandRow | CheckRow | TextRow

export type Step = {
  readonly number: number
  readonly title: string
  readonly text: string
  readonly rows: readonly Row[]
}

/** A journey that can be opened in packet mode. */
export type Followed = {
  readonly title: string
  readonly node: string
  readonly line: string
  readonly journey: Journey | null
  /** Why the packets could not be followed. */
  readonly error: string | null
  /** The index of its moment. */
  readonly moment: number
}

export type Mark = {
  readonly kind:
    | 'run'
    | 'typed'
    | 'skipped'
    | 'failed'
    | 'holds'
    | 'fails'
    | 'guess'
    | 'packet'
    | 'dead'
    | 'later'
  readonly isCheck: boolean
  readonly step: number
  readonly number: number | null
  readonly label: string
  /** The index of its last moment; null for a mark to come. */
  readonly moment: number | null
  /** The index of its first moment. */
  readonly begins: number
}

/** For which width of the window a layout was made. */
export type PictureSize = 'wide' | 'middle' | 'narrow'

/** The network at the moment that the reader looks at. */
export type Shown = {
  readonly size: PictureSize
  readonly layout: Layout | null
  /** What is drawn, for the text of the picture. */
  readonly topology: Topology | null
  /** The nodes of the picture that stand for several. */
  readonly folds: readonly Fold[]
  readonly state: Snapshot | null
  /** What it is compared with: the moment before, or A of a comparison. */
  readonly before: { readonly layout: Layout | null; readonly state: Snapshot | null }
  readonly changes: readonly Change[]
  readonly traffic: readonly Change[]
  readonly changedBy: { readonly kind: 'command' | 'check'; readonly number: number } | null
  /** Whether the reader compares two moments, or else what the last one changed. */
  readonly compared: boolean
  readonly journeys: readonly Followed[]
}

/** The tables of the evidence. */
export type TableTab = 'packets' | 'changes' | 'rules' | 'routes' | 'conntrack'
