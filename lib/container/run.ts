// Runs a container: first its name and record, then its namespace, networks and bundle, and last its program. A failure removes everything again.
import { mkdirSync } from 'node:fs'
import { quote } from '../address/quote.ts'
import { NetdojoError } from '../errors.ts'
import { processToken } from '../exec/processes.ts'
import type { Daemon } from '../exec/daemon.ts'
import { writeBundle, type ImageProcess } from './bundle.ts'
import { lookAtCgroups, prepareCgroups } from './cgroups.ts'
import { directoryOf, type Context } from './context.ts'
import { explainBundle, explainNamespace } from './explain.ts'
import { removeFailed } from './finish.ts'
import { isArchive, unpackImage, type Image } from './image.ts'
import { readProcess, startMonitor } from './monitor.ts'
import { addNamespace, writeNamespaceRecord } from './namespace.ts'
import { refreshHosts, writeFirstHosts, writeResolvConf } from './names.ts'
import { aliasLabel, changeContainer, type ContainerRecord } from './records.ts'
import { noCommand, refuseUnusable } from './refuse-unusable.ts'
import { readRun, type CheckedRun, type RunContainerOptions } from './requests.ts'
import { reserve, reserveAgain } from './reserve.ts'

/** How this process goes on beside a container that it started. */
export type RunOptions = {
  /** Default `false`. If `true`, the program uses this process's own streams and terminal, beside the log. */
  readonly attach?: boolean
  /** Default `false`. If `true`, this process may end before the container, which is finished all the same. */
  readonly leave?: boolean
}

type Running = { readonly record: ContainerRecord; readonly monitor: Daemon }

export async function runContainer(
  context: Context,
  asked: RunContainerOptions,
  options: RunOptions,
): Promise<Running> {
  const request = readRun(asked)
  refuseUnusable(request)
  const record = await reserve(context, request, asked)
  return launch(context, record, request, options)
}

/** Runs the program of an ended container again, with the same name, networks and ports. */
export async function startContainer(
  context: Context,
  ended: ContainerRecord,
  options: RunOptions,
): Promise<Running> {
  const { name, request: asked } = ended
  if (!asked) throw notStartable(name)
  const request = readRun({ ...asked, name })
  refuseUnusable(request)
  const networks = ended.networks.map(
    ({ name, aliases }) =>
      request.networks.find((network) => network.name === name) ?? { name, aliases: [...aliases] },
  )
  return launch(context, await reserveAgain(context, ended), { ...request, networks }, options)
}

async function launch(
  context: Context,
  record: ContainerRecord,
  request: CheckedRun,
  { attach = false, leave = false }: RunOptions,
): Promise<Running> {
  try {
    const directory = directoryOf(context, record.id)
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    explainNamespace(context, record)
    await addNamespace(record.netns)
    await connectNetworks(context, record, request)
    const cgroups = await prepareCgroups()
    const root = await writeFiles(context, record, request, cgroups.usable)
    explainBundle(context, record, root, cgroups)
    const { terminal, interactive } = request
    const monitor = await startMonitor(context, {
      id: record.id,
      name: record.name,
      terminal,
      interactive,
      attach,
      leave,
      hasCgroups: cgroups.usable,
      log: request.logOptions,
    })
    return { record: await nowRunning(context, record, monitor, leave), monitor }
  } catch (error) {
    await removeFailed(context, record, error)
    throw explained(error, record)
  }
}

/**
 * Prints the same without a container: for networks on a copy of the state, whose applier does nothing. The bundle is
 * written into `context.directory`, and printed with the path that it would have.
 */
export async function planContainer(context: Context, asked: RunContainerOptions): Promise<void> {
  const request = readRun(asked)
  refuseUnusable(request)
  const record = await reserve(context, request, asked)
  const directory = directoryOf(context, record.id)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  explainNamespace(context, record)
  await connectNetworks(context, record, request)
  const cgroups = lookAtCgroups()
  const root = await writeFiles(context, record, request, cgroups.usable)
  explainBundle(context, record, root, cgroups)
}

/** Writes all that runc reads. @returns the directory of the requested root file system */
async function writeFiles(
  context: Context,
  record: ContainerRecord,
  request: CheckedRun,
  hasCgroups: boolean,
): Promise<string> {
  const { id, hostname, netns } = record
  const directory = directoryOf(context, id)
  const { root, process: image } = await openRoot(directory, request)
  writeFirstHosts(directory)
  writeResolvConf(directory, request.nameservers)
  await refreshHosts(context.store, (id) => directoryOf(context, id))
  await writeBundle({
    id,
    directory,
    hostname,
    netns,
    request,
    root,
    image,
    tools: context.tools,
    hasCgroups,
  })
  return root
}

async function openRoot(
  directory: string,
  { root, command, entrypoint }: CheckedRun,
): Promise<Image> {
  const image: Image = isArchive(root) ? await unpackImage(directory, root) : { root, process: {} }
  const args = argsOf(image.process, command, entrypoint)
  if (args.length === 0) throw noCommand(root)
  return { root: image.root, process: { ...image.process, args } }
}

/** A command replaces the image's default arguments; another entrypoint replaces its entrypoint and arguments. */
function argsOf(
  { args = [], entrypoint: own = [] }: ImageProcess,
  command: readonly string[],
  entrypoint: string | undefined,
): readonly string[] {
  if (entrypoint !== undefined) return [entrypoint, ...command]
  return command.length > 0 ? [...own, ...command] : args
}

/** In the given order. The networks lead the default routes through the first of them, and publish the ports there. */
async function connectNetworks(
  context: Context,
  record: ContainerRecord,
  request: CheckedRun,
): Promise<void> {
  const { networks, store } = context
  await writeNamespaceRecord(store, record)
  for (const [index, { name, aliases, ...wanted }] of request.networks.entries())
    await networks.connect(name, {
      netns: record.netns,
      interface: `eth${index}`,
      ...given(wanted),
      ...(aliases.length > 0 ? { labels: { [aliasLabel]: aliases.join(',') } } : {}),
    })
}

/** The fields that have a value. */
function given<T extends object>(request: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the filter makes it true
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}

/** The program may already have ended, and its record may say so. */
async function nowRunning(
  context: Context,
  record: ContainerRecord,
  { pid }: Daemon,
  monitorAlone: boolean,
): Promise<ContainerRecord> {
  const program = readProcess(directoryOf(context, record.id))
  const monitor = processToken(pid)
  const running = (now: ContainerRecord): Partial<ContainerRecord> => ({
    ...(now.status === 'creating' ? { status: 'running' } : {}),
    startedAt: new Date().toISOString(),
    ...(program ? { process: program } : {}),
    keeper: { ...now.keeper, ...(monitor ? { monitor, monitorAlone } : {}) },
  })
  const changed = await context.store.update((transaction) =>
    changeContainer(transaction, record.id, running),
  )
  return changed ?? record
}

function explained(error: unknown, { root, command }: ContainerRecord): unknown {
  if (!(error instanceof NetdojoError) || error.code !== 'command-missing') return error
  const { code, operation, object, reason } = error
  const advice =
    root === '/'
      ? [
          `${quote(command[0])} was searched on the host itself, and no image is fetched: name a directory or an image.tar before the command`,
        ]
      : ['the command is searched in the root file system of the container']
  return new NetdojoError({ code, operation, object, reason, advice, cause: error })
}

function notStartable(name: string): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'start',
    object: `the container ${name}`,
    reason: 'its record must say how to run it, and an older version of netdojo did not write that',
    advice: [`remove it and run it anew: netdojo rm ${name}`],
  })
}
