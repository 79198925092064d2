// The language of scenarios: what a file in scenarios/ says about itself, and what it plays with.
import dedent from 'dedent'
import type { Library } from './library.ts'
import type { LabNode } from './node.ts'
import type { Expectation, Probe } from './probe.ts'

export type Lab = {
  /** The machine under study: 203.0.113.2 on eth0, its default route through `outside`. */
  readonly host: LabNode
  /** The rest of the Internet: 203.0.113.1 on wan, and 198.51.100.1, 'a server on the Internet'. */
  readonly outside: LabNode
  /** The network namespace of that name, which the scenario makes with `ip netns add`. */
  readonly namespace: (name: string) => LabNode
  /** A container of the library, with its files and its names. */
  readonly container: (container: RunningContainer) => LabNode
  /** A titled group of commands and checks; `text` explains it to a beginner. @returns what `body` returns. */
  readonly step: <Result>(
    title: string,
    text: string,
    body: () => Promise<Result>,
  ) => Promise<Result>
  /** A statement that the kernel now confirms or denies. */
  readonly check: (statement: string, probe: Probe, expectation: Expectation) => Promise<void>
  /** Shows a call of the library as it is written here, and makes it. */
  readonly call: <Result>(call: () => Promise<Result>) => Promise<Result>
  /** For `openNetworks`: each operation that a call plans is then a command of the scenario. */
  readonly library: Library
  /**
   * Asks the probe once and tells the way of its packets, hop by hop. It only shows something: without it the network is
   * the same, and nothing is proved by it.
   */
  readonly journey: (probe: Probe) => Promise<void>
  /** The same work in the commands of today and in those of the older tutorials; the run's dialect decides. */
  readonly dialect: (spellings: Spellings) => Promise<void>
}

type RunningContainer = {
  readonly name: string
  readonly process?: { readonly pid: number }
}

export type Spellings = {
  readonly ip: () => Promise<unknown>
  readonly classic: () => Promise<unknown>
}

export type Scenario = {
  /** The file's name without its ending. */
  readonly name: string
  readonly title: string
  /** What it is about, for someone who has never heard of it; paragraphs are separated by an empty line. */
  readonly about: string
  /** An ASCII picture of the finished topology, at most 76 columns wide. */
  readonly topology: string
  readonly play: (lab: Lab) => Promise<void>
}

/** Declares a scenario: the default export of its file. */
export function scenario(definition: Scenario): Scenario {
  return { ...definition, topology: picture(definition.topology) }
}

/** The first line may stand further to the right than those below it. */
function picture(text: string): string {
  return dedent.withOptions({ trimWhitespace: false })(text).replace(/^\n+/, '').trimEnd()
}
