// Deletes tracked connections as `conntrack -D` does, by ctnetlink (linux/netfilter/nfnetlink_conntrack.h).
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import type { FlushConnections } from '../operation.ts'
import { refusalBy, type ApplyOptions, type Refusal } from '../plan.ts'
import {
  addressBytes,
  attribute,
  attributesOf,
  nested,
  netfilterType,
  nfgenmsg,
  type Message,
  type Reply,
} from './codec.ts'
import {
  AF,
  CTA,
  CTA_IP,
  CTA_PROTO,
  CTA_TUPLE,
  IPCTNL_MSG_CT,
  IPPROTO,
  NLM_F,
} from './constants.ts'
import type { Libc } from './libc.ts'
import { NetlinkError, NetlinkSocket } from './socket.ts'

/**
 * Serves all operations by one dump of the table, which takes the kernel 10 ms even when it is almost empty (with 262,144
 * buckets).
 */
export async function flushConnections(
  libc: Libc,
  operations: readonly FlushConnections[],
  { tolerant }: ApplyOptions,
): Promise<readonly Refusal[]> {
  if (operations.length === 0 || connectionCount() === 0) return []
  const filters = operations.map((operation) => ({ operation, ...parseFilter(operation.filter) }))
  using netfilter = new NetlinkSocket(libc, 'NETFILTER')
  let entries: readonly Reply[]
  try {
    entries = await netfilter.dumpAsync(dumpOf(filters.map(({ family }) => family)))
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error
    // A kernel without connection tracking has nothing to flush.
    if (error.errno !== constants.errno.EPERM) return []
    return operations.map((operation) => refusalBy(error, operation))
  }
  const refusals = new Map<FlushConnections, NetlinkError>()
  for (const { body } of entries) {
    if (refusals.size > 0 && !tolerant) break
    const attributes = attributesOf(body.subarray(nfgenmsg.size))
    const asked = filters.find(({ matches }) => matches(attributes))
    if (!asked) continue
    const refusal = remove(netfilter, nfgenmsg.decode(body).family, attributes)
    if (refusal) refusals.set(asked.operation, refusal)
  }
  return Array.from(refusals, ([operation, error]) => refusalBy(error, operation))
}

function dumpOf([first = AF.UNSPEC, ...others]: readonly number[]) {
  const family = others.every((other) => other === first) ? first : AF.UNSPEC
  return { type: netfilterType('CTNETLINK', IPCTNL_MSG_CT.GET), body: nfgenmsg.encode({ family }) }
}

/** Usually there is nothing to flush, and this file shows it fastest. */
function connectionCount(): number {
  try {
    return Number(readFileSync('/proc/sys/net/netfilter/nf_conntrack_count', 'utf8'))
  } catch {
    return Number.NaN
  }
}

type Attributes = ReadonlyMap<number, Buffer>

/** The words of `conntrack -D` that operations use, as a family for the dump and a test of each entry. */
function parseFilter(filter: readonly string[]) {
  const words = new Map(
    filter.flatMap((word, index) =>
      word.startsWith('-') ? [[word, filter[index + 1] ?? '']] : [],
    ),
  )
  const tests: ((attributes: Attributes) => boolean)[] = []
  let family: number = AF.UNSPEC
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
    part(attributes, CTA.TUPLE_ORIG, CTA_TUPLE.PROTO).get(CTA_PROTO.NUM)?.[0] === IPPROTO[name]
}

function hasPort(port: number) {
  return (attributes: Attributes) =>
    part(attributes, CTA.TUPLE_ORIG, CTA_TUPLE.PROTO).get(CTA_PROTO.DST_PORT)?.readUInt16BE(0) ===
    port
}

function hasAddress(word: string, { family, bytes }: ReturnType<typeof addressBytes>) {
  const direction = word.startsWith('--reply') ? CTA.TUPLE_REPLY : CTA.TUPLE_ORIG
  const [source, destination] =
    family === AF.INET ? [CTA_IP.V4_SRC, CTA_IP.V4_DST] : [CTA_IP.V6_SRC, CTA_IP.V6_DST]
  const type = word.endsWith('-dst') ? destination : source
  return (attributes: Attributes) =>
    part(attributes, direction, CTA_TUPLE.IP).get(type)?.equals(bytes) ?? false
}

function part(attributes: Attributes, direction: number, type: number): Attributes {
  return attributesOf(attributesOf(attributes.get(direction)).get(type))
}

/** The id makes sure that a new entry with the same addresses and ports stays. @returns the kernel's refusal */
function remove(
  netfilter: NetlinkSocket,
  family: number,
  attributes: Attributes,
): NetlinkError | undefined {
  const copies = [CTA.ID, CTA.ZONE].flatMap((type) => {
    const value = attributes.get(type)
    return value ? [attribute(type, value)] : []
  })
  const original = nested(CTA.TUPLE_ORIG, attributes.get(CTA.TUPLE_ORIG) ?? Buffer.alloc(0))
  const message: Message = {
    type: netfilterType('CTNETLINK', IPCTNL_MSG_CT.DELETE),
    flags: NLM_F.REQUEST | NLM_F.ACK,
    body: Buffer.concat([nfgenmsg.encode({ family }), original, ...copies]),
  }
  try {
    netfilter.request(message)
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error
    // It may have ended by itself meanwhile.
    if (error.errno !== constants.errno.ENOENT) return error
  }
  return undefined
}
