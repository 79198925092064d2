// Defines the language of scenarios: what a file in scenarios/ declares, and the lab that it uses.
import dedent from 'dedent'
import type { Library } from './library.ts'
import type { LabNode } from './node.ts'
import type { Expectation, Probe } from './probe.ts'

/** What a scenario works with. */
export type Lab = {
  /** The machine that the scenario configures: 203.0.113.2 on eth0, default route through `outside`. */
  readonly host: LabNode
  /** The rest of the Internet: 203.0.113.1 on wan, and 198.51.100.1 as a server on the Internet. */
  readonly outside: LabNode
  /**
   * The network namespace with this name; the scenario creates it with `ip netns add`. With `machines`, `host2` is the second one: it has
   * 203.0.113.12 on eth0, and a state directory of its own.
   */
  readonly namespace: (name: string) => LabNode
  /** A container that the library has started. */
  readonly container: (container: RunningContainer) => LabNode
  /** A titled group of commands and checks; `text` explains it to a beginner. @returns what `body` returns. */
  readonly step: <Result>(
    title: string,
    text: string,
    body: () => Promise<Result>,
  ) => Promise<Result>
  /** A statement that the kernel confirms or denies now. */
  readonly check: (
    statement: string,
    probe: Probe,
    expectation: Expectation,
    lesson?: Lesson,
  ) => Promise<void>
  /** Shows a call of the library as it is written here, and calls it. */
  readonly call: <Result>(call: () => Promise<Result>) => Promise<Result>
  /** Options for `openNetworks`: each operation that a call plans becomes a command of the scenario. */
  readonly library: Library
  /**
   * Runs the probe once and shows the way of its packets, hop by hop. It changes nothing and proves nothing.
   */
  readonly journey: (probe: Probe) => Promise<void>
  /** The same work in today's commands and in those of older tutorials; the dialect of the run decides. */
  readonly dialect: (spellings: Spellings) => Promise<void>
}

/** What the workshop asks before a check, and what it explains afterwards. */
export type Lesson = {
  /** Two sentences: why the kernel answered like this. */
  readonly why: string
  /** In place of "Will it show …?": a question about what happens. */
  readonly question?: {
    /** The question. */
    readonly text: string
    /** The answer if the output has the line, or if the command succeeds. */
    readonly shown: string
    /** The other answer. */
    readonly other: string
  }
}

/** A container of the library that runs. */
export type RunningContainer = {
  /** The name. */
  readonly name: string
  /** Its first process, while it runs. */
  readonly process?: {
    /** Its process id. */
    readonly pid: number
  }
}

/** The same work in two dialects. */
export type Spellings = {
  /** With the commands of iproute2. */
  readonly ip: () => Promise<unknown>
  /** With the commands of the older tutorials: ifconfig, route, brctl. */
  readonly classic: () => Promise<unknown>
}

/** A scenario: the default export of its file. */
export type Scenario = {
  /** The file's name without its ending. */
  readonly name: string
  /** A sentence for people. */
  readonly title: string
  /** Explains the concept to a beginner; an empty line separates paragraphs. */
  readonly about: string
  /** How many machines are on the wire; only `host` when absent. With several, the wire is a switch, the node `switch`. */
  readonly machines?: number
  /** Programs that the set-up does not install, each with the name of its Debian package. Runs of all scenarios leave this one out without them. */
  readonly programs?: Readonly<Record<string, string>>
  /** An ASCII picture of the finished topology, at most 76 columns wide. */
  readonly topology: string
  /**
   * Commands for the host that print what the scenario keeps outside of the kernel's network state, for example in files, by a name
   * that learners read. Their output must be the same in each run: it belongs to the goals of the workshop.
   */
  readonly state?: Readonly<Record<string, string>>
  /** The steps and checks. */
  readonly play: (lab: Lab) => Promise<void>
  /** What the workshop says at the end. */
  readonly ending?: {
    /** What was learnt, in three sentences. */
    readonly learnt: readonly string[]
    /** How the same looks in a container engine, one command and its meaning in each line. */
    readonly engine: readonly string[]
  }
}

/** Declares a scenario: the default export of its file. */
export function scenario(definition: Scenario): Scenario {
  return { ...definition, topology: picture(definition.topology) }
}

/** Unlike dedent alone, keeps the indentation of the first line. */
function picture(text: string): string {
  return dedent.withOptions({ trimWhitespace: false })(text).replace(/^\n+/, '').trimEnd()
}
