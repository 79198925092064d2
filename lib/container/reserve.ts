// Writes the record of a new container, which takes its name: from then on it is found, and finished after a crash.
import { randomBytes, randomInt } from 'node:crypto'
import { join } from 'node:path'
import { parsePortMapping } from '../address/port-mapping.ts'
import { NetdojoError } from '../errors.ts'
import { processToken } from '../exec/processes.ts'
import {
  choosePorts,
  explainListener,
  familiesOf,
  readAllListeners,
  refuseTakenPorts,
} from '../network/ports.ts'
import { inodeAt } from '../network/namespace-path.ts'
import {
  containerNameLabel,
  endpointKey,
  endpointsOf,
  findNetwork,
  namespaceRecord,
  setNamespaceRecord,
} from '../network/records.ts'
import type { Transaction } from '../store/store.ts'
import type { Context } from './context.ts'
import { refreshHosts } from './names.ts'
import { namespacePath } from './namespace.ts'
import {
  allContainers,
  changeContainer,
  containerKey,
  containerNameKey,
  findContainer,
  type ContainerRecord,
} from './records.ts'
import type { CheckedRun, RunContainerOptions } from './requests.ts'

/** In one transaction: takes the name, and checks that the networks exist and the ports are free. */
export async function reserve(
  context: Context,
  request: CheckedRun,
  asked: RunContainerOptions,
): Promise<ContainerRecord> {
  const id = randomBytes(8).toString('hex')
  const starter = processToken(process.pid)
  if (!starter) throw new Error('/proc does not show this process')
  const mappings = request.ports.map((port) => parsePortMapping(port))
  const listeners = await readAllListeners(mappings)
  const take = (transaction: Transaction) => {
    const name = takeName(transaction, id, request.name)
    const networks = request.networks.map((network) => findNetwork(transaction, network.name))
    const open = networks.filter(({ internal }) => !internal)
    if (mappings.length > 0 && open.length === 0) throw onlyInternal(networks[0]?.name ?? '')
    const families = familiesOf(open.flatMap(({ subnets }) => subnets.map(({ subnet }) => subnet)))
    const publish = choosePorts(transaction, { mappings, families, listeners })
    const record: ContainerRecord = {
      id,
      name,
      hostname: request.hostname ?? name,
      root: request.root,
      command: [
        ...(request.entrypoint === undefined ? [] : [request.entrypoint]),
        ...request.command,
      ],
      netns: namespacePath(name, id),
      networks: request.networks.map(({ name, aliases }) => ({ name, aliases })),
      ports: [],
      publish,
      ...(request.extraHosts.length > 0 ? { extraHosts: request.extraHosts } : {}),
      request: { ...asked, name },
      labels: request.labels,
      autoRemove: request.autoRemove,
      terminal: request.terminal,
      status: 'creating',
      createdAt: new Date().toISOString(),
      keeper: { boot: transaction.bootId, starter },
    }
    transaction.setRecord(containerKey(id), record)
    return record
  }
  return context.store.update(take).catch(async (error: unknown) => {
    throw await explainListener(error)
  })
}

/**
 * In one transaction: an ended container gets the same name, namespace and ports again.
 * @throws NetdojoError `usage` for a record of version 0.1.0, `port-in-use`, `network-missing`
 */
export async function reserveAgain(
  context: Context,
  { id, publish = [] }: ContainerRecord,
): Promise<ContainerRecord> {
  const starter = processToken(process.pid)
  if (!starter) throw new Error('/proc does not show this process')
  const listeners = await readAllListeners(publish)
  const take = (transaction: Transaction) => {
    const record = findContainer(transaction, id)
    const networks = record.networks.map(({ name }) => findNetwork(transaction, name))
    const open = networks.filter(({ internal }) => !internal)
    const families = familiesOf(open.flatMap(({ subnets }) => subnets.map(({ subnet }) => subnet)))
    refuseTakenPorts(transaction, publish, families, listeners)
    const { exitCode: _code, finishedAt: _end, process: _process, ...rest } = record
    const again: ContainerRecord = {
      ...rest,
      status: 'creating',
      keeper: { boot: transaction.bootId, starter },
    }
    transaction.setRecord(containerKey(id), again)
    return again
  }
  return context.store.update(take).catch(async (error: unknown) => {
    throw await explainListener(error)
  })
}

/** In one transaction: its record, its name on each network, and the name by which it is found. @throws NetdojoError `name-taken` */
export async function renameContainer(
  { store, directory }: Context,
  id: string,
  to: string,
): Promise<ContainerRecord> {
  const renamed = await store.update((transaction) => {
    const record = findContainer(transaction, id)
    if (record.name === to) return record
    takeName(transaction, id, to, 'rename')
    transaction.delete(containerNameKey(record.name))
    const inode = inodeAt(record.netns)
    const wanted = inode === undefined ? undefined : namespaceRecord(transaction, inode)
    if (inode !== undefined && wanted)
      setNamespaceRecord(transaction, inode, {
        ...wanted,
        labels: { ...wanted.labels, [containerNameLabel]: to },
      })
    for (const endpoint of endpointsOf(transaction).filter(({ netns }) => netns === record.netns))
      transaction.setRecord(endpointKey(endpoint.network, endpoint.id), {
        ...endpoint,
        labels: { ...endpoint.labels, [containerNameLabel]: to },
      })
    return changeContainer(transaction, id, () => ({ name: to })) ?? record
  })
  await refreshHosts(store, (id) => join(directory, id))
  return renamed
}

function takeName(
  transaction: Transaction,
  id: string,
  wanted: string | undefined,
  operation: 'run' | 'rename' = 'run',
): string {
  const isTaken = (name: string) => transaction.record(containerNameKey(name)) !== undefined
  const name = wanted ?? chooseName(isTaken)
  if (isTaken(name)) {
    const other = allContainers(transaction).find((container) => container.name === name)
    throw new NetdojoError({
      code: 'name-taken',
      operation,
      object: operation === 'run' ? `the container ${name}` : `a container to ${name}`,
      reason: `a container with that name exists already${other ? ` (${other.status})` : ''}`,
      advice: [
        'choose another name',
        `or remove the other container first: netdojo rm ${other?.status === 'exited' ? '' : '-f '}${name}`,
      ],
    })
  }
  transaction.setRecord(containerNameKey(name), id)
  return name
}

function onlyInternal(network: string): NetdojoError {
  return new NetdojoError({
    code: 'port-unusable',
    operation: 'publish a port on',
    object: `the network ${network}`,
    reason: 'the network is internal, so no packet enters it from outside',
    advice: ['connect the container to a second network that is not internal'],
  })
}

const qualities =
  'brisk calm clear eager fair fleet gentle keen lively lucid merry neat nimble plain polite proud quick quiet ready sharp steady sunny swift tidy'.split(
    ' ',
  )
const things =
  'anchor beacon bridge buffer cable cipher datagram echo frame gateway hop kernel label link mirror packet patch port probe relay route signal socket switch'.split(
    ' ',
  )

/** A name for a container without one: two words, which are easier to type than an id. */
function chooseName(isTaken: (name: string) => boolean): string {
  for (let attempt = 0; ; attempt++) {
    const name = `${pick(qualities)}_${pick(things)}`
    const tried = attempt < 8 ? name : `${name}_${randomInt(1_000_000)}`
    if (!isTaken(tried)) return tried
  }
}

function pick(words: readonly string[]): string {
  return words[randomInt(words.length)] ?? 'plain'
}
