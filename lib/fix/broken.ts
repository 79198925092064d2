// What a file in scenarios/broken/ says: a network that worked, one fault in it, what is noticed of it, and how a repair is judged.
import dedent from 'dedent'
import type { LabNode } from '../scenario/node.ts'
import type { Expectation, Probe } from '../scenario/probe.ts'

export type BrokenNetwork = {
  /** The file's name without its ending. It may tell the fault: learners see it only afterwards. */
  readonly name: string
  /** What somebody who uses the network would say, in one line. It must not tell the fault. */
  readonly title: string
  readonly difficulty: 1 | 2 | 3
  /** The complaint, and what is known so far. */
  readonly story: string
  /** An ASCII picture of the network as it should be, at most 76 columns wide. */
  readonly topology: string
  /** Commands for a shell on host that build the network as it worked. */
  readonly network: string
  /** Started then: a node, and the arguments of its `serve`. */
  readonly servers: readonly (readonly [node: string, ...args: string[]])[]
  /** Commands, as those above, that put the fault in. */
  readonly fault: string
  readonly cause: Cause
  /** Others that the symptom could have. */
  readonly alternatives: readonly Cause[]
  /** From vague to exact. */
  readonly hints: readonly string[]
  /** What must hold after the repair; unrepaired, the first of them does not. */
  readonly works: (nodes: Nodes) => readonly Check[]
  /** What holds all the time, and must still hold after the repair. */
  readonly unharmed: (nodes: Nodes) => readonly Check[]
  readonly solutions: readonly Repair[]
  /** Repairs that end the symptom, and something else with it. */
  readonly destructive: readonly Repair[]
  /** Shown at the end: what happened to the packets, and why. */
  readonly explanation: string
}

export type Nodes = {
  readonly host: LabNode
  readonly outside: LabNode
  readonly namespace: (name: string) => LabNode
}

/** A statement that the kernel confirms or denies. */
export type Check = {
  readonly statement: string
  readonly probe: Probe
  readonly expectation: Expectation
}

export type Cause = {
  readonly name: string
  readonly statement: string
  /** A command for the shell on host that shows whether it is so. */
  readonly look: string
}

export type Repair = {
  readonly title: string
  /** For the shell on host. */
  readonly commands: string
}

/** Declares a broken network: the default export of its file. */
export function broken(definition: BrokenNetwork): BrokenNetwork {
  const repairs = (all: readonly Repair[]) =>
    all.map(({ title, commands }) => ({ title, commands: dedent(commands) }))
  return {
    ...definition,
    topology: picture(definition.topology),
    network: dedent(definition.network),
    fault: dedent(definition.fault),
    solutions: repairs(definition.solutions),
    destructive: repairs(definition.destructive),
  }
}

// Unlike a text, a picture keeps the margin of its first line.
function picture(text: string): string {
  return dedent.withOptions({ trimWhitespace: false })(text).replace(/^\n/, '').trimEnd()
}
