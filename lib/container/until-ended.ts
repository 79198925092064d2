// Waits for a container to have ended, whoever sees to that; and sees to it when nobody does any more.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from './context.ts'
import { isAbandoned } from './abandoned.ts'
import { reconcileContainers } from './reconcile.ts'
import { containerOf, type ContainerRecord } from './records.ts'

export type ReadStatus = () => Promise<'running' | 'ended' | 'gone'>

const pauseMilliseconds = 10

export function statusReader(context: Context, id: string): ReadStatus {
  return async () => {
    const record = await readRecord(context, id)
    if (!record || record.status === 'removing') return 'gone'
    return record.status === 'exited' ? 'ended' : 'running'
  }
}

/** @returns its record in the end, or the last that was seen of it when it is gone. */
export async function untilEnded(
  context: Context,
  record: ContainerRecord,
): Promise<ContainerRecord> {
  for (let last = record; ;) {
    const [now, bootId] = await context.store.read((transaction) => [
      containerOf(transaction, record.id),
      transaction.bootId,
    ])
    if (!now || now.status === 'exited') return now ?? last
    last = now
    if (isAbandoned(now, bootId)) await reconcileContainers(context)
    else await sleep(pauseMilliseconds)
  }
}

function readRecord({ store }: Context, id: string): Promise<ContainerRecord | undefined> {
  return store.read((transaction) => containerOf(transaction, id))
}
