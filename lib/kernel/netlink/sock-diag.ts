// Reads the listening sockets by sock_diag(7). The kernel visits only those that listen; for /proc/net/tcp it visits a table
// whose size follows the machine's memory (2 ms a reading with 24 GiB).
import { IpAddress, type Family } from '../../address/ip-address.ts'
import { families, struct } from './codec.ts'
import { AF, IPPROTO, SOCK_DIAG_BY_FAMILY, TCP } from './constants.ts'
import type { Libc } from './libc.ts'
import { NetlinkError, NetlinkSocket } from './socket.ts'

export type Listener = {
  /** `undefined`: every address. */
  readonly address: IpAddress | undefined
  readonly port: number
  readonly inode: string
}

/** linux/inet_diag.h: the beginning of struct inet_diag_sockid, of inet_diag_req_v2 and of inet_diag_msg. */
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
  sourcePort: 'be16',
  destinationPort: 'be16',
  source: 16,
  destination: 16,
  interface: 'u32',
  cookie: 8,
  expires: 'u32',
  receiveQueue: 'u32',
  sendQueue: 'u32',
  uid: 'u32',
  inode: 'u32',
})

/** Sets of one state: a TCP socket that listens, and a UDP socket that is not connected. */
const states = { tcp: 1 << TCP.LISTEN, udp: 1 << TCP.CLOSE } as const

/** @returns undefined when this kernel has no sock_diag. @throws Error when a netlink socket is forbidden (seccomp) */
export function askForListeners(
  libc: Libc,
  protocol: 'tcp' | 'udp',
): readonly Listener[] | undefined {
  using socket = new NetlinkSocket(libc, 'SOCK_DIAG')
  try {
    return Object.values(families).flatMap((family) => {
      const body = inet_diag_req_v2.encode({
        family,
        protocol: IPPROTO[protocol] ?? 0,
        states: states[protocol],
      })
      return socket.dump({ type: SOCK_DIAG_BY_FAMILY, body }).map(({ body }) => listener(body))
    })
  } catch (error) {
    if (error instanceof NetlinkError) return undefined
    throw error
  }
}

function listener(body: Buffer): Listener {
  const { family, source, sourcePort, inode } = inet_diag_msg.decode(body)
  const isSix = family === AF.INET6
  const value = BigInt(`0x${source.toString('hex', 0, isSix ? 16 : 4)}`)
  return { address: boundAddress(value, isSix ? 6 : 4), port: sourcePort, inode: `${inode}` }
}

/** `undefined` for every address; an IPv6 socket can have an IPv4 address mapped (RFC 4291 2.5.5.2). */
export function boundAddress(value: bigint, family: Family): IpAddress | undefined {
  const isMapped = value >> 32n === 0xffffn
  const address = isMapped ? new IpAddress(4, value & 0xffff_ffffn) : new IpAddress(family, value)
  return address.value === 0n ? undefined : address
}
