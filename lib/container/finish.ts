// Ends what a container has: its endpoints, its namespace, its files. Each step may be done already, by us or by others.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { NetdojoError } from '../errors.ts'
import { runWithInput } from '../exec/run-with-input.ts'
import { processesWithArgument, signalProcess } from '../exec/processes.ts'
import { directoryOf, runcRoot, type Context } from './context.ts'
import { readProcess } from './monitor.ts'
import { removeNamespace } from './namespace.ts'
import { refreshHosts } from './names.ts'
import { changeContainer, forgetContainer, type ContainerRecord } from './records.ts'

/** The container's program has ended: it is off its networks, and nothing but its log and its record is kept. */
export async function finishContainer(
  context: Context,
  record: ContainerRecord,
  exitCode: number,
): Promise<ContainerRecord> {
  const { autoRemove } = record
  await disconnectNetworks(context, record)
  const ended = { exitCode, finishedAt: new Date().toISOString() }
  if (autoRemove) {
    await removeContainer(context, { ...record, ...ended })
    return { ...record, ...ended, status: 'exited' }
  }
  removeFiles(directoryOf(context, record.id), 'log')
  const changed = await context.store.update((transaction) =>
    changeContainer(transaction, record.id, (now) =>
      // Whoever came first knows best.
      now.status === 'exited' ? {} : { status: 'exited', ...ended },
    ),
  )
  await refresh(context)
  return changed ?? { ...record, ...ended, status: 'exited' }
}

/** The record goes last: until then, the next one who comes finds what is left to do. */
export async function removeContainer(context: Context, record: ContainerRecord): Promise<void> {
  await context.store.update((transaction) =>
    changeContainer(transaction, record.id, () => ({ status: 'removing' })),
  )
  await disconnectNetworks(context, record)
  removeFiles(directoryOf(context, record.id))
  await context.store.update((transaction) => forgetContainer(transaction, record))
  await refresh(context)
}

/** After a failure on the way to a running container: as if it had never been asked for. */
export async function takeBack(
  context: Context,
  record: ContainerRecord,
  error: unknown,
): Promise<void> {
  try {
    await endProcesses(context, record)
    await removeContainer(context, record)
  } catch (second) {
    throw new NetdojoError({
      code: 'teardown-incomplete',
      operation: 'run',
      object: `the container ${record.name}`,
      reason: `it failed, and taking back what had been done failed too (${second instanceof Error ? second.message : String(second)})`,
      advice: ['reconcile tries again'],
      cause: new AggregateError([error, second]),
    })
  }
}

const longestMilliseconds = 10_000

/** Its program, and whoever stands beside it, when nobody else sees to their end. */
export async function endProcesses(context: Context, record: ContainerRecord): Promise<void> {
  const directory = directoryOf(context, record.id)
  const until = performance.now() + longestMilliseconds
  const killAll = () =>
    [record.process, readProcess(directory), ...processesWithArgument(directory)].filter((token) =>
      signalProcess(token, 'SIGKILL'),
    ).length
  while (killAll() > 0 && performance.now() < until) await sleep(5)
  // What is left is runc's record of it, and on a real host its control group.
  await runWithInput('runc', ['--root', runcRoot, 'delete', '--force', record.id], {
    input: '',
    stdout: false,
  })
}

async function disconnectNetworks({ networks }: Context, record: ContainerRecord): Promise<void> {
  const endpoints = (await networks.endpoints()).filter(({ netns }) => netns === record.netns)
  for (const endpoint of endpoints) await endpoint[Symbol.asyncDispose]()
  await removeNamespace(record.netns)
}

function removeFiles(directory: string, except?: string): void {
  const names = existsSync(directory) ? readdirSync(directory) : []
  for (const name of names) if (name !== except) removeTree(join(directory, name))
  if (except === undefined) removeTree(directory)
}

/** Several may be at it. */
function removeTree(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5 })
}

function refresh(context: Context): Promise<void> {
  return refreshHosts(context.store, (id) => directoryOf(context, id))
}
