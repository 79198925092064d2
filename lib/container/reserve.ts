// The record of a container that is about to be made: its name is taken with it, and from then on it is found whatever happens.
import { randomBytes } from 'node:crypto'
import { parsePortMapping } from '../address/port-mapping.ts'
import { NetdojoError } from '../errors.ts'
import { processToken } from '../exec/processes.ts'
import { findNetwork } from '../network/lookup.ts'
import { explainListener, givePortsBack, readAllListeners, takePorts } from '../network/ports.ts'
import type { Transaction } from '../store/store.ts'
import type { Context } from './context.ts'
import { madeUpName } from './made-up-name.ts'
import { namespacePath } from './namespace.ts'
import { allContainers, containerKey, containerNameKey, type ContainerRecord } from './records.ts'
import type { CheckedRun } from './requests.ts'

/** The name is taken, the networks are there, and the ports are free: in one look at the state. */
export async function reserve(context: Context, request: CheckedRun): Promise<ContainerRecord> {
  const id = randomBytes(8).toString('hex')
  const starter = processToken(process.pid)
  if (!starter) throw new Error('no process of our own in /proc')
  const mappings = request.ports.map((port) => parsePortMapping(port))
  const listeners = await readAllListeners(mappings)
  const take = (transaction: Transaction) => {
    const name = takeName(transaction, id, request.name)
    const networks = request.networks.map((network) => findNetwork(transaction, network.name))
    if (mappings.length > 0 && networks.every(({ internal }) => internal))
      throw onlyInternal(networks[0]?.name ?? '')
    givePortsBack(
      transaction,
      takePorts(transaction, { network: '', endpoint: id }, mappings, listeners),
    )
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
  const name = wanted ?? madeUpName(isTaken)
  if (isTaken(name)) {
    const other = allContainers(transaction).find((container) => container.name === name)
    throw new NetdojoError({
      code: 'name-taken',
      operation: 'run',
      object: `the container ${name}`,
      reason: `there is a container of that name${other ? `, which is ${other.status}` : ''}`,
      advice: ['choose another name', `or remove that one first: netdojo rm ${name}`],
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
    reason: 'it is internal: nothing comes in from outside',
    advice: ['connect the container to a second network that is not internal'],
  })
}
