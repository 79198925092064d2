// Reads what the store keeps of containers: plain JSON whose fields users see too, so no field and no key is ever renamed.
import { isName } from '../address/name.ts'
import { quote } from '../address/quote.ts'
import { flag, matching, text, v } from '../address/schema.ts'
import { NetdojoError } from '../errors.ts'
import { isAlive, type ProcessToken } from '../exec/processes.ts'
import type { RunContainerOptions } from './requests.ts'
import { publishedPorts } from '../network/ports.ts'
import { endpointsOf, type EndpointRecord, type PublishedPort } from '../network/records.ts'
import type { ReadTransaction, Transaction } from '../store/store.ts'
import { corruptValue, stored } from '../store/stored.ts'

/** A container as the store keeps it. */
export type ContainerRecord = {
  /** 16 hexadecimal digits, never used twice. */
  readonly id: string
  /** The name of the container, or of a network. */
  readonly name: string
  /** The host name inside. */
  readonly hostname: string
  /** The root file system as requested: a directory, an image archive, or `/`, the host's own. */
  readonly root: string
  /** The program and its arguments. */
  readonly command: readonly string[]
  /** Path of its network namespace, which is created before its program starts and removed after it ends. */
  readonly netns: string
  /** Its networks, in the order of the request. */
  readonly networks: readonly ContainerNetwork[]
  /** The ports that its endpoints publish now. */
  readonly ports: readonly PublishedPort[]
  /** The ports that it publishes whenever a network can. A record of version 0.1.0 does not have this field. */
  readonly publish?: readonly PublishedPort[]
  /** More lines of its hosts file; none when absent. */
  readonly extraHosts?: readonly {
    /** The name that the address gets. */
    readonly name: string
    /** An IP address, or `host-gateway`. */
    readonly address: string
  }[]
  /** What `start` runs again. A record of version 0.1.0 does not have this field. */
  readonly request?: RunContainerOptions
  /** Names and values of the user. */
  readonly labels: Readonly<Record<string, string>>
  /** Whether its record and log are removed when it has ended. */
  readonly autoRemove: boolean
  /** Whether it has a terminal. */
  readonly terminal: boolean
  /** What the container does now. */
  readonly status: 'creating' | 'running' | 'exited' | 'removing'
  /** 0 to 255, once it has exited; 128 plus the signal's number after a signal. */
  readonly exitCode?: number
  /** ISO 8601, UTC. */
  readonly createdAt: string
  /** ISO 8601, UTC; absent before the start. */
  readonly startedAt?: string
  /** ISO 8601, UTC; absent before the end. */
  readonly finishedAt?: string
  /** Its first process, as the host sees it. */
  readonly process?: ProcessToken
  /**
   * The boot and the processes that finish the container. When none of these processes lives, the next call of any
   * process finishes it.
   */
  readonly keeper: {
    /** The boot in which it was started. */
    readonly boot: string
    /** The process that started it. */
    readonly starter: ProcessToken
    /** The process that waits for its end. */
    readonly monitor?: ProcessToken
    /** Whether only the monitor finishes it, although the starter may live for long. */
    readonly monitorAlone?: boolean
  }
}

/** A network of a container, and the endpoint that connects it while the container runs. */
export type ContainerNetwork = {
  /** The name of the container, or of a network. */
  readonly name: string
  /** More names of the container on this network. */
  readonly aliases: readonly string[]
  /** The endpoint's id, its interface and its addresses, once it is connected. */
  readonly endpoint?: string
  /** The interface in the container. */
  readonly interface?: string
  /** With their prefix lengths. */
  readonly addresses?: readonly string[]
}

/** The label with more names of an endpoint, separated by commas. */
export const aliasLabel = 'netdojo.aliases'

const prefix = 'container/'
const namePrefix = 'container-name/'
export const containerKey = (id: string) => `${prefix}${id}`
export const containerNameKey = (name: string) => `${namePrefix}${name}`

export function allContainers(transaction: ReadTransaction): readonly ContainerRecord[] {
  const endpoints = endpointsOf(transaction)
  return transaction
    .records<ContainerRecord>(prefix)
    .map(([key, record]) => attached(checkedContainer(key, record), endpoints))
}

export function containerOf(transaction: ReadTransaction, id: string): ContainerRecord | undefined {
  const record = recordOf(transaction, id)
  return record && attached(record, endpointsOf(transaction))
}

function recordOf(transaction: ReadTransaction, id: string): ContainerRecord | undefined {
  const key = containerKey(id)
  const record = transaction.record<ContainerRecord>(key)
  return record && checkedContainer(key, record)
}

