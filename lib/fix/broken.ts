// Defines a broken network: a network that works, one fault in it, the symptom, and the checks of a repair.
import dedent from 'dedent'
import type { LabNode } from '../scenario/node.ts'
import type { Expectation, Probe } from '../scenario/probe.ts'

export type BrokenNetwork = {
  /** The file's name without its ending. It may name the fault, because learners do not see it before the end. */
  readonly name: string
  /** The symptom in the words of a user, in one line. It must not name the fault. */
  readonly title: string
  readonly difficulty: 1 | 2 | 3
  /** The complaint of the users, and what is known so far. */
  readonly story: string
  /** An ASCII picture of the network without the fault, at most 76 columns wide. */
  readonly topology: string
  /** How many machines are on the wire; only `host` when absent. */
  readonly machines?: number
  /** Commands for a shell on host that build the network without the fault. */
  readonly network: string
  /** The web servers that are started next: a node, and the arguments of its `serve`. */
  readonly servers: readonly (readonly [node: string, ...args: string[]])[]
  /** Commands for a shell on host that add the fault. */
  readonly fault: string
  readonly cause: Cause
  /** Other causes that the symptom could have. */
  readonly alternatives: readonly Cause[]
  /** The first is vague, the last is exact. */
  readonly hints: readonly string[]
  /** These must hold after the repair. Before it, the first of them fails. */
  readonly works: (nodes: Nodes) => readonly Check[]
  /** These hold before the repair, and must still hold after it. */
  readonly unharmed: (nodes: Nodes) => readonly Check[]
  readonly solutions: readonly Repair[]
  /** Repairs that cure the symptom, which is the first of `works`, but break something else or leave the fault. */
  readonly destructive: readonly Repair[]
  /** What happened to the packets, and why; it is shown at the end. */
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
  /** A command for the shell on host that shows whether this is the cause. */
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

// A picture keeps the margin of its first line; dedent trims that of a text.
function picture(text: string): string {
  return dedent.withOptions({ trimWhitespace: false })(text).replace(/^\n/, '').trimEnd()
}
