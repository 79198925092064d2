// Brings containers whose keeper died to an end: what was being made never happened, what ran has ended, what was being removed is gone.
import { isAbandoned } from './abandoned.ts'
import { directoryOf, type Context } from './context.ts'
import { endProcesses, finishContainer, removeContainer } from './finish.ts'
import { readExitCode } from './monitor.ts'
import { allContainers, type ContainerRecord } from './records.ts'

type Recovered = {
  readonly container: string
  readonly outcome: 'never happened' | 'exited' | 'removed'
}

export type ContainerReconciliation = {
  /** Containers that nobody kept any more, by their names, and what became of each. */
  readonly recovered: readonly Recovered[]
}

/** Of a program that was ended because its monitor was gone; as a shell tells of SIGKILL. */
const killed = 137

/** Costs one look at the store, and one at /proc for each container that runs. */
export async function reconcileContainers(context: Context): Promise<ContainerReconciliation> {
  const abandoned = await context.store.read((transaction) =>
    allContainers(transaction).filter((record) => isAbandoned(record, transaction.bootId)),
  )
  const recovered: Recovered[] = []
  for (const record of abandoned)
    recovered.push({ container: record.name, outcome: await recover(context, record) })
  return { recovered }
}

async function recover(context: Context, record: ContainerRecord): Promise<Recovered['outcome']> {
  const exitCode = readExitCode(directoryOf(context, record.id))
  await endProcesses(context, record)
  if (record.status === 'running') {
    await finishContainer(context, record, exitCode ?? killed)
    return record.autoRemove ? 'removed' : 'exited'
  }
  await removeContainer(context, record)
  return record.status === 'creating' ? 'never happened' : 'removed'
}
