// Reads the sockets of this host that wait for connections or packets: by sock_diag where that is possible, since it is much
// faster, otherwise from /proc, which every kernel has and every user can read.
import { existsSync, readFileSync } from 'node:fs'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { IpAddress, type Family } from '../address/ip-address.ts'
import type { Protocol } from '../address/port-mapping.ts'
import { loadLibc, type Libc } from './netlink/libc.ts'
import { waitingSockets } from './netlink/sock-diag.ts'
import { NetlinkError, NetlinkSocket } from './netlink/socket.ts'

export type Listener = {
  /** `undefined`: every address. */
  readonly address: IpAddress | undefined
  readonly port: number
  /** The family of the socket. */
  readonly family: Family
  readonly inode: string
}

/** TCP sockets that listen, and UDP sockets that are not connected; the kernel reports SCTP's in neither of the two ways. */
export async function readListeners(protocol: Protocol): Promise<readonly Listener[]> {
  if (protocol === 'sctp') return []
  return (await asked(protocol)) ?? listenersInFiles(protocol)
}

async function asked(protocol: 'tcp' | 'udp'): Promise<readonly Listener[] | undefined> {
  try {
    const libc = await loadLibc()
    return libc && askForListeners(libc, protocol)
  } catch {
    return undefined
  }
}

/** @returns undefined when this kernel has no sock_diag. @throws Error when a netlink socket is forbidden (seccomp) */
export function askForListeners(
  libc: Libc,
  protocol: 'tcp' | 'udp',
): readonly Listener[] | undefined {
  using sockets = new NetlinkSocket(libc, 'SOCK_DIAG')
  try {
    return ([4, 6] as const).flatMap((family) =>
      waitingSockets(sockets, protocol, family)
        .filter(({ remotePort }) => remotePort === 0)
        .map(({ address, port, inode }) => ({
          address: boundAddress(BigInt(`0x${address.toString('hex')}`), family),
          port,
          family,
          inode: `${inode}`,
        })),
    )
  } catch (error) {
    if (error instanceof NetlinkError) return undefined
    throw error
  }
}

/** Reads the same from /proc. */
export function listenersInFiles(protocol: 'tcp' | 'udp'): readonly Listener[] {
  return [`/proc/net/${protocol}`, `/proc/net/${protocol}6`]
    .filter(existsSync)
    .flatMap((path) => parseListeners(protocol, readFileSync(path, 'utf8')))
}

/** Parses one of those files. */
export function parseListeners(protocol: 'tcp' | 'udp', text: string): readonly Listener[] {
  const state = protocol === 'tcp' ? '0A' : '07'
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === state)
    .map((fields) => listener(fields[1] ?? '', fields[9] ?? ''))
}

/** The name and id of the process that holds the socket; undefined when we may not see it. */
export async function holderOf({ inode }: Listener): Promise<string | undefined> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => [])
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')
      if (target !== `socket:[${inode}]`) continue
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '?')
      return `${name.trim()} (process ${pid})`
    }
  }
  return undefined
}

function listener(local: string, inode: string): Listener {
  const [hex = '', port = ''] = local.split(':')
  return {
    address: addressFrom(hex),
    port: Number.parseInt(port, 16),
    family: hex.length === 32 ? 6 : 4,
    inode,
  }
}

/** Words of 32 bits, each in the order of this machine's processor: little-endian on all that Node 24 runs on but s390x. */
function addressFrom(hex: string): IpAddress | undefined {
  const words = hex.match(/.{8}/g) ?? []
  const ordered = words.map((word) => (word.match(/../g) ?? []).toReversed().join('')).join('')
  return boundAddress(BigInt(`0x${ordered || '0'}`), words.length === 4 ? 6 : 4)
}

/** `undefined` for every address; an IPv6 socket can have an IPv4 address mapped (RFC 4291 2.5.5.2). */
function boundAddress(value: bigint, family: Family): IpAddress | undefined {
  const isMapped = value >> 32n === 0xffffn
  const address = isMapped ? new IpAddress(4, value & 0xffff_ffffn) : new IpAddress(family, value)
  return address.value === 0n ? undefined : address
}
