// Runs a container: first its name and record, then its namespace, networks and bundle, and last its program. A failure removes everything again.
import { mkdirSync } from 'node:fs'
import { quote } from '../address/quote.ts'
import { NetdojoError } from '../errors.ts'
import { processToken } from '../exec/processes.ts'
import type { Daemon } from '../exec/daemon.ts'
import { containerNameLabel, type EndpointRecord } from '../network/records.ts'
import { writeBundle, type ImageProcess } from './bundle.ts'
import { lookAtCgroups, prepareCgroups } from './cgroups.ts'
import { directoryOf, type Context } from './context.ts'
import { explainBundle, explainNamespace } from './explain.ts'
import { removeFailed } from './finish.ts'
import { isArchive, unpackImage, type Image } from './image.ts'
import { readProcess, startMonitor } from './monitor.ts'
import { addNamespace } from './namespace.ts'
import { aliasLabel, refreshHosts, writeFirstHosts, writeResolvConf } from './names.ts'
import { changeContainer, type ContainerRecord } from './records.ts'
import { noCommand, refuseUnusable } from './refuse-unusable.ts'
import type { CheckedRun } from './requests.ts'
import { reserve } from './reserve.ts'

export type RunOptions = {
  /** Default `false`. If `true`, the program uses this process's own streams and terminal, beside the log. */
  readonly attach?: boolean
  /** Default `false`. If `true`, this process may end before the container, which is finished all the same. */
  readonly leave?: boolean
}

export async function runContainer(
  context: Context,
  request: CheckedRun,
  { attach = false, leave = false }: RunOptions,
): Promise<{ readonly record: ContainerRecord; readonly monitor: Daemon }> {
  refuseUnusable(request)
  const record = await reserve(context, request)
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
    })
    return { record: await nowRunning(context, record, monitor), monitor }
  } catch (error) {
    await removeFailed(context, record, error)
    throw explained(error, record)
  }
}

/**
 * Prints the same without a container: for networks on a copy of the state, whose applier does nothing. The bundle is
 * written into `context.directory`, and printed with the path that it would have.
 */
export async function planContainer(context: Context, request: CheckedRun): Promise<void> {
  refuseUnusable(request)
  const record = await reserve(context, request)
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
  writeBundle({
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

function labelsOf({ id, name }: ContainerRecord, aliases: readonly string[]) {
  return {
    'netdojo.container': id,
    [containerNameLabel]: name,
    ...(aliases.length > 0 ? { [aliasLabel]: aliases.join(',') } : {}),
  }
}

/** In the given order; the first network that is not internal gets the default route and the ports. */
async function connectNetworks(
  context: Context,
  record: ContainerRecord,
  request: CheckedRun,
): Promise<void> {
  const { networks } = context
  let isOut = false
  for (const [index, wanted] of request.networks.entries()) {
    const { internal } = await networks.get(wanted.name)
    const isFirstOut: boolean = !internal && !isOut
    isOut ||= !internal
    const endpoint = await networks.connect(wanted.name, {
      netns: record.netns,
      interface: `eth${index}`,
      ...(wanted.address === undefined ? {} : { address: wanted.address }),
      ...(wanted.address6 === undefined ? {} : { address6: wanted.address6 }),
      ports: isFirstOut ? request.ports : [],
      defaultRoute: isFirstOut,
      labels: labelsOf(record, wanted.aliases),
    })
    await context.store.update((transaction) =>
      changeContainer(transaction, record.id, (now) => connected(now, endpoint)),
    )
  }
}

function connected(record: ContainerRecord, endpoint: EndpointRecord): Partial<ContainerRecord> {
  const { id, interface: link, addresses, ports } = endpoint
  const networks = record.networks.map((network) =>
    network.name === endpoint.network
      ? { ...network, endpoint: id, interface: link, addresses }
      : network,
  )
  return { networks, ports: [...record.ports, ...ports] }
}

/** The program may already have ended, and its record may say so. */
async function nowRunning(
  context: Context,
  record: ContainerRecord,
  { pid }: Daemon,
): Promise<ContainerRecord> {
  const program = readProcess(directoryOf(context, record.id))
  const monitor = processToken(pid)
  const running = (now: ContainerRecord): Partial<ContainerRecord> => ({
    ...(now.status === 'creating' ? { status: 'running' } : {}),
    startedAt: new Date().toISOString(),
    ...(program ? { process: program } : {}),
    keeper: { ...now.keeper, ...(monitor ? { monitor } : {}) },
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
