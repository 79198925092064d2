// Applies elements of the project's own nft table as one transaction of nf_tables, as `nft -f` would
// (linux/netfilter/nf_tables.h).
import { addressBits } from '../../address/ip-address.ts'
import { Subnet } from '../../address/subnet.ts'
import { word, type NftOperation, type Operation } from '../operation.ts'
import { refusalBy, type ApplyOptions, type Refusal } from '../plan.ts'
import {
  addressBytes,
  attribute,
  families,
  netfilterType,
  nested,
  nfgenmsg,
  text,
  type Message,
} from './codec.ts'
import {
  IPPROTO,
  NFNL_MSG_BATCH,
  NFNL_SUBSYS,
  NFPROTO,
  NFT_MSG,
  NFT_SET_ELEM,
  NFTA_CHAIN,
  NFTA_DATA,
  NFTA_LIST,
  NFTA_SET_ELEM,
  NFTA_SET_ELEM_LIST,
  NLM_F,
} from './constants.ts'
import { loadLibc, type Libc } from './libc.ts'
import { NetlinkError, NetlinkSocket } from './socket.ts'

export type ElementOperation = Extract<NftOperation, { set: string }>

/** An interval that ends with the last address of all has no end element: such operations are left to nft. */
export function isPlainElement(operation: Operation): operation is ElementOperation {
  return 'set' in operation && !operation.key.some(reachesTheEnd)
}

function reachesTheEnd(part: string): boolean {
  if (!part.includes('/')) return false
  const { family, last } = Subnet.parse(part)
  return last.value === (1n << BigInt(addressBits(family))) - 1n
}

export function applyElements(
  libc: Libc,
  elements: readonly ElementOperation[],
  { tolerant }: ApplyOptions,
): readonly Refusal[] {
  using netfilter = new NetlinkSocket(libc, 'NETFILTER')
  const refusals = transaction(netfilter, elements)
  if (refusals.length === 0 || !tolerant || elements.length === 1) return refusals
  // One refusal undid the whole transaction: the others must still be applied.
  return elements.flatMap((element) => transaction(netfilter, [element]))
}

function transaction(
  netfilter: NetlinkSocket,
  elements: readonly ElementOperation[],
): readonly Refusal[] {
  const pairs = elements.flatMap((operation) =>
    messagesOf(operation).map((message) => ({ message, operation })),
  )
  const messages = pairs.map(({ message }) => message)
  const refusals = netfilter.sendAll([
    boundary(NFNL_MSG_BATCH.BEGIN),
    ...messages,
    boundary(NFNL_MSG_BATCH.END),
  ])
  for (const [index, error] of refusals) {
    // The first message is the boundary.
    const operation = pairs[index - 1]?.operation ?? elements[0]
    if (operation) return [refusalBy(error, operation)]
  }
  return []
}

/** The beginning or the end of a transaction; neither is acknowledged. */
export function boundary(type: number): Message {
  return {
    type,
    flags: NLM_F.REQUEST,
    body: nfgenmsg.encode({ resource: NFNL_SUBSYS.NFTABLES }),
  }
}

/** A removal adds first, as in programs/nft.ts. */
function messagesOf(operation: ElementOperation): readonly Message[] {
  const body = elementBody(operation)
  const [add, remove] = [
    netfilterType('NFTABLES', NFT_MSG.NEWSETELEM),
    netfilterType('NFTABLES', NFT_MSG.DELSETELEM),
  ]
  const request = NLM_F.REQUEST | NLM_F.ACK
  switch (operation.kind) {
    case 'create-element':
      return [{ type: add, flags: request | NLM_F.CREATE | NLM_F.EXCL, body }]
    case 'add-element':
      return [{ type: add, flags: request | NLM_F.CREATE, body }]
    case 'remove-element':
      return [
        { type: add, flags: request | NLM_F.CREATE, body },
        { type: remove, flags: request, body },
      ]
  }
}

