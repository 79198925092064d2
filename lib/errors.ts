// The one error that users meet: it always says what was tried, on what, why it failed, and what to try next.

/** Stable identifiers: programs may match on them, so a code is never renamed or given a second meaning. */
export type ErrorCode =
  | 'usage'
  | 'program-missing'
  | 'program-failed'
  | 'sandbox-refused'
  | 'sandbox-failed'
  | 'kernel-feature-missing'
  | 'node-missing'
  | 'not-permitted'
  | 'kernel-refused'
  | 'teardown-incomplete'
  | 'netns-missing'
  | 'interface-exists'
  | 'port-in-use'
  | 'firewall-taken'
  | 'driver-exists'
  | 'driver-missing'
  | 'network-full'
  | 'address-malformed'
  | 'address-out-of-range'
  | 'range-malformed'
  | 'subnet-malformed'
  | 'subnet-host-bits'
  | 'mac-malformed'
  | 'port-malformed'
  | 'name-malformed'
  | 'state-busy'
  | 'state-corrupt'
  | 'state-newer'
  | 'state-unavailable'
  | 'state-unsafe'
  | 'owner-malformed'
  | 'subnet-overlap'
  | 'subnet-too-small'
  | 'subnet-unusable'
  | 'subnets-exhausted'
  | 'pool-missing'
  | 'pool-in-use'
  | 'pool-exhausted'
  | 'address-reserved'
  | 'address-taken'
  | 'address-not-owned'
  | 'name-taken'
  | 'network-missing'
  | 'network-in-use'
  | 'endpoint-missing'
  | 'netns-is-host'
  | 'port-unusable'
  | 'ports-exhausted'
  | 'listener-in-the-way'
  | 'option-unknown'
  | 'container-missing'
  | 'container-running'
  | 'container-stopped'
  | 'container-failed'
  | 'command-missing'
  | 'command-unusable'
  | 'image-unusable'
  | 'root-unusable'
  | 'volume-missing'
  | 'aborted'
  | 'closed'

export type ErrorFields = {
  readonly code: ErrorCode
  /** What was being done, as a verb: `'start'`. */
  readonly operation: string
  /** What it was done to: `'the sandbox'`. */
  readonly object: string
  /** Why it failed, as a sentence without its full stop. */
  readonly reason: string
  /** What to try next, the most promising first. */
  readonly advice?: readonly string[]
  readonly cause?: unknown
}

/** Thrown by every part of netdojo for anything that a person can do something about. */
export class NetdojoError extends Error {
  override readonly name = 'NetdojoError'
  readonly code: ErrorCode
  readonly operation: string
  readonly object: string
  readonly reason: string
  readonly advice: readonly string[]

  constructor(fields: ErrorFields) {
    super(`cannot ${fields.operation} ${fields.object}: ${fields.reason}`, { cause: fields.cause })
    this.code = fields.code
    this.operation = fields.operation
    this.object = fields.object
    this.reason = fields.reason
    this.advice = fields.advice ?? []
  }

  /** The error as a paragraph for a terminal: the message, then one line for each way out. */
  toText(): string {
    return [`netdojo: ${this.message}.`, ...this.advice.map((line) => `  - ${line}`)].join('\n')
  }
}
