// What the store keeps of containers: plain JSON whose fields are also what users see, so none is renamed.
import type { ProcessToken } from '../exec/processes.ts'
import type { PublishedPort } from '../network/records.ts'
import { containerAt } from './record-shape.ts'
import type { ReadTransaction, Transaction } from '../store/store.ts'

export type ContainerRecord = {
  /** 16 hexadecimal digits, never used twice. */
  readonly id: string
  readonly name: string
  readonly hostname: string
  /** The root file system as it was asked for: a directory, an image archive, or `/`, the machine's own. */
  readonly root: string
  readonly command: readonly string[]
  /** Path of its network namespace, which begins before its program and ends after it. */
  readonly netns: string
  readonly networks: readonly ContainerNetwork[]
  readonly ports: readonly PublishedPort[]
  readonly labels: Readonly<Record<string, string>>
  /** Whether nothing of it is to be kept when it has ended. */
  readonly autoRemove: boolean
  readonly terminal: boolean
  readonly status: 'creating' | 'running' | 'exited' | 'removing'
  readonly exitCode?: number
  /** ISO 8601, UTC. */
  readonly createdAt: string
  readonly startedAt?: string
  readonly finishedAt?: string
  /** Its first program, as the host sees it. */
  readonly process?: ProcessToken
  /**
   * Who sees to it that what was begun is ended: in which boot, and which processes. When none of them is left, the
   * next one who comes does it.
   */
  readonly keeper: {
    readonly boot: string
    readonly starter: ProcessToken
    readonly monitor?: ProcessToken
  }
}

export type ContainerNetwork = {
  readonly name: string
  /** Names that it has there besides its own. */
  readonly aliases: readonly string[]
  /** The endpoint's id and what it was given, once it is connected. */
  readonly endpoint?: string
  readonly interface?: string
  readonly addresses?: readonly string[]
}

const prefix = 'container/'
const namePrefix = 'container-name/'
export const containerKey = (id: string) => `${prefix}${id}`
export const containerNameKey = (name: string) => `${namePrefix}${name}`

export function allContainers(transaction: ReadTransaction): readonly ContainerRecord[] {
  return transaction
    .records<ContainerRecord>(prefix)
    .map(([key, record]) => containerAt(key, record))
}

export function containerOf(transaction: ReadTransaction, id: string): ContainerRecord | undefined {
  const key = containerKey(id)
  const record = transaction.record<ContainerRecord>(key)
  return record && containerAt(key, record)
}

/** Changes a record that is there; one that was removed meanwhile stays removed. */
export function changeContainer(
  transaction: Transaction,
  id: string,
  change: (record: ContainerRecord) => Partial<ContainerRecord>,
): ContainerRecord | undefined {
  const record = containerOf(transaction, id)
  if (!record) return undefined
  const changed = { ...record, ...change(record) }
  transaction.setRecord(containerKey(id), changed)
  return changed
}

export function forgetContainer(transaction: Transaction, { id, name }: ContainerRecord): void {
  transaction.delete(containerKey(id))
  if (transaction.record<string>(containerNameKey(name)) === id)
    transaction.delete(containerNameKey(name))
}
