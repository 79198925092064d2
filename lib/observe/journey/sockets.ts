// Reads the sockets that wait for packets on a node (/proc/net/tcp and udp, in the form that proc(5) describes).
import { endianness } from 'node:os'
import { addressText } from '../../address/address-text.ts'

export type Socket = {
  readonly protocol: 'tcp' | 'udp'
  readonly family: 4 | 6
  /** `0.0.0.0` and `::` are all addresses. */
  readonly address: string
  readonly port: number
  /** Null while it waits for anybody. */
  readonly peer: string | null
  /** Bytes that wait to be read; of a TCP listener, connections that wait to be accepted. */
  readonly waiting: number
}

/** @param text the four files, each after its name. */
export function readSockets(text: string): readonly Socket[] {
  const sockets: Socket[] = []
  let [protocol, family]: [Socket['protocol'], Socket['family']] = ['tcp', 4]
  for (const line of text.split('\n')) {
    const named = /^(tcp|udp)(6?)$/.exec(line)
    if (named) [protocol, family] = [named[1] === 'udp' ? 'udp' : 'tcp', named[2] ? 6 : 4]
    const [, local = '', remote = '', state, queues = ''] = line.trim().split(/\s+/)
    const [address = '', port = ''] = local.split(':')
    // 0A is LISTEN; a UDP socket is 07 until it is connected.
    const waits = protocol === 'tcp' ? state === '0A' : state === '07' || state === '01'
    if (!/^[0-9A-F]{8,}$/.test(address) || !waits) continue
    const peer = addressOf(remote.split(':')[0] ?? '')
    sockets.push({
      protocol,
      family,
      address: addressOf(address),
      port: Number.parseInt(port, 16),
      peer: /^[0.:]*$/.test(peer) ? null : peer,
      waiting: Number.parseInt(queues.split(':')[1] ?? '0', 16),
    })
  }
  return sockets
}

/** The kernel prints words of 32 bits in the machine's own order. */
function addressOf(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  if (endianness() === 'LE') bytes.swap32()
  return addressText(bytes)
}
