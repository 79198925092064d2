// Tells a record of ours from what a damaged state file holds in its place, before anything is made of it.
import { corruptValue } from '../store/run-transaction.ts'
import type { EndpointRecord, NetworkRecord, InterfaceSlot } from './records.ts'

type Check = (value: unknown) => boolean

const text: Check = (value) => typeof value === 'string'
const flag: Check = (value) => typeof value === 'boolean'
const number: Check = (value) => Number.isSafeInteger(value)
const matching =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value)
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check)
const texts: Check = (value) => isObject(value) && Object.values(value).every(text)
const shape =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && Object.entries(checks).every(([field, check]) => check(value[field]))

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const id = matching(/^[0-9a-f]{16}$/)
const name = matching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/)
const link = matching(/^[A-Za-z0-9_.-]{1,15}$/)
const address = matching(/^[0-9a-f.:]+$/)
const cidr = matching(/^[0-9a-f.:]+\/\d{1,3}$/)

const operationKinds =
  /^(add-(bridge|veth|address|route|element|chain)|set-(link|sysctl)|remove-(link|address|route|element|table|rule|chain)|announce|(create|replace)-table|create-element|append-rule|insert-rule|flush-connections)$/

const isNetwork = shape({
  id,
  name,
  driver: text,
  interface: link,
  subnets: listOf(shape({ subnet: cidr, gateway: address })),
  gateway: address,
  internal: flag,
  masquerade: flag,
  internalTraffic: flag,
  mtu: optional(number),
  labels: texts,
  options: texts,
  createdAt: text,
} satisfies Record<keyof NetworkRecord, Check>)

const isEndpoint = shape({
  id,
  network: name,
  netns: matching(/^\//),
  netnsInode: number,
  interface: link,
  hostInterface: link,
  addresses: listOf(cidr),
  mac: text,
  defaultRoute: flag,
  ports: listOf(
    shape({ protocol: text, hostAddress: optional(address), hostPort: number, port: number }),
  ),
  labels: texts,
  createdAt: text,
} satisfies Record<keyof EndpointRecord, Check>)

const isInterfaceSlot = shape({ interface: link, defaultRoute: flag } satisfies Record<
  keyof InterfaceSlot,
  Check
>)

const isHolder = shape({ network: name, endpoint: id })

const isJournalEntry = shape({
  change: matching(/^(create|remove|connect|disconnect)$/),
  network: isNetwork,
  endpoint: optional(isEndpoint),
  operations: listOf(shape({ kind: matching(operationKinds) })),
})

/** @throws NetdojoError `state-corrupt` */
export function slotAt(key: string, value: InterfaceSlot): InterfaceSlot {
  if (isInterfaceSlot(value)) return value
  throw corruptValue(key, 'the record does not describe a place in a namespace')
}

/** @throws NetdojoError `state-corrupt` */
export function holderAt<Holder>(key: string, value: Holder): Holder {
  if (isHolder(value)) return value
  throw corruptValue(key, 'the record does not say who has the port')
}

/** @throws NetdojoError `state-corrupt` */
export function journalEntryAt<Entry>(key: string, value: Entry): Entry {
  const isWhole = (entry: unknown) =>
    isObject(entry) && String(entry.change).endsWith('connect') === 'endpoint' in entry
  if (isJournalEntry(value) && isWhole(value)) return value
  throw corruptValue(key, 'the record does not describe a change')
}

/** @throws NetdojoError `state-corrupt` */
export function networkAt(key: string, value: NetworkRecord): NetworkRecord {
  if (isNetwork(value) && key.endsWith(`/${value.name}`)) return value
  throw corruptValue(key, 'the record does not describe a network')
}

/** @throws NetdojoError `state-corrupt` */
export function endpointAt(key: string, value: EndpointRecord): EndpointRecord {
  if (isEndpoint(value) && key.endsWith(`/${value.network}/${value.id}`)) return value
  throw corruptValue(key, 'the record does not describe an endpoint')
}
