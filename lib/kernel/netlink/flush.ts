// Makes the kernel forget connections, as `conntrack -D` does, by ctnetlink itself (linux/netfilter/nfnetlink_conntrack.h).
import { readFileSync } from 'node:fs'
import type { ApplyOptions } from '../applier.ts'
import type { FlushConnections } from '../operation.ts'
import type { Refusal } from '../refusal.ts'
import { addressBytes, families } from './address-bytes.ts'
import { attribute, attributesOf, dump, nested, request, type Message } from './message.ts'
import { netfilterHeader, netfilterType, protocolNumbers } from './netfilter.ts'
import type { NetlinkSocket } from './socket.ts'

/** IPCTNL_MSG_CT_GET and …DELETE; an entry comes as …NEW. */
const types = {
  entry: netfilterType('conntrack', 0),
  get: netfilterType('conntrack', 1),
  remove: netfilterType('conntrack', 2),
} as const
/** CTA_TUPLE_ORIG, CTA_TUPLE_REPLY, CTA_ID and CTA_ZONE of an entry. */
const entry = { original: 1, reply: 2, id: 12, zone: 18 } as const
/** CTA_TUPLE_IP and CTA_TUPLE_PROTO of a direction, CTA_PROTO_NUM and CTA_PROTO_DST_PORT of the latter. */
const tuple = { ip: 1, protocol: 2, number: 1, port: 3 } as const

/** All of them by one look through the table, which takes the kernel 10 ms however little is in it (with 262,144 buckets). */
export async function flush(
  socket: () => NetlinkSocket,
  operations: readonly FlushConnections[],
  { tolerant }: ApplyOptions,
): Promise<readonly Refusal[]> {
  if (operations.length === 0 || connectionCount() === 0) return []
  const filters = operations.map((operation) => ({ operation, ...wanted(operation.filter) }))
  const [first = 0, ...others] = filters.map(({ family }) => family)
  const family = others.every((other) => other === first) ? first : everyFamily
  const netfilter = socket()
  const answers = await netfilter.askAsync(messageOf(types.get, 1 | dump, family))
  const refusal = netfilter.refusalIn(answers)
  // A kernel that does not tell of its connections lets them end by their own timeouts.
  if (refusal?.startsWith('Operation not permitted'))
    return operations.map((operation) => ({ operation, message: refusal }))
  const refusals = new Map<FlushConnections, string>()
  for (const { type, body } of answers) {
    if (type !== types.entry || (refusals.size > 0 && !tolerant)) continue
    const attributes = attributesOf(body.subarray(4))
    const asked = filters.find(({ matches }) => matches(attributes))
    if (!asked) continue
    const message = netfilter.tell(removal(body))
    // It may have ended by itself meanwhile.
    if (message !== undefined && !message.startsWith('No such file'))
      refusals.set(asked.operation, message)
  }
  return Array.from(refusals, ([operation, message]) => ({ operation, message }))
}

/** AF_UNSPEC. */
const everyFamily = 0

/** Mostly there is nothing to forget, and this is the cheapest way to know. */
function connectionCount(): number {
  try {
    return Number(readFileSync('/proc/sys/net/netfilter/nf_conntrack_count', 'utf8'))
  } catch {
    return Number.NaN
  }
}

type Attributes = ReadonlyMap<number, Buffer>

/** The words of `conntrack -D` that operations use, as a family to ask for and a test of each entry. */
function wanted(filter: readonly string[]) {
  const words = new Map(
    filter.flatMap((word, index) =>
      word.startsWith('-') ? [[word, filter[index + 1] ?? '']] : [],
    ),
  )
  const tests: ((attributes: Attributes) => boolean)[] = []
  let family: number = everyFamily
  for (const [word, value] of words) {
    if (word === '-f') continue
    if (word === '-p') tests.push(hasProtocol(value))
    else if (word === '--orig-port-dst') tests.push(hasPort(Number(value)))
    else {
      const address = addressBytes(value)
      family = address.family
      tests.push(hasAddress(word, address))
    }
  }
  return {
    family,
    matches: (attributes: Attributes) => tests.every((test) => test(attributes)),
  }
}

function hasProtocol(name: string) {
  return (attributes: Attributes) =>
    part(attributes, entry.original, tuple.protocol).get(tuple.number)?.[0] ===
    protocolNumbers[name]
}

function hasPort(port: number) {
  return (attributes: Attributes) =>
    part(attributes, entry.original, tuple.protocol).get(tuple.port)?.readUInt16BE(0) === port
}

/** CTA_IP_V4_SRC, …V4_DST, …V6_SRC and …V6_DST. */
function hasAddress(word: string, { family, bytes }: ReturnType<typeof addressBytes>) {
  const direction = word.startsWith('--reply') ? entry.reply : entry.original
  const type = (family === families[4] ? 1 : 3) + Number(word.endsWith('-dst'))
  return (attributes: Attributes) =>
    part(attributes, direction, tuple.ip).get(type)?.equals(bytes) ?? false
}

function part(attributes: Attributes, direction: number, type: number): Attributes {
  const inDirection = attributesOf(attributes.get(direction) ?? Buffer.alloc(0))
  return attributesOf(inDirection.get(type) ?? Buffer.alloc(0))
}

/** Of this very entry: with its id, one that took its place meanwhile stays. */
function removal(body: Buffer): Message {
  const attributes = attributesOf(body.subarray(4))
  const copies = [
    nested(entry.original, attributes.get(entry.original) ?? Buffer.alloc(0)),
    ...[entry.id, entry.zone].flatMap((type) => {
      const value = attributes.get(type)
      return value ? [attribute(type, value)] : []
    }),
  ]
  return messageOf(types.remove, request, body[0] ?? 0, copies)
}

function messageOf(
  type: number,
  flags: number,
  family: number,
  attributes: readonly Buffer[] = [],
): Message {
  return { type, flags, body: Buffer.concat([netfilterHeader(family), ...attributes]) }
}
