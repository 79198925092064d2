// Keeps what the sysctls of this host were before our networks changed them; a value of another boot or namespace is never put back.
import { readlinkSync } from 'node:fs'
import { matching, text, v } from '../address/schema.ts'
import type { ChangedSysctl } from '../driver/driver.ts'
import type { Operation, SysctlOperation } from '../kernel/operation.ts'
import type { ReadTransaction, Transaction } from '../store/store.ts'
import { stored } from '../store/stored.ts'

type Record = ChangedSysctl & { readonly boot: string; readonly namespace: string }

const prefix = 'sysctl/'

/** An operation that is undone: it has what the sysctl was before. */
export function changesHost(
  operation: Operation,
): operation is SysctlOperation & { readonly before: string } {
  return operation.kind === 'set-sysctl' && operation.before !== undefined
}

/** Belongs into the transaction before the operations are applied. */
export function rememberSysctls(transaction: Transaction, operations: readonly Operation[]): void {
  for (const { key, value, before } of operations.filter(changesHost))
    transaction.setRecord(`${prefix}${key}`, { key, value, before, ...here(transaction) })
}

export function forgetSysctls(transaction: Transaction, operations: readonly Operation[]): void {
  for (const { key } of operations.filter(changesHost)) transaction.delete(`${prefix}${key}`)
}

export function changedSysctls(transaction: ReadTransaction): readonly ChangedSysctl[] {
  const { boot, namespace } = here(transaction)
  return transaction
    .records<Record>(prefix)
    .map(([key, record]) => stored(schema, key, record))
    .filter((record) => record.boot === boot && record.namespace === namespace)
}

function here({ bootId }: ReadTransaction): Pick<Record, 'boot' | 'namespace'> {
  return { boot: bootId, namespace: readlinkSync('/proc/self/ns/net') }
}

const schema = v.object({
  key: matching(/^net\/[A-Za-z0-9_./@%+-]+$/, 'a sysctl of the network'),
  value: text,
  before: text,
  boot: text,
  namespace: text,
} satisfies { readonly [Key in keyof Record]: v.GenericSchema })
