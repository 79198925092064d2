// What the program outside of a sandbox asks of the program inside it, as one argument of JSON.
import type { Inside } from '../sandbox/place.ts'
import type { Dialect } from '../scenario/events.ts'

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
}

type ShellRequest = { readonly kind: 'shell'; readonly args: readonly string[] }

export type Request = PlayRequest | ShellRequest

/** The program that answers a request inside a sandbox. */
export function insideCommand(request: Request): Inside {
  return ['lib/cli/start.js', 'inside', JSON.stringify(request)]
}
