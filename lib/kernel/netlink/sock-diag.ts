// Reads the sockets that wait for connections or packets by sock_diag(7). The kernel visits only those that listen; for /proc/net/tcp it
// visits a table whose size follows the machine's memory (2 ms a reading with 24 GiB).
import type { Family } from '../../address/ip-address.ts'
import { attributesOf, families, struct } from './codec.ts'
import { INET_DIAG, IPPROTO, SOCK_DIAG_BY_FAMILY, TCP } from './constants.ts'
import type { NetlinkSocket } from './socket.ts'

export type WaitingSocket = {
  /** 4 or 16 bytes. */
  readonly address: Buffer
  readonly port: number
  /** The peer of a connected UDP socket; else zeros. */
  readonly remoteAddress: Buffer
  readonly remotePort: number
  /** The index of the only device whose packets it takes, or 0. */
  readonly link: number
  readonly queued: number
  readonly limit: number
  readonly inode: number
  /** An IPv6 socket that takes no IPv4. */
  readonly ipv6Only: boolean
}

/** linux/inet_diag.h. */
const inet_diag_req_v2 = struct({
  family: 'u8',
  protocol: 'u8',
  ext: 'u8',
  pad: 'u8',
  states: 'u32',
  id: 48,
})
const inet_diag_msg = struct({
  family: 'u8',
  state: 'u8',
  timer: 'u8',
  retransmissions: 'u8',
  port: 'be16',
  remotePort: 'be16',
  address: 16,
  remoteAddress: 16,
  link: 'u32',
  cookie: 8,
  expires: 'u32',
  queued: 'u32',
  limit: 'u32',
  user: 'u32',
  inode: 'u32',
})

/** The states to ask for, as bit sets: listening TCP sockets, and all UDP sockets. */
const states = { tcp: 1 << TCP.LISTEN, udp: (1 << TCP.CLOSE) | (1 << TCP.ESTABLISHED) } as const

/** @throws NetlinkError when this kernel has no sock_diag */
export function waitingSockets(
  sockets: NetlinkSocket,
  protocol: 'tcp' | 'udp',
  family: Family,
): readonly WaitingSocket[] {
  const body = inet_diag_req_v2.encode({
    family: families[family],
    protocol: IPPROTO[protocol] ?? 0,
    states: states[protocol],
  })
  return sockets.dump({ type: SOCK_DIAG_BY_FAMILY, body }).map(({ body: reply }): WaitingSocket => {
    const { address, remoteAddress, remotePort, port, link, queued, limit, inode } =
      inet_diag_msg.decode(reply)
    const only = attributesOf(reply.subarray(inet_diag_msg.size)).get(INET_DIAG.SKV6ONLY)
    return {
      port,
      link,
      queued,
      limit,
      inode,
      address: address.subarray(0, family === 6 ? 16 : 4),
      remoteAddress: remoteAddress.subarray(0, family === 6 ? 16 : 4),
      remotePort,
      ipv6Only: only?.[0] === 1,
    }
  })
}
