// Defines the one error that users see: it always names the operation, its object and the reason, and often says what to do next.

/** Stable identifiers for programs: a code is never renamed and never gets a second meaning. */
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
  | 'already-connected'
  | 'default-route-exists'
  | 'mac-taken'
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
  | 'network-differs'
  | 'endpoint-differs'
  | 'events-lost'

export type ErrorFields = {
  readonly code: ErrorCode
  /** The operation as a verb: `'start'`. */
  readonly operation: string
  /** The object of the operation: `'the sandbox'`. */
  readonly object: string
  /** Why it failed, as a fact and a rule, without a full stop: `'mtu must be between 68 and 65535, not 5'`. */
  readonly reason: string
  /** What to do next, the most promising first. */
  readonly advice?: readonly string[]
  readonly cause?: unknown
}

/** Thrown by every part of netdojo for a failure that a person can act on. */
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

  /** The error as a paragraph for a terminal: the message, then a line for each piece of advice. */
  toText(): string {
    return [`netdojo: ${this.message}.`, ...this.advice.map((line) => `  - ${line}`)].join('\n')
  }
}
