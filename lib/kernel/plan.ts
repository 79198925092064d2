// Divides a plan into batches: neighbouring operations that one process or one socket can apply together, in the plan's order.
import { NetdojoError } from '../errors.ts'
import type { Operation, OwnOperation } from './operation.ts'

export type Batch = {
  readonly tool: 'ip' | 'nft' | 'iptables' | 'ip6tables' | 'sysctl' | 'conntrack' | 'own'
  readonly netns: string | undefined
  readonly operations: readonly Operation[]
}

/** One operation that was refused, with the message of the kernel or of the program. */
export type Refusal = {
  readonly operation: Operation
  readonly message: string
  /** The kernel's reason. Absent when a program was asked, which prints its reason as words only. */
  readonly errno?: number
  /** Absent when the kernel itself was asked. */
  readonly program?: 'ip' | 'nft' | 'iptables' | 'conntrack'
  /** The namespace of the operation could not be entered. */
  readonly atNamespace?: true
}

/** The namespace of an operation could not be entered. */
export class NamespaceError extends Error {}

/** The refusal of the kernel, which was thrown as a system call's error or as an error caused by it. */
export function refusalBy(error: unknown, operation: Operation): Refusal {
  const errno = errnoOf(error)
  return {
    operation,
    message: error instanceof Error ? error.message : String(error),
    ...(errno === undefined ? {} : { errno }),
    ...(error instanceof NamespaceError ? { atNamespace: true } : {}),
  }
}

/** Node gives its own errors the negative number. */
function errnoOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined
  return 'errno' in error && typeof error.errno === 'number'
    ? Math.abs(error.errno)
    : errnoOf(error.cause)
}

/** How a plan is applied. */
export type ApplyOptions = {
  /** Cancels the work. */
  readonly signal?: AbortSignal
  /**
   * For undoing and finishing: a missing object is no error, the rest continues after a failure, and all failures are thrown
   * together at the end.
   */
  readonly tolerant?: boolean
}

/** Applies a batch and returns its refusals; after the first it continues only with `tolerant`. */
export type RunBatch = (batch: Batch, options: ApplyOptions) => Promise<readonly Refusal[]>

/** Applies plans to the kernel: see `batchApplier`. */
export type Applier = AsyncDisposable & {
  /**
   * Applies the operations in order.
   * @throws NetdojoError for the first operation that the kernel refuses; the operations before it are applied.
   */
  apply(plan: readonly Operation[], options?: ApplyOptions): Promise<void>
}

export function batchesOf(plan: readonly Operation[]): readonly Batch[] {
  const batches: { tool: Batch['tool']; netns: string | undefined; operations: Operation[] }[] = []
  for (const operation of plan) {
    const tool = toolOf(operation)
    const netns = 'netns' in operation ? operation.netns : undefined
    const last = batches.at(-1)
    const fits = last?.tool === tool && last.netns === netns
    const isSame = isRuleOfIpv6(last?.operations.at(-1)) === isRuleOfIpv6(operation)
    if (fits && isSame && !isSysctlAfterLink(last.operations, operation))
      last.operations.push(operation)
    else batches.push({ tool, netns, operations: [operation] })
  }
  return batches
}

/** `ip` guesses the family of an address, but not that of a rule: these are a batch of `ip -6`. */
export function isRuleOfIpv6(operation: Operation | undefined): boolean {
  return (
    operation !== undefined &&
    (operation.kind === 'add-policy-rule' || operation.kind === 'remove-policy-rule') &&
    operation.to.includes(':')
  )
}

/** The process that enters a namespace sets all its sysctls before the first line of `ip`. */
function isSysctlAfterLink(before: readonly Operation[], operation: Operation): boolean {
  return operation.kind === 'set-sysctl' && before.at(-1)?.kind !== 'set-sysctl'
}

/** The tool that applies each kind of operation. */
const tools = {
  'add-bridge': 'ip',
  'add-veth': 'ip',
  'add-vxlan': 'ip',
  'set-link': 'ip',
  'remove-link': 'ip',
  'add-address': 'ip',
  'remove-address': 'ip',
  'add-route': 'ip',
  'replace-route': 'ip',
  'remove-route': 'ip',
  'add-policy-rule': 'ip',
  'remove-policy-rule': 'ip',
  announce: 'ip',
  // `bridge` and `ip` are two programs, but one socket sends both, in the plan's order.
  'add-forwarding-entry': 'ip',
  'replace-forwarding-entry': 'ip',
  'remove-forwarding-entry': 'ip',
  'add-neighbour': 'ip',
  'replace-neighbour': 'ip',
  'remove-neighbour': 'ip',
  'set-sysctl': 'sysctl',
  'create-element': 'nft',
  'add-element': 'nft',
  'remove-element': 'nft',
  'create-table': 'nft',
  'replace-table': 'nft',
  'remove-table': 'nft',
  'add-chain': 'iptables',
  'append-rule': 'iptables',
  'insert-rule': 'iptables',
  'remove-rule': 'iptables',
  'remove-chain': 'iptables',
  'flush-connections': 'conntrack',
} as const satisfies Record<Exclude<Operation, OwnOperation>['kind'], Batch['tool']>

export const kindsOfOperations = Object.keys(tools)

export function isKindOfOperation(kind: unknown): boolean {
  return typeof kind === 'string' && Object.hasOwn(tools, kind)
}

function isOurs(operation: Operation): operation is Exclude<Operation, OwnOperation> {
  return isKindOfOperation(operation.kind)
}

function toolOf(operation: Operation): Batch['tool'] {
  if (!isOurs(operation)) return 'own'
  const tool = tools[operation.kind]
  // In a namespace, the process that enters it for `ip` sets the sysctls first.
  if (operation.kind === 'set-sysctl' && operation.netns !== undefined) return 'ip'
  return 'ipv' in operation && operation.ipv === 6 ? 'ip6tables' : tool
}

/** @throws NetdojoError `aborted` */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return
  throw new NetdojoError({
    code: 'aborted',
    operation: 'complete',
    object: 'the change',
    reason: 'its signal was aborted; what had been done was rolled back',
    cause: signal.reason,
  })
}
