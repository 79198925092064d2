// What the program outside of a sandbox asks of the program inside it, as one argument of JSON.
import { resolve } from 'node:path'
import { chooseLanguage } from '../../language/choose.ts'
import type { Language } from '../../language/translate.ts'
import type { Inside, LocalBackend } from '../../sandbox/backend.ts'
import type { Dialect } from '../../scenario/events.ts'
import { usualPatience } from '../../scenario/play.ts'
import type { Script } from '../../workshop/ask/scripted.ts'
import { wantsColor } from '../shared/terminal.ts'
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
  /** Shows every packet. */
  readonly capture: boolean
  /** Writes every packet to this file. */
  readonly pcap: string | null
  /** Whether somebody reads what each step changes, and looks at pictures of it. */
  readonly difference: boolean
  readonly topology: boolean
  readonly columns: number
  /** Of all that a person reads; JSON is English. */
  readonly language: Language
}

/** The options of `npm run scenario` that say how one scenario is played. */
export type PlayOptions = {
  readonly dialect: Dialect
  readonly without?: number
  readonly step?: true
  readonly keep?: true
  readonly verbose?: true
  readonly capture?: true
  readonly pcap?: string
  readonly json?: true
  readonly diff?: true
  readonly topology?: true
  readonly color: boolean
}

export function toPlayRequest(
  scenario: string,
  options: PlayOptions,
  { language, backend }: { readonly language: Language; readonly backend: LocalBackend },
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
    color: hasColor(options),
    verbose,
    keep,
    step,
    capture,
    // The program inside may have another working directory.
    pcap: options.pcap === undefined ? null : resolve(options.pcap),
    // The event stream always has it.
    difference: diff || json,
    topology,
    columns: process.stdout.columns || 80,
    language,
  }
}

/** The request of `npm run scenario NAME`, without options: scenario.sh starts the program inside directly. */
export function playAlone(scenario: string): PlayRequest {
  refuseOptionsOfNpm('scenario', [scenario])
  const language = chooseLanguage()
  return toPlayRequest(
    scenario,
    { dialect: 'ip', color: true },
    { language, backend: 'namespaces' },
  )
}

export function hasColor({ color, json }: Pick<PlayOptions, 'color' | 'json'>): boolean {
  return json !== true && wantsColor(color)
}

type ShellRequest = { readonly kind: 'shell'; readonly args: readonly string[] }

export type WorkshopRequest = {
  readonly kind: 'workshop'
  readonly scenario: string
  /** The first step that is gone through. */
  readonly from: number
  readonly byHand: boolean
  readonly dialect: Dialect
  readonly plain: boolean
  readonly color: boolean
  readonly language: Language
  readonly script: (Script & { readonly at: number }) | null
}

/** Plays a scenario ahead, without its checks, and tells its commands and states: see lib/workshop/outline.ts. */
export type OutlineRequest = {
  readonly kind: 'outline'
  readonly scenario: string
  readonly from: number
  readonly dialect: Dialect
}

export type FixRequest = {
  readonly kind: 'fix'
  /** Of the broken network. */
  readonly name: string
  readonly seed: number
  /** Answers, one a line; null for a person at the terminal. */
  readonly script: readonly string[] | null
  /** The file in which the user's results are kept. */
  readonly results: string
  readonly language: Language
  readonly color: boolean
  readonly plain: boolean
  readonly columns: number
}

export type Request = PlayRequest | ShellRequest | WorkshopRequest | OutlineRequest | FixRequest

/** The program that answers a request inside a sandbox. */
export function insideCommand(request: Request): Inside {
  return ['lib/cli/start.js', 'inside', JSON.stringify(request)]
}

/** Milliseconds. `here` is for virtual machines, which may be emulated; where that is known, NETDOJO_PATIENCE says so. */
export function patienceIn(place: LocalBackend): number {
  const times = Number(process.env.NETDOJO_PATIENCE) || (place === 'here' ? 5 : 1)
  return times * usualPatience
}
