// Elements of our own nft table as one transaction of nf_tables (linux/netfilter/nf_tables.h), as `nft -f` would send it.
import { isIP } from 'node:net'
import type { NftOperation, Operation } from '../operation.ts'
import { word } from '../word.ts'
import { addressBytes } from './address-bytes.ts'
import { attribute, create, createNew, nested, request, text, type Message } from './message.ts'

export type ElementOperation = Extract<NftOperation, { set: string }>

/** NFPROTO_INET; NFNL_SUBSYS_NFTABLES, which is the high byte of a message's type. */
const inet = 1
const subsystem = 10
/** NFNL_MSG_BATCH_BEGIN and …END, NFT_MSG_NEWSETELEM and …DELSETELEM. */
const types = {
  begin: 0x10,
  end: 0x11,
  add: (subsystem << 8) | 12,
  remove: (subsystem << 8) | 14,
} as const

/** A prefix is an interval, which is two elements and more rules than belong here: those are nft's. */
export function isPlainElement(operation: Operation): operation is ElementOperation {
  return 'set' in operation && ![...operation.key].some((part) => part.includes('/'))
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
  return { type, flags: 1, body: header(0, subsystem) }
}

/** NFTA_SET_ELEM_LIST_TABLE, …SET, and …ELEMENTS with one NFTA_LIST_ELEM of NFTA_SET_ELEM_KEY and …DATA. */
function elementBody({ table, set, key, data }: ElementOperation): Buffer {
  const parts = [nested(1, value(key)), ...(data ? [nested(2, value(data))] : [])]
  return Buffer.concat([
    header(inet, 0),
    text(1, word(table)),
    text(2, word(set)),
    nested(3, nested(1, ...parts)),
  ])
}

/** struct nfgenmsg: family, version, and a number in network order. */
function header(family: number, resource: number): Buffer {
  return Buffer.of(family, 0, resource >> 8, resource & 0xff)
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

const protocolNumbers: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 }

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
