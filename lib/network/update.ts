// Changes the ports, labels and aliases of a connected endpoint: the old ports stay reserved until the kernel has the new ones, so that a roll-back finds them free.
import { NetdojoError } from '../errors.ts'
import type { PortMapping } from '../address/port-mapping.ts'
import type { Step } from '../driver/driver.ts'
import type { Transaction } from '../store/store.ts'
import { driverOf, prepareDrivers, type Context } from './context.ts'
import { applyChange, survival, writeJournal } from './journal.ts'
import { without } from './namespace-plan.ts'
import {
  choosePorts,
  claimPorts,
  explainListener,
  familiesOf,
  forwardsOf,
  givePortsBack,
  readAllListeners,
} from './ports.ts'
import { findEndpoint, type EndpointRecord, type PublishedPort } from './records.ts'
import type { CheckedUpdate } from './requests.ts'

export async function updateEndpoint(
  context: Context,
  name: string,
  id: string,
  request: CheckedUpdate,
  signal: AbortSignal | undefined,
): Promise<EndpointRecord> {
  const listeners = await readAllListeners(request.ports ?? [])
  await prepareDrivers(context)
  const plan = (transaction: Transaction) => {
    const { network, endpoint } = findEndpoint(transaction, name, id)
    const { ports: wanted, labels, aliases } = request
    const families = familiesOf(endpoint.addresses)
    givePortsBack(transaction, endpoint)
    const mappings = wanted?.map((mapping) => withSamePort(mapping, endpoint.ports))
    const ports = mappings
      ? [
          ...endpoint.ports.filter(({ shared }) => shared),
          ...choosePorts(transaction, { mappings, families, listeners }),
        ]
      : endpoint.ports
    const after: EndpointRecord = {
      ...endpoint,
      ports,
      ...(labels ? { labels: { ...ownLabels(endpoint), ...labels } } : {}),
      ...(aliases ? { aliases } : {}),
    }
    claimPorts(transaction, after)
    claimPorts(transaction, endpoint)
    const driver = driverOf(context, network)
    const [was, is] = [endpoint, after].map((record) => forwardsOf(record.ports, record.addresses))
    const [gone, added] = [without(was, is), without(is, was)]
    if (gone.length + added.length > 0 && !(driver.publish && driver.unpublish))
      throw cannotPublish(network.driver)
    const steps: readonly Step[] = [
      ...(gone.length > 0 ? (driver.unpublish?.(gone) ?? []) : []),
      ...(added.length > 0 ? (driver.publish?.(added) ?? []) : []),
    ]
    const restore = gone.length > 0 ? (driver.publish?.(gone) ?? []) : []
    const operations = restore.flatMap((step) => step.operations)
    return writeJournal(
      transaction,
      {
        change: 'update',
        network,
        endpoint: after,
        ...(operations.length > 0 ? { restore: operations } : {}),
      },
      steps,
    )
  }
  const taken = context.store.update(plan, survival({ change: 'update' }))
  const change = await taken.catch(async (error: unknown) => {
    throw await explainListener(error)
  })
  await applyChange(context, change, signal)
  return change.entry.endpoint
}

/** A container port whose host port is free to choose keeps the one that it has. */
function withSamePort(mapping: PortMapping, ports: readonly PublishedPort[]): PortMapping {
  const { containerPorts, protocol, hostPorts } = mapping
  if (hostPorts || containerPorts.first !== containerPorts.last) return mapping
  const old = ports.find(
    (port) => port.protocol === protocol && port.port === containerPorts.first && !port.shared,
  )
  return old ? { ...mapping, hostPorts: { first: old.hostPort, last: old.hostPort } } : mapping
}

/** Labels that netdojo itself sets, such as the name of the container. */
function ownLabels({ labels }: EndpointRecord): EndpointRecord['labels'] {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => name.startsWith('netdojo.')))
}

function cannotPublish(driver: string): NetdojoError {
  return new NetdojoError({
    code: 'port-unusable',
    operation: 'change the ports of',
    object: 'the endpoint',
    reason: `a driver must publish ports for that, and the driver ${driver} does not`,
    advice: ['leave ports out'],
  })
}
