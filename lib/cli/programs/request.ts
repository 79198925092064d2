// Describes the request of the program outside of a sandbox to the program inside, as one argument of JSON.
import { resolve } from 'node:path'
import { chooseLanguage, type Language } from '../../language/translate.ts'
import type { Inside, LocalBackend } from '../../sandbox/backend.ts'
import type { Dialect } from '../../scenario/events.ts'
import { usualPatience } from '../../scenario/play.ts'
import type { Script } from '../../workshop/ask/scripted.ts'
import type { WebRequest } from '../../web/inside/messages.ts'
import type { WithoutRequest } from '../../web/inside/without.ts'
import type { Terminal } from '../shared/terminal.ts'
import { refuseOptionsOfNpm } from './command-line.ts'

export type PlayRequest = {
  readonly kind: 'play'
  readonly scenario: string
  readonly dialect: Dialect
  readonly without: number | null
  readonly patience: number
  readonly stopAtFailure: boolean
  readonly json: boolean
  readonly color: boolean
  readonly verbose: boolean
  readonly keep: boolean
  readonly step: boolean
  /** Whether every packet is shown. */
  readonly capture: boolean
  /** The file for every packet. */
  readonly pcap: string | null
  /** The file for the recording of the run. */
  readonly record: string | null
  /** Whether the changes of each step are shown. */
  readonly difference: boolean
  /** Whether the network is drawn. */
  readonly topology: boolean
  readonly columns: number
  /** The language of texts for people; JSON is English. */
  readonly language: Language
}

/** The options of `npm run scenario` for one scenario. */
export type PlayOptions = {
  readonly dialect: Dialect
  readonly without?: number
  readonly step?: true
  readonly keep?: true
  readonly verbose?: true
  readonly capture?: true
  readonly pcap?: string
  readonly record?: string
  readonly json?: true
  readonly diff?: true
  readonly topology?: true
  readonly color: boolean
}

export function toPlayRequest(
  scenario: string,
  options: PlayOptions,
  {
    language,
    backend,
    terminal,
  }: {
    readonly language: Language
    readonly backend: LocalBackend
    readonly terminal: Terminal
  },
): PlayRequest {
  const {
    dialect,
    without = null,
    json = false,
    verbose = false,
    keep = false,
    step = false,
    capture = false,
    diff = false,
    topology = false,
  } = options
  return {
    kind: 'play',
    scenario,
    dialect,
    without,
    patience: patienceIn(backend),
    stopAtFailure: false,
    json,
    color: hasColor(options, terminal),
    verbose,
    keep,
    step,
    capture,
    // The program inside may have another working directory.
    pcap: options.pcap === undefined ? null : resolve(options.pcap),
    record: options.record === undefined ? null : resolve(options.record),
    // JSON always contains the changes.
    difference: diff || json,
    topology,
    columns: terminal.columns,
    language,
  }
}

/** The request of `npm run scenario NAME` without options, for which scenario.sh starts the program inside directly. */
export function playAlone(scenario: string, terminal: Terminal): PlayRequest {
  refuseOptionsOfNpm('scenario', [scenario])
  const language = chooseLanguage()
  return toPlayRequest(
    scenario,
    { dialect: 'ip', color: true },
    { language, backend: 'namespaces', terminal },
  )
}

export function hasColor(
  { color, json }: Pick<PlayOptions, 'color' | 'json'>,
  terminal: Terminal,
): boolean {
  return json !== true && color && terminal.hasColor
}

type ShellRequest = {
  readonly kind: 'shell'
  readonly args: readonly string[]
  /** How many machines are on the wire. */
  readonly machines: number
}

export type WorkshopRequest = {
  readonly kind: 'workshop'
  readonly scenario: string
  /** The step at which the learner begins. */
  readonly from: number
  readonly byHand: boolean
  readonly dialect: Dialect
  readonly plain: boolean
  readonly color: boolean
  readonly columns: number
  readonly language: Language
  readonly script: (Script & { readonly at: number }) | null
}

/** Plays a scenario ahead of the learner, without its checks, and prints its commands and states: see lib/workshop/outline.ts. */
export type OutlineRequest = {
  readonly kind: 'outline'
  readonly scenario: string
  readonly from: number
  readonly dialect: Dialect
  /** Whether each command is a group of its own. */
  readonly isEach?: boolean
}

export type FixRequest = {
  readonly kind: 'fix'
  /** The name of the broken network. */
  readonly name: string
  readonly seed: number
  /** Answers, one per line; null for a person at the terminal. */
  readonly script: readonly string[] | null
  /** The file for a recording of the symptom and the repair; then nobody is asked. */
  readonly record: string | null
  /** The file that keeps the user's results. */
  readonly results: string
  readonly language: Language
  readonly color: boolean
  readonly plain: boolean
  readonly columns: number
}

export type Request =
  | PlayRequest
  | ShellRequest
  | WorkshopRequest
  | OutlineRequest
  | FixRequest
  | WebRequest
  | WithoutRequest

/** The program that answers a request inside a sandbox. */
export function insideCommand(request: Request): Inside {
  return ['lib/cli/start.js', 'inside', JSON.stringify(request)]
}

/** The milliseconds that a check waits for the expected answer. Virtual machines, where `here` runs, may be slow; NETDOJO_PATIENCE is a factor. */
export function patienceIn(backend: LocalBackend): number {
  const times = Number(process.env.NETDOJO_PATIENCE) || (backend === 'here' ? 5 : 1)
  return times * usualPatience
}
