// Whether nf_tables has a chain of that name, asked of the kernel itself (linux/netfilter/nf_tables.h).
import { families } from './address-bytes.ts'
import { loadLibc } from './libc.ts'
import { request, text, type Message } from './message.ts'
import { netfilterHeader, netfilterType } from './netfilter.ts'
import { NetlinkSocket } from './socket.ts'

/** NFT_MSG_GETCHAIN; a chain comes as NFT_MSG_NEWCHAIN. */
const types = { get: netfilterType('nftables', 4), chain: netfilterType('nftables', 3) } as const

/** `undefined` where netlink cannot be spoken. */
export async function hasNftChain(
  family: 4 | 6,
  table: string,
  chain: string,
): Promise<boolean | undefined> {
  const libc = await loadLibc()
  if (!libc) return undefined
  using netfilter = new NetlinkSocket(libc, 'netfilter')
  return netfilter.ask(question(family, table, chain)).some(({ type }) => type === types.chain)
}

/** NFTA_CHAIN_TABLE and NFTA_CHAIN_NAME. */
function question(family: 4 | 6, table: string, chain: string): Message {
  const header = netfilterHeader(families[family])
  return {
    type: types.get,
    flags: request,
    body: Buffer.concat([header, text(1, table), text(3, chain)]),
  }
}
