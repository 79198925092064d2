// Finishes a container: ends its endpoints, its namespace and its files. Each step may already be done, here or by another process.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { NetdojoError } from '../errors.ts'
import { run } from '../exec/run.ts'
import { isAlive, processesWithArgument, signalProcess } from '../exec/processes.ts'
import { unlessGone } from '../network/handles.ts'
import { inodeAt } from '../network/namespace-path.ts'
import { directoryOf, runcRoot, type Context } from './context.ts'
import { isLog } from './rotating-log.ts'
import { readProcess } from './monitor.ts'
import { forgetNamespaceRecord, removeNamespace } from './namespace.ts'
import { refreshHosts } from './names.ts'
import { changeContainer, containerOf, forgetContainer, type ContainerRecord } from './records.ts'

/** Called when its program has ended: disconnects the container, and keeps only its log and its record. */
export async function finishContainer(
  context: Context,
  record: ContainerRecord,
  exitCode: number,
): Promise<ContainerRecord> {
  const { autoRemove } = record
  if (isLeft(context, record)) await endProcesses(context, record)
  if (!autoRemove) await keepNetworks(context, record)
  await disconnectNetworks(context, record)
  const ended = { exitCode, finishedAt: new Date().toISOString() }
  if (autoRemove) {
    await removeContainer(context, { ...record, ...ended })
    return { ...record, ...ended, status: 'exited' }
  }
  removeFiles(directoryOf(context, record.id), isLog)
  const changed = await context.store.update((transaction) =>
    changeContainer(transaction, record.id, (now) =>
      // The first process to finish it has the right exit code.
      now.status === 'exited' ? {} : { status: 'exited', ...ended },
    ),
  )
  await refresh(context)
  return changed ?? { ...record, ...ended, status: 'exited' }
}

/** `start` connects it to the networks that it has left, also to those that it was connected to while it ran. */
async function keepNetworks({ store }: Context, { id }: ContainerRecord): Promise<void> {
  await store.update((transaction) => {
    const networks = containerOf(transaction, id)?.networks ?? []
    const isAttached = networks.some(({ endpoint }) => endpoint !== undefined)
    if (isAttached)
      changeContainer(transaction, id, () => ({
        networks: networks.map(({ name, aliases }) => ({ name, aliases })),
      }))
  })
}

/** Removes the record last: until then, the next call of any process finds what is left to do. */
export async function removeContainer(context: Context, record: ContainerRecord): Promise<void> {
  await context.store.update((transaction) =>
    changeContainer(transaction, record.id, () => ({ status: 'removing' })),
  )
  await disconnectNetworks(context, record)
  removeFiles(directoryOf(context, record.id))
  await context.store.update((transaction) => forgetContainer(transaction, record))
  await refresh(context)
}

/** The exit code that Docker gives a container whose start failed. */
const neverStarted = 128

/** Removes everything of a container that failed to start; one that had run before has ended again. */
export async function removeFailed(
  context: Context,
  record: ContainerRecord,
  error: unknown,
): Promise<void> {
  try {
    await endProcesses(context, record)
    if (record.startedAt === undefined) await removeContainer(context, record)
    else await finishContainer(context, { ...record, autoRemove: false }, neverStarted)
  } catch (second) {
    throw new NetdojoError({
      code: 'teardown-incomplete',
      operation: 'run',
      object: `the container ${record.name}`,
      reason: `it failed (${textOf(error)}), and removing what was left of it failed too (${textOf(second)})`,
      advice: ['netdojo reconcile tries the removal again'],
      cause: new AggregateError([error, second]),
    })
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Whether the program lives on, because its monitor or runc was killed: runc removes its state when the program has ended. */
function isLeft(context: Context, { id, process: program }: ContainerRecord): boolean {
  const first = program ?? readProcess(directoryOf(context, id))
  return isAlive(first) || existsSync(join(runcRoot, id))
}

const longestMilliseconds = 10_000

/** Kills its program and its monitor, when no other process does. */
export async function endProcesses(context: Context, record: ContainerRecord): Promise<void> {
  const directory = directoryOf(context, record.id)
  const until = performance.now() + longestMilliseconds
  const killAll = () =>
    [record.process, readProcess(directory), ...processesWithArgument(directory)].filter((token) =>
      signalProcess(token, 'SIGKILL'),
    ).length
  while (killAll() > 0 && performance.now() < until) await sleep(5)
  // Then runc's record of it is left, and on a real host its control group.
  await run('runc', ['--root', runcRoot, 'delete', '--force', record.id], {
    input: '',
    stdout: false,
    allowFailure: true,
  })
}

async function disconnectNetworks(
  { networks, store }: Context,
  record: ContainerRecord,
): Promise<void> {
  const inode = inodeAt(record.netns)
  const endpoints = (await networks.endpoints()).filter(
    ({ netns, netnsInode }) =>
      netns === record.netns || (netnsInode !== undefined && netnsInode === inode),
  )
  for (const { network, id } of endpoints)
    await unlessGone(
      () => networks.disconnect(network, id, { namespaceEnds: true }),
      'endpoint-missing',
      'network-missing',
    )
  await forgetNamespaceRecord(store, record.netns)
  await removeNamespace(record.netns)
}

function removeFiles(directory: string, isKept?: (name: string) => boolean): void {
  const names = existsSync(directory) ? readdirSync(directory) : []
  for (const name of names) if (!isKept?.(name)) removeTree(join(directory, name))
  if (isKept === undefined) removeTree(directory)
}

/** Several processes may do this at once. */
function removeTree(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5 })
}

function refresh(context: Context): Promise<void> {
  return refreshHosts(context.store, (id) => directoryOf(context, id))
}
