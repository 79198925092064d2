// Defines the guide of a run, which decides before each command and check whether the scenario runs it: the workshop is one.
import type { Message } from '../language/message.ts'
import type { CommandOutput, LabCommand } from './node.ts'
import type { Expectation, Observation, Probe } from './probe.ts'
import type { Lesson } from './scenario.ts'

export type AskedCheck = {
  /** Counts the checks, from 1. */
  readonly check: number
  readonly statement: string
  readonly probe: Probe
  readonly expectation: Expectation
  readonly lesson: Lesson | null
}

export type JudgedCheck = {
  readonly holds: boolean
  /** One line: what the kernel answered. */
  readonly observed: Message
  readonly observation: Observation
}

/** Each method is awaited, and may throw `Stopped` to end the scenario. */
export type Guide = {
  readonly beforeStep: (step: number) => Promise<void>
  readonly afterStep: (step: number) => Promise<void>
  /**
   * @param number the number of the command; null if it only shows something.
   * @returns whether the scenario runs it. Otherwise it is not emitted either: the guide does its work.
   */
  readonly beforeCommand: (command: LabCommand, number: number | null) => Promise<boolean>
  /** After a command that the scenario ran. */
  readonly afterCommand?: (number: number | null) => Promise<void>
  /** @returns whether the scenario goes on although this command failed. */
  readonly toleratesFailure: (command: LabCommand, ended: CommandOutput) => Promise<boolean>
  /** @returns whether the scenario asks it. */
  readonly beforeCheck: (asked: AskedCheck) => Promise<boolean>
  /** Asks, and returns the answer: a guide can follow the packets meanwhile. Without this method, the scenario asks. */
  readonly observe?: (asked: AskedCheck, ask: () => Promise<Observation>) => Promise<Observation>
  /** @returns whether the scenario asks it again, because the learner changed something. */
  readonly afterCheck: (asked: AskedCheck, judged: JudgedCheck) => Promise<boolean>
  /** @returns whether the scenario follows the packets. */
  readonly beforeJourney: (probe: Probe) => Promise<boolean>
}
