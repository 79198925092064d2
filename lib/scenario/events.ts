// Defines what happens while a scenario runs, as data: every renderer sees these events and nothing else.
import type { Message } from '../language/message.ts'
import type { Difference } from '../observe/difference/difference.ts'
import type { Topology } from '../observe/topology/topology.ts'
import type { Journey } from '../observe/journey/journey.ts'

/** Raised when a field or event changes its meaning; new ones may appear without it. */
export const eventVersion = 2

/** Milliseconds since the scenario started. */
type At = { readonly at: number }

export type ScenarioStarted = At & {
  readonly type: 'scenario-started'
  readonly version: typeof eventVersion
  readonly name: string
  readonly title: string
  readonly about: string
  /** ASCII, at most 76 columns wide. */
  readonly topology: string
  readonly dialect: Dialect
  /** The number of the command that this run leaves out, if any. */
  readonly without: number | null
}

export type StepStarted = At & {
  readonly type: 'step-started'
  readonly step: number
  readonly title: string
  readonly text: string
}

/** A call of the library; the commands that it amounts to follow. */
export type CallStarted = At & {
  readonly type: 'call-started'
  /** TypeScript, as it is written in the scenario. */
  readonly source: string
}

/** The commands that follow have one purpose within the plan of a call. */
export type PartStarted = At & {
  readonly type: 'part-started'
  readonly title: string
  /** What was done for it besides, as a person would type it; it is not numbered and cannot be left out. */
  readonly line: string | null
}

export type CommandStarted = At & {
  readonly type: 'command-started'
  /** Counts the commands that do the work, from 1; `null` for one that only shows something. */
  readonly command: number | null
  readonly node: string
  /** What a person would type on that node. */
  readonly line: string
  /** Whether a person can type it instead of the scenario: not so for its servers and calls of the library. */
  readonly typed: boolean
  /** The same work in the other dialect, with the first command that it covers. */
  readonly otherwise: readonly { readonly node: string; readonly line: string }[]
  readonly skipped: boolean
}

export type CommandEnded = At & {
  readonly type: 'command-ended'
  readonly command: number | null
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  readonly milliseconds: number
}

export type CheckStarted = At & {
  readonly type: 'check-started'
  readonly check: number
  readonly statement: string
  readonly node: string
  /** The command whose outcome decides. */
  readonly line: string
  readonly expected: Message
}

export type CheckEnded = At & {
  readonly type: 'check-ended'
  readonly check: number
  readonly holds: boolean
  /** One line: what the kernel answered. */
  readonly observed: Message
  /** All that the command said the last time. */
  readonly output: string
  readonly attempts: number
  readonly milliseconds: number
}

/** A command's packets were followed through all nodes. */
export type JourneyFollowed = At & {
  readonly type: 'journey'
  readonly node: string
  readonly line: string
  /** Null when this machine cannot follow packets; `error` then says why. Nothing depends on it. */
  readonly journey: Journey | null
  readonly error: string | null
}

/** With `--capture`: what passed the interfaces of all nodes since the last of these, after a command or check. */
export type PacketsSeen = At & {
  readonly type: 'packets'
  readonly packets: readonly {
    readonly node: string
    readonly interface: string
    readonly direction: 'in' | 'out'
    /** Milliseconds since the first of them. */
    readonly after: number
    /** As tcpdump words it, shortened. */
    readonly text: string
  }[]
}
/** What a step changed in the kernel, with all that its checks did: comes at the end of each step. */
export type NetworkChanged = At &
  Difference & {
    readonly type: 'network-changed'
    readonly step: number
    /** The network after the step, to draw: from the kernel's state, never from the scenario. */
    readonly topology: Topology
    /** The same for a terminal, if asked for and if the step changed it. */
    readonly picture: string | null
    /** What it took to find out. */
    readonly milliseconds: number
  }

export type ScenarioEnded = At & {
  readonly type: 'scenario-ended'
  /** `broken`: the scenario could not be run to its end, so its checks prove nothing. */
  readonly outcome: 'held' | 'failed' | 'broken'
  readonly checks: number
  readonly failed: number
  readonly commands: number
  /**
   * Checks whose expectation fits every observation that this run made by the same command on the same node:
   * nothing in the run itself shows that they can fail. A 'before' check with its 'after' is not among them.
   */
  readonly oneSided: readonly number[]
  /** Why it is broken. */
  readonly error: string | null
}

export type Dialect = 'ip' | 'classic'

export type ScenarioEvent =
  | ScenarioStarted
  | StepStarted
  | CallStarted
  | PartStarted
  | CommandStarted
  | CommandEnded
  | CheckStarted
  | CheckEnded
  | JourneyFollowed
  | PacketsSeen
  | NetworkChanged
  | ScenarioEnded

/** An event before the runner has put the time on it. */
export type Untimed<Event extends At> = Event extends At ? Omit<Event, 'at'> : never

/** Takes each event as it happens: a renderer, or a recorder. */
export type Emit = (event: ScenarioEvent) => void