/** The networks and the ports of a running container are those of its endpoints, whoever connected them. */
function attached(record: ContainerRecord, endpoints: readonly EndpointRecord[]): ContainerRecord {
  const own = endpoints
    .filter(({ netns }) => netns === record.netns)
    .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))
  if (own.length === 0 && record.status !== 'running') return record
  const networks = own.map(({ network, id, interface: link, addresses, labels }) => ({
    name: network,
    aliases: labels[aliasLabel]?.split(',') ?? [],
    endpoint: id,
    interface: link,
    addresses,
  }))
  return { ...record, networks, ports: own.flatMap(publishedPorts) }
}

/** Changes an existing record; a record that was removed meanwhile stays removed. */
export function changeContainer(
  transaction: Transaction,
  id: string,
  change: (record: ContainerRecord) => Partial<ContainerRecord>,
): ContainerRecord | undefined {
  const record = recordOf(transaction, id)
  if (!record) return undefined
  const changed = { ...record, ...change(record) }
  transaction.setRecord(containerKey(id), changed)
  return attached(changed, endpointsOf(transaction))
}

export function forgetContainer(transaction: Transaction, { id, name }: ContainerRecord): void {
  transaction.delete(containerKey(id))
  if (transaction.record<string>(containerNameKey(name)) === id)
    transaction.delete(containerNameKey(name))
}

/** Finds a container by its name, its id, or a unique start of its id. @throws NetdojoError `container-missing` */
export function findContainer(transaction: ReadTransaction, name: string): ContainerRecord {
  const containers = allContainers(transaction)
  // A key made of something other than a name could be the key of another record.
  if (isName(name)) {
    const id = transaction.record<string>(containerNameKey(name)) ?? name
    const found = containerOf(transaction, id)
    if (found) return found
    const starting = containers.filter((container) => container.id.startsWith(name))
    if (starting[0] && starting.length === 1) return starting[0]
    if (starting.length > 1) throw missing(name, `${starting.length} ids start with it`, starting)
  }
  throw missing(name, 'no container has that name', containers)
}

function missing(
  name: string,
  reason: string,
  containers: readonly ContainerRecord[],
): NetdojoError {
  const names = containers.slice(0, 10).map((container) => container.name)
  return new NetdojoError({
    code: 'container-missing',
    operation: 'find the container',
    object: quote(name),
    reason,
    advice: [
      names.length === 0 ? 'there are no containers' : `existing containers: ${names.join(', ')}`,
    ],
  })
}

/** Whether no living process finishes the container. */
export function isAbandoned({ status, keeper }: ContainerRecord, bootId: string): boolean {
  if (status === 'exited') return false
  if (keeper.boot !== bootId) return true
  if (isAlive(keeper.monitor)) return false
  return (keeper.monitorAlone === true && keeper.monitor !== undefined) || !isAlive(keeper.starter)
}

const number = v.pipe(v.number('a number'), v.safeInteger('a whole number'))

// kill(2) takes 0 and -1 for many processes, so they must not pass.
const token = v.object({ pid: v.pipe(number, v.minValue(1, 'a process id')), startedAt: text })

const containerSchema = v.object({
  id: matching(/^[0-9a-f]{16}$/, '16 hexadecimal digits'),
  name: v.custom<string>(isName, 'a name'),
  hostname: text,
  root: text,
  command: v.array(text),
  netns: matching(/^\/run\/netns\/nd-[a-zA-Z0-9_.-]+$/, 'the path of a namespace of netdojo'),
  networks: v.array(v.object({ name: text, aliases: v.array(text) })),
  ports: v.array(v.object({ hostPort: number, port: number })),
  publish: v.optional(v.array(v.object({ hostPort: number, port: number }))),
  extraHosts: v.optional(v.array(v.object({ name: text, address: text }))),
  request: v.optional(v.object({})),
  labels: v.record(text, v.unknown()),
  autoRemove: flag,
  terminal: flag,
  status: v.picklist(['creating', 'running', 'exited', 'removing'], 'a known status'),
  exitCode: v.nullish(number),
  createdAt: text,
  startedAt: v.optional(text),
  finishedAt: v.optional(text),
  process: v.nullish(token),
  keeper: v.object({
    boot: text,
    starter: token,
    monitor: v.nullish(token),
    monitorAlone: v.optional(flag),
  }),
} satisfies Record<keyof ContainerRecord, v.GenericSchema>)

/** @throws NetdojoError `state-corrupt` */
function checkedContainer(key: string, value: ContainerRecord): ContainerRecord {
  const record = stored(containerSchema, key, value)
  if (key === containerKey(record.id)) return record
  throw corruptValue(key, `its id must be the one in its key, not ${quote(record.id)}`)
}
