// Which sockets of this host wait for others, by sock_diag(7): the kernel goes through those that listen, and not, as for
// /proc/net/tcp, through a table whose size follows the machine's memory (2 ms a reading with 24 GiB).
import { boundAddress, type Listener } from '../listener-files.ts'
import { families } from './address-bytes.ts'
import type { Libc } from './libc.ts'
import { dump, request, type Answer } from './message.ts'
import { protocolNumbers } from './netfilter.ts'
import { NetlinkSocket } from './socket.ts'

/** SOCK_DIAG_BY_FAMILY. */
const byFamily = 20
/** As sets of one: TCP_LISTEN, and TCP_CLOSE for a UDP socket that is not connected to anybody. */
const states = { tcp: 1 << 10, udp: 1 << 7 } as const

/** `undefined` when the kernel was built without it. @throws Error when there is no asking at all (seccomp) */
export function askForListeners(
  libc: Libc,
  protocol: 'tcp' | 'udp',
): readonly Listener[] | undefined {
  using socket = new NetlinkSocket(libc, 'sockets')
  const listeners: Listener[] = []
  for (const family of Object.values(families)) {
    const answers = socket.ask({
      type: byFamily,
      flags: request | dump,
      body: requestFor(family, protocol),
    })
    if (socket.refusalIn(answers) !== undefined) return undefined
    listeners.push(...answers.filter(({ type }) => type === byFamily).map(listener))
  }
  return listeners
}

/** struct inet_diag_req_v2: what is not asked for is left 0. */
function requestFor(family: number, protocol: 'tcp' | 'udp'): Buffer {
  const body = Buffer.alloc(56)
  body.writeUInt8(family, 0)
  body.writeUInt8(protocolNumbers[protocol] ?? 0, 1)
  body.writeUInt32LE(states[protocol], 4)
  return body
}

/** struct inet_diag_msg: the family, and from byte 4 on struct inet_diag_sockid; the inode is the last of it. */
function listener({ body }: Answer): Listener {
  const isSix = body[0] === families[6]
  const value = BigInt(`0x${body.toString('hex', 8, isSix ? 24 : 12)}`)
  return {
    address: boundAddress(value, isSix ? 6 : 4),
    port: body.readUInt16BE(4),
    inode: `${body.readUInt32LE(68)}`,
  }
}
