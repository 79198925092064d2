// Reads the subnets that this host already uses, from its addresses and routes, without starting a process.
import { existsSync, readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { IpAddress } from '../address/ip-address.ts'
import { Subnet } from '../address/subnet.ts'

export type HostSubnet = { readonly subnet: Subnet; readonly use: string }

export function readHostSubnets(): readonly HostSubnet[] {
  return [
    ...addresses(),
    ...rows('/proc/net/route').slice(1).flatMap(routeFour),
    ...rows('/proc/net/ipv6_route').flatMap(routeSix),
  ]
}

/** The addresses of every interface that is up, loopback included. */
export function hostAddresses(): readonly IpAddress[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => IpAddress.parse(address.replace(/%.*/, '')))
}

function addresses(): readonly HostSubnet[] {
  return Object.entries(networkInterfaces()).flatMap(([link, addresses]) =>
    (addresses ?? []).flatMap(({ address, cidr, internal }) => {
      if (internal || cidr === null) return []
      const subnet = Subnet.containing(IpAddress.parse(address), Number(cidr.split('/')[1]))
      return [{ subnet, use: `the address ${address} of ${link}` }]
    }),
  )
}

function rows(path: string): readonly (readonly string[])[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.trim().split(/\s+/))
}

/** `Iface Destination Gateway Flags RefCnt Use Metric Mask …`, numbers in the processor's byte order (proc(5)). */
function routeFour([link = '', destination = '', , , , , , mask = '']: readonly string[]) {
  const length = reversed(mask).toString(2).replaceAll('0', '').length
  const subnet = Subnet.containing(new IpAddress(4, reversed(destination)), length)
  return [{ subnet, use: `the route by ${link}` }]
}

function reversed(hex: string): bigint {
  return BigInt(`0x${(hex.match(/../g) ?? ['0']).toReversed().join('')}`)
}

/** `destination length …` in network order, with the interface as last field. */
function routeSix(fields: readonly string[]) {
  const [destination = '', length = ''] = fields
  const link = fields.at(-1) ?? ''
  // Routes that the kernel adds for loopback and for each own address; it never forwards by them.
  if (link === 'lo') return []
  const address = new IpAddress(6, BigInt(`0x${destination}`))
  const subnet = Subnet.containing(address, Number.parseInt(length, 16))
  return [{ subnet, use: `the route by ${link}` }]
}
