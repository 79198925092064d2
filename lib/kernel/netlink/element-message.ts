// Elements of our own nft table as one transaction of nf_tables (linux/netfilter/nf_tables.h), as `nft -f` would send it.
import { isIP } from 'node:net'
import { addressBits } from '../../address/ip-address.ts'
import { Subnet } from '../../address/subnet.ts'
import type { NftOperation, Operation } from '../operation.ts'
import { word } from '../word.ts'
import { addressBytes } from './address-bytes.ts'
import { attribute, create, createNew, nested, request, text, type Message } from './message.ts'
import { netfilterHeader, netfilterType, protocolNumbers } from './netfilter.ts'

export type ElementOperation = Extract<NftOperation, { set: string }>

/** NFPROTO_INET. */
const inet = 1
/** NFNL_MSG_BATCH_BEGIN and …END, NFT_MSG_NEWSETELEM and …DELSETELEM. */
const types = {
  begin: 0x10,
  end: 0x11,
  add: netfilterType('nftables', 12),
  remove: netfilterType('nftables', 14),
} as const

/** An interval that ends with the last of all addresses has no end to be told: such ones are left to nft. */
export function isPlainElement(operation: Operation): operation is ElementOperation {
  return 'set' in operation && !operation.key.some(reachesTheEnd)
}

function reachesTheEnd(part: string): boolean {
  if (!part.includes('/')) return false
  const { family, last } = Subnet.parse(part)
  return last.value === (1n << BigInt(addressBits(family))) - 1n
}

/** The messages, and whose each is; the first and the last only hold the transaction together. */
export function elementMessages(operations: readonly ElementOperation[]): {
  readonly messages: readonly Message[]
  readonly owners: readonly (ElementOperation | undefined)[]
} {
  const pairs = operations.flatMap((operation) =>
    messagesOf(operation).map((message) => [message, operation] as const),
  )
  return {
    messages: [bracket(types.begin), ...pairs.map(([message]) => message), bracket(types.end)],
    owners: [undefined, ...pairs.map(([, operation]) => operation), undefined],
  }
}

/** As in nft-line.ts: a removal adds first. */
function messagesOf(operation: ElementOperation): readonly Message[] {
  const body = elementBody(operation)
  switch (operation.kind) {
    case 'create-element':
      return [{ type: types.add, flags: request | createNew, body }]
    case 'add-element':
      return [{ type: types.add, flags: request | create, body }]
    case 'remove-element':
      return [
        { type: types.add, flags: request | create, body },
        { type: types.remove, flags: request, body },
      ]
  }
}

/** Without NLM_F_ACK: only what is between is answered. */
function bracket(type: number): Message {
  return { type, flags: 1, body: netfilterHeader(0, 'nftables') }
}

/** NFTA_SET_ELEM_LIST_TABLE, …SET, and …ELEMENTS with an NFTA_LIST_ELEM or two of NFTA_SET_ELEM_KEY, …DATA and …FLAGS. */
function elementBody({ table, set, key, data }: ElementOperation): Buffer {
  const [prefix] = key.filter((part) => part.includes('/')).map(interval)
  const elements = prefix
    ? [nested(1, nested(1, attribute(1, prefix.first))), endBefore(prefix.next)]
    : [nested(1, nested(1, value(key)), ...(data ? [nested(2, value(data))] : []))]
  return Buffer.concat([
    netfilterHeader(inet),
    text(1, word(table)),
    text(2, word(set)),
    nested(3, ...elements),
  ])
}

/** A prefix in a set of intervals: where it begins, and the first address behind it. */
function interval(prefix: string): { readonly first: Buffer; readonly next: Buffer } {
  const { first, last } = Subnet.parse(prefix)
  return { first: addressBytes(`${first}`).bytes, next: addressBytes(`${last.plus(1n)}`).bytes }
}

/** NFT_SET_ELEM_INTERVAL_END, a number in network order. */
function endBefore(next: Buffer): Buffer {
  return nested(1, attribute(3, Buffer.of(0, 0, 0, 1)), nested(1, attribute(1, next)))
}

/** NFTA_DATA_VALUE: the parts one after the other, each in whole registers of four bytes. */
function value(parts: readonly string[]): Buffer {
  const only = parts.length === 1
  return attribute(1, Buffer.concat(parts.map((part) => (only ? bytesOf(part) : register(part)))))
}

function register(part: string): Buffer {
  const bytes = bytesOf(part)
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])
}

/** The types of our sets can be told from the text: inet_proto, inet_service, an address, or an interface's name. */
function bytesOf(part: string): Buffer {
  const protocol = protocolNumbers[part]
  if (protocol !== undefined) return Buffer.of(protocol)
  if (/^\d+$/.test(part)) return Buffer.of(Number(part) >> 8, Number(part) & 0xff)
  if (isIP(part)) return addressBytes(part).bytes
  const name = Buffer.alloc(16)
  name.write(word(part))
  return name
}
