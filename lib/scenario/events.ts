// Defines what happens while a scenario runs, as data: every renderer sees these events and nothing else.
import type { Message } from '../language/message.ts'
import type { Difference } from '../observe/difference/difference.ts'
import type { Topology } from '../observe/topology/topology.ts'
import type { Lesson, Scenario } from './scenario.ts'
import type { Journey } from '../observe/journey/journey.ts'

/** Raised when a field or an event changes its name or meaning. New fields and events do not raise it. */
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
  /** What was learnt, and how the same looks in a container engine. */
  readonly ending: Scenario['ending'] | null
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

/** A call of the library; the commands that it plans follow. */
export type CallStarted = At & {
  readonly type: 'call-started'
  /** The call in TypeScript, as in the scenario's file. */
  readonly source: string
}

/** A part of a call's plan: the next commands have the same purpose. */
export type PartStarted = At & {
  readonly type: 'part-started'
  readonly title: string
  /** A further command for this purpose. It has no number and cannot be left out. */
  readonly line: string | null
}

export type CommandStarted = At & {
  readonly type: 'command-started'
  /** The number of a command that does some of the work, from 1; `null` if it only shows something. */
  readonly command: number | null
  readonly node: string
  /** The command as a person would type it on this node. */
  readonly line: string
  /** Whether a person can type it instead of the scenario. Servers and calls of the library are not typed. */
  readonly typed: boolean
  /** The same work in the other dialect. The first of several commands has it. */
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
  /** What the workshop asks before the check, and explains after it. */
  readonly lesson: Lesson | null
}

export type CheckEnded = At & {
  readonly type: 'check-ended'
  readonly check: number
  readonly holds: boolean
  /** One line: what the kernel answered. */
  readonly observed: Message
  /** The whole output of the last attempt. */
  readonly output: string
  readonly attempts: number
  readonly milliseconds: number
}

/** A command's packets were followed through all nodes. */
export type JourneyFollowed = At & {
  readonly type: 'journey'
  readonly node: string
  readonly line: string
  /** Null if this machine cannot follow packets; then `error` says why. */
  readonly journey: Journey | null
  readonly error: string | null
}

/** With `--capture`: the packets that passed the interfaces of all nodes since the last of these events. */
export type PacketsSeen = At & {
  readonly type: 'packets'
  readonly packets: readonly {
    readonly node: string
    readonly interface: string
    readonly direction: 'in' | 'out'
    /** Milliseconds since the first of them. */
    readonly after: number
    /** The packet in the words of tcpdump, shortened. */
    readonly text: string
  }[]
}

/** What a step and its checks changed in the kernel: emitted at the end of each step. */
export type NetworkChanged = At &
  Difference & {
    readonly type: 'network-changed'
    readonly step: number
    /** The network after the step, from the kernel's state. */
    readonly topology: Topology
    /** The same drawn for a terminal, with `--topology` and if the step changed the network. */
    readonly picture: string | null
    /** How long it took to read and compare the state. */
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
   * Checks whose expectation fits every observation that this run made with the same command on the same node: the run itself
   * does not show that they can fail. A check before a step and the same check after it show that of each other.
   */
  readonly oneSided: readonly number[]
  /** Why the scenario could not be run to its end. */
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

/** An event before the runner adds the time. */
export type Untimed<Event extends At> = Event extends At ? Omit<Event, 'at'> : never

/** Takes each event as it happens: a renderer, or a recorder. */
export type Emit = (event: ScenarioEvent) => void