function elementBody({ family, table, set, key, data }: ElementOperation): Buffer {
  const [prefix] = key.filter((part) => part.includes('/')).map(interval)
  const elements = prefix
    ? [element(keyOf(prefix.first)), endBefore(prefix.next)]
    : [element(keyOf(value(key)), ...(data ? [nested(NFTA_SET_ELEM.DATA, value(data))] : []))]
  return Buffer.concat([
    nfgenmsg.encode({ family: family === 'bridge' ? NFPROTO.BRIDGE : NFPROTO.INET }),
    text(NFTA_SET_ELEM_LIST.TABLE, word(table)),
    text(NFTA_SET_ELEM_LIST.SET, word(set)),
    nested(NFTA_SET_ELEM_LIST.ELEMENTS, ...elements),
  ])
}

function element(...attributes: readonly Buffer[]): Buffer {
  return nested(NFTA_LIST.ELEM, ...attributes)
}

function keyOf(data: Buffer): Buffer {
  return nested(NFTA_SET_ELEM.KEY, data)
}

/** A prefix in a set of intervals: its first address, and the first address after it. */
function interval(prefix: string): { readonly first: Buffer; readonly next: Buffer } {
  const { first, last } = Subnet.parse(prefix)
  const address = (text: string) => attribute(NFTA_DATA.VALUE, addressBytes(text).bytes)
  return { first: address(`${first}`), next: address(`${last.plus(1n)}`) }
}

/** NFTA_SET_ELEM_FLAGS is in network order. */
function endBefore(next: Buffer): Buffer {
  const flags = Buffer.of(0, 0, 0, NFT_SET_ELEM.INTERVAL_END)
  return element(attribute(NFTA_SET_ELEM.FLAGS, flags), keyOf(next))
}

/** The parts of a key one after the other, each in whole registers of four bytes. */
function value(parts: readonly string[]): Buffer {
  const isOnly = parts.length === 1
  const bytes = parts.map((part) => (isOnly ? bytesOf(part) : register(part)))
  return attribute(NFTA_DATA.VALUE, Buffer.concat(bytes))
}

function register(part: string): Buffer {
  const bytes = bytesOf(part)
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])
}

/** No name of an interface has a colon (dev_valid_name). node:net takes 6 ms to load. */
const isAddress = /^\d+(\.\d+){3}$|:/

/** IFNAMSIZ of linux/if.h. */
const longestName = 16

const isMac = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/

/**
 * The text shows which type of our sets it is: inet_proto, inet_service, a MAC address, an address, bytes in hexadecimal
 * digits, or an interface's name.
 */
function bytesOf(part: string): Buffer {
  const protocol = IPPROTO[part]
  if (protocol !== undefined) return Buffer.of(protocol)
  if (/^\d+$/.test(part)) return Buffer.of(Number(part) >> 8, Number(part) & 0xff)
  if (part.startsWith('0x')) return Buffer.from(part.slice(2), 'hex')
  if (isMac.test(part)) return Buffer.from(part.replaceAll(':', ''), 'hex')
  if (isAddress.test(part)) return addressBytes(part).bytes
  const name = Buffer.alloc(longestName)
  name.write(word(part))
  return name
}

/** Asks the kernel whether nf_tables has a chain with this name. @returns undefined where netlink is unavailable. */
export async function hasNftChain(
  family: 4 | 6 | 'bridge',
  table: string,
  chain: string,
): Promise<boolean | undefined> {
  const libc = await loadLibc()
  if (!libc) return undefined
  using netfilter = new NetlinkSocket(libc, 'NETFILTER')
  try {
    const body = Buffer.concat([
      nfgenmsg.encode({ family: family === 'bridge' ? NFPROTO.BRIDGE : families[family] }),
      text(NFTA_CHAIN.TABLE, table),
      text(NFTA_CHAIN.NAME, chain),
    ])
    const type = netfilterType('NFTABLES', NFT_MSG.GETCHAIN)
    return netfilter.request({ type, flags: NLM_F.REQUEST | NLM_F.ACK, body }).length > 0
  } catch (error) {
    if (error instanceof NetlinkError) return false
    throw error
  }
}
