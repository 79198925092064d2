// Changes the ports, labels and aliases of a connected endpoint: the old ports stay reserved until the kernel has the new ones, so that a roll-back finds them free.
import { NetdojoError } from '../errors.ts'
import type { PortMapping } from '../address/port-mapping.ts'
import type { Transaction } from '../store/store.ts'
import { prepareDrivers, type Context } from './context.ts'
import { applyChange, survival, writeJournal } from './journal.ts'
import { planNamespace } from './namespace-plan.ts'
import {
  choosePorts,
  claimPorts,
  explainListener,
  familiesOf,
  givePortsBack,
  readAllListeners,
  refuseTakenPorts,
} from './ports.ts'
import {
  findEndpoint,
  membersWith,
  namespaceRecord,
  type EndpointRecord,
  type Member,
  type PublishedPort,
} from './records.ts'
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
  const take = (transaction: Transaction) => {
    const { network, endpoint } = findEndpoint(transaction, name, id)
    const members = membersWith(transaction, { network, endpoint })
    const own = new Set(members.map((member) => member.endpoint.id))
    for (const member of members) givePortsBack(transaction, member.endpoint)
    const ports = choose(transaction, members, endpoint)
    for (const member of members) claimPorts(transaction, member.endpoint)
    const { publish: _, ...rest } = endpoint
    const draft: EndpointRecord = {
      ...(ports ? { ...rest, ports } : endpoint),
      ...(request.labels ? { labels: { ...ownLabels(endpoint), ...request.labels } } : {}),
      ...(request.aliases ? { aliases: request.aliases } : {}),
    }
    const plan = planNamespace(
      context,
      members,
      members.map((member) => (member.endpoint.id === id ? { network, endpoint: draft } : member)),
      namespaceRecord(transaction, endpoint.netnsInode)?.ports ?? [],
    )
    const after = plan.after.find((member) => member.endpoint.id === id)?.endpoint ?? draft
    const others = plan.changed.filter((other) => other.id !== id)
    for (const changed of [after, ...others]) {
      const families = familiesOf(changed.addresses)
      refuseTakenPorts(transaction, changed.ports, families, listeners, own)
      claimPorts(transaction, changed)
    }
    const steps = [...plan.unpublish, ...plan.publish]
    const subject = {
      change: 'update' as const,
      network,
      endpoint: after,
      ...(others.length > 0 ? { others } : {}),
      ...(plan.restore.length > 0 ? { restore: plan.restore } : {}),
    }
    return writeJournal(transaction, subject, steps)
  }
  const choose = (
    transaction: Transaction,
    members: readonly Member[],
    { ports, publish = [] }: EndpointRecord,
  ) => {
    if (!request.ports) return undefined
    const open = members.filter(({ network }) => !network.internal)
    if (request.ports.length > 0 && open.length === 0) throw internal(name)
    return choosePorts(transaction, {
      mappings: request.ports.map((mapping) => withSamePort(mapping, [...publish, ...ports])),
      families: familiesOf(open.flatMap((member) => member.endpoint.addresses)),
      listeners,
    })
  }
  const taken = context.store.update(take, survival({ change: 'update' }))
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

function internal(name: string): NetdojoError {
  return new NetdojoError({
    code: 'port-unusable',
    operation: 'publish a port on',
    object: `the network ${name}`,
    reason: 'the network is internal, so no packet enters it from outside',
    advice: ['connect the container to a second network that is not internal, and publish there'],
  })
}
