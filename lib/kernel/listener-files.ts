// Which sockets of this host wait for others, and who holds one: from /proc, which can be read without privileges, and of every kernel.
import { existsSync, readFileSync } from 'node:fs'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { IpAddress, type Family } from '../address/ip-address.ts'

export type Listener = {
  /** `undefined`: every address. */
  readonly address: IpAddress | undefined
  readonly port: number
  readonly inode: string
}

/** TCP sockets that listen, UDP sockets that are not connected to anybody. */
export function listenersInFiles(protocol: 'tcp' | 'udp'): readonly Listener[] {
  return [`/proc/net/${protocol}`, `/proc/net/${protocol}6`]
    .filter(existsSync)
    .flatMap((path) => parseListeners(protocol, readFileSync(path, 'utf8')))
}

/** The same, from the text of one of those files. */
export function parseListeners(protocol: 'tcp' | 'udp', text: string): readonly Listener[] {
  const state = protocol === 'tcp' ? '0A' : '07'
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === state)
    .map((fields) => listener(fields[1] ?? '', fields[9] ?? ''))
}

/** The name and id of the process that holds the socket, as far as we may look. */
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
    inode,
  }
}

/** Words of 32 bits, each in the order of this machine's processor: little-endian on all that Node 24 runs on but s390x. */
function addressFrom(hex: string): IpAddress | undefined {
  const words = hex.match(/.{8}/g) ?? []
  const ordered = words.map((word) => (word.match(/../g) ?? []).toReversed().join('')).join('')
  return boundAddress(BigInt(`0x${ordered || '0'}`), words.length === 4 ? 6 : 4)
}

/** `undefined` for every address; one of IPv4 when a socket of IPv6 has it mapped (RFC 4291 2.5.5.2). */
export function boundAddress(value: bigint, family: Family): IpAddress | undefined {
  const isMapped = value >> 32n === 0xffffn
  const address = isMapped ? new IpAddress(4, value & 0xffff_ffffn) : new IpAddress(family, value)
  return address.value === 0n ? undefined : address
}
