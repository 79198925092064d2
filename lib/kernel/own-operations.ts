// Keeps the kinds of operations that the drivers of a user add to ours: such an operation is journaled, applied, undone and printed like any other.
import { NetdojoError } from '../errors.ts'
import { quote } from '../address/quote.ts'
import type { Operation, OwnOperation } from './operation.ts'
import { refusalBy, type RunBatch } from './plan.ts'

/** How operations of one kind are applied, undone and printed. A journal can contain them, so a kind is never renamed. */
export type OperationKind = {
  /** The driver's name, a colon and a verb: `'macvlan:add'`. */
  readonly kind: OwnOperation['kind']
  /** Changes the kernel. Applying it to what exists already must fail; an undo must not fail when there is nothing to undo. */
  apply(data: OwnOperation['data']): Promise<void>
  /** The operations that undo it, in order; none if it ends with something that another operation removes. */
  undo(data: OwnOperation['data']): readonly Operation[]
  /** The same as a command of a root shell, for `explain`. */
  command(data: OwnOperation['data']): string
  /** The rule that the data breaks, worded to follow "must be"; undefined if it is well formed. A stored journal is read with it, too. */
  validate(data: unknown): string | undefined
}

const kinds = new Map<string, OperationKind>()

/** @throws NetdojoError `usage` for a kind without a colon. */
export function registerKinds(added: readonly OperationKind[]): void {
  for (const kind of added) {
    if (!/^[a-z][a-z0-9-]*:[a-z][a-z0-9-]*$/.test(kind.kind))
      throw new NetdojoError({
        code: 'usage',
        operation: 'register',
        object: `the kind of operation ${quote(kind.kind)}`,
        reason: 'a kind must be the name of the driver, a colon and a verb, such as macvlan:add',
      })
    kinds.set(kind.kind, kind)
  }
}

export function isOwnOperation(operation: Operation): operation is OwnOperation {
  return operation.kind.includes(':')
}

/** The rule that an operation of a user's driver breaks; undefined for a well-formed one, and for a kind of ours. */
export function brokenOwnRule(operation: Operation): string | undefined {
  return isOwnOperation(operation) ? kinds.get(operation.kind)?.validate(operation.data) : undefined
}

export function isOwnKind(kind: string): boolean {
  return kinds.has(kind)
}

/** @throws NetdojoError `driver-missing` */
export function ownKind({ kind }: OwnOperation): OperationKind {
  const found = kinds.get(kind)
  if (found) return found
  throw new NetdojoError({
    code: 'driver-missing',
    operation: 'apply',
    object: `the operation ${kind}`,
    reason: 'the driver that defines it must be registered, and it is not',
    advice: ['pass the driver to openNetworks'],
  })
}

export const runOwnOperations: RunBatch = async ({ operations }, { tolerant }) => {
  const refusals = []
  for (const operation of operations.filter(isOwnOperation)) {
    try {
      await ownKind(operation).apply(operation.data)
    } catch (error) {
      refusals.push(refusalBy(error, operation))
      if (!tolerant) break
    }
  }
  return refusals
}
