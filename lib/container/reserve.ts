// Writes the record of a new container, which takes its name: from then on it is found, and finished after a crash.
import { randomBytes, randomInt } from 'node:crypto'
import { parsePortMapping } from '../address/port-mapping.ts'
import { NetdojoError } from '../errors.ts'
import { processToken } from '../exec/processes.ts'
import { choosePorts, explainListener, familiesOf, readAllListeners } from '../network/ports.ts'
import { findNetwork } from '../network/records.ts'
import type { Transaction } from '../store/store.ts'
import type { Context } from './context.ts'
import { namespacePath } from './namespace.ts'
import { allContainers, containerKey, containerNameKey, type ContainerRecord } from './records.ts'
import type { CheckedRun } from './requests.ts'

/** In one transaction: takes the name, and checks that the networks exist and the ports are free. */
export async function reserve(context: Context, request: CheckedRun): Promise<ContainerRecord> {
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

function takeName(transaction: Transaction, id: string, wanted: string | undefined): string {
  const isTaken = (name: string) => transaction.record(containerNameKey(name)) !== undefined
  const name = wanted ?? chooseName(isTaken)
  if (isTaken(name)) {
    const other = allContainers(transaction).find((container) => container.name === name)
    throw new NetdojoError({
      code: 'name-taken',
      operation: 'run',
      object: `the container ${name}`,
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
