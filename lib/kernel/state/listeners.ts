// Reads the listening sockets of the calling thread's network namespace by sock_diag(7), or from /proc/net if the kernel lacks sock_diag.
import { addressText } from '../../address/address-text.ts'
import { parseListeners } from '../listeners.ts'
import { waitingSockets, type WaitingSocket } from '../netlink/sock-diag.ts'
import type { NetlinkSocket } from '../netlink/socket.ts'
import { flag, given } from './links.ts'
import type { Family, Listener } from './state.ts'
import type { ReadFile } from './sysctls.ts'

type Protocol = Listener['protocol']

/** @throws NetlinkError when this kernel has no sock_diag */
export function readListeners(
  sockets: NetlinkSocket,
  used: readonly UsedProtocol[],
  names: ReadonlyMap<number, string>,
): readonly Listener[] {
  return used.flatMap((asked) =>
    waitingSockets(sockets, asked.protocol, asked.family).map((socket) =>
      listener(asked, socket, names.get(socket.link)),
    ),
  )
}

function listener(
  { protocol, family }: UsedProtocol,
  { address, port, remoteAddress, remotePort, ipv6Only, queued, limit }: WaitingSocket,
  link: string | undefined,
): Listener {
  return {
    protocol,
    family,
    address: unmapped(addressText(address)),
    port,
    ...(remotePort === 0
      ? {}
      : { remote: { address: unmapped(addressText(remoteAddress)), port: remotePort } }),
    ...given('link', link),
    ...flag('ipv6Only', ipv6Only),
    queued,
    ...(protocol === 'tcp' ? { limit } : {}),
  }
}

/** An IPv6 socket that is bound to an address of IPv4 (RFC 4291 2.5.5.2). */
function unmapped(address: string): string {
  return address.replace(/^::ffff:(?=[\d.]+$)/, '')
}

/** Other than sock_diag, this leaves out queues, devices, and UDP sockets that are connected. */
export function listenersInFiles(read: ReadFile): readonly Listener[] {
  return usedProtocols(read).flatMap(({ protocol, family }) => {
    const text = read(`/proc/thread-self/net/${protocol}${family === 6 ? '6' : ''}`)
    return parseListeners(protocol, text).map(({ address, port }) => ({
      protocol,
      family,
      address: address?.toString() ?? (family === 6 ? '::' : '0.0.0.0'),
      port,
    }))
  })
}

export type UsedProtocol = { readonly protocol: Protocol; readonly family: Family }

/** The kernel visits the sockets of all namespaces for an answer, which takes a millisecond: ask only where there are sockets. */
export function usedProtocols(read: ReadFile): readonly UsedProtocol[] {
  const used = read('/proc/thread-self/net/sockstat') + read('/proc/thread-self/net/sockstat6')
  return (['tcp', 'udp'] as const).flatMap((protocol) =>
    ([4, 6] as const)
      .filter((family) => {
        const name = protocol.toUpperCase() + (family === 6 ? '6' : '')
        return !new RegExp(`^${name}: inuse 0\\b`, 'm').test(used)
      })
      .map((family) => ({ protocol, family })),
  )
}
