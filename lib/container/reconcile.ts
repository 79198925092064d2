// Finishes containers whose owner has died, and waits for containers to end: a half-made container is removed, a running one has exited.
import { setTimeout as sleep } from 'node:timers/promises'
import { directoryOf, type Context } from './context.ts'
import { endProcesses, finishContainer, removeContainer } from './finish.ts'
import { readExitCode } from './monitor.ts'
import { allContainers, containerOf, isAbandoned, type ContainerRecord } from './records.ts'

/** A container whose owner had died, and what became of it. */
export type RecoveredContainer = {
  /** The name of the container. */
  readonly container: string
  /** What became of it. */
  readonly outcome: 'never happened' | 'exited' | 'removed'
}

/** What `Containers.reconcile` did. */
export type ContainerReconciliation = {
  /** Containers whose owner had died, by their names, and what became of each. */
  readonly recovered: readonly RecoveredContainer[]
}

/** The exit code of a program that was killed because its monitor was gone: 128 + SIGKILL. */
const killed = 137

/** Costs one read of the store, and one of /proc for each running container. */
export async function reconcileContainers(context: Context): Promise<ContainerReconciliation> {
  const abandoned = await context.store.read((transaction) =>
    allContainers(transaction).filter((record) => isAbandoned(record, transaction.bootId)),
  )
  const recovered: RecoveredContainer[] = []
  for (const record of abandoned)
    recovered.push({ container: record.name, outcome: await recover(context, record) })
  return { recovered }
}

async function recover(
  context: Context,
  record: ContainerRecord,
): Promise<RecoveredContainer['outcome']> {
  const exitCode = readExitCode(directoryOf(context, record.id))
  await endProcesses(context, record)
  // A container that was being started again has a first start.
  if (record.status === 'running' || (record.status === 'creating' && record.startedAt)) {
    await finishContainer(context, record, exitCode ?? killed)
    return record.autoRemove ? 'removed' : 'exited'
  }
  await removeContainer(context, record)
  return record.status === 'creating' ? 'never happened' : 'removed'
}

export type ReadStatus = () => Promise<'running' | 'ended' | 'gone'>

const pauseMilliseconds = 10

export function statusReader(context: Context, id: string): ReadStatus {
  return async () => {
    const record = await readRecord(context, id)
    if (!record || record.status === 'removing') return 'gone'
    return record.status === 'exited' ? 'ended' : 'running'
  }
}

/** Waits until a container has ended. Returns its record, or the last one seen when it was removed. */
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
