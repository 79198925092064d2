// Lists the subnets that this host uses, from its addresses and from the routes of all tables: a subnet that is in use by the
// host is never given to a network.
import { networkInterfaces } from 'node:os'
import { addressBits, IpAddress } from '../address/ip-address.ts'
import { Subnet } from '../address/subnet.ts'
import type { Host } from './read.ts'
import type { Route } from './state/state.ts'

export type HostSubnet = {
  readonly subnet: Subnet
  /** For errors: `'the route via 10.0.0.1 by eth0 in table main'`. */
  readonly use: string
  /**
   * `route`: packets to it take that way, which says nothing about a smaller subnet inside. `single`: only this address is in
   * use, and the rest of its subnet is free. Absent: all of it is in use.
   */
  readonly kind?: 'route' | 'single'
}

export function hostSubnets({ links, routes }: Pick<Host, 'links' | 'routes'>): HostSubnet[] {
  return [...links.flatMap(addressesOf), ...routes.flatMap(routeOf)]
}

/** The addresses of every interface that is up, loopback included. */
export function hostAddresses(): readonly IpAddress[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => IpAddress.parse(address.replace(/%.*/, '')))
}

function addressesOf({ name, loopback, addresses }: Host['links'][number]): HostSubnet[] {
  return addresses.flatMap(({ address, prefix, peer }) => {
    const own = IpAddress.parse(address)
    const whole = addressBits(own.family)
    const use = `the address ${address} of ${name}`
    // On lo, an address stands for a service of the host, and no other machine is beside it.
    const kind = loopback && prefix === whole ? { kind: 'single' as const } : {}
    const subnets = [Subnet.containing(peer === undefined ? own : IpAddress.parse(peer), prefix)]
    if (peer !== undefined) subnets.push(Subnet.containing(own, whole))
    return subnets.map((subnet) => Object.assign({ subnet, use }, kind))
  })
}

/** The other kinds are made by the kernel beside an address, or lead on to the next table. */
const kinds: ReadonlySet<string> = new Set([
  'unicast',
  'local',
  'blackhole',
  'unreachable',
  'prohibit',
])

function routeOf({ family, to, type, table, via, link }: Route): HostSubnet[] {
  // The kernel adds routes by lo for each own IPv6 address; it never forwards by them.
  if (to === 'default' || !kinds.has(type) || (type === 'unicast' && link === 'lo')) return []
  const subnet = Subnet.parse(to.includes('/') ? to : `${to}/${addressBits(family)}`)
  if (type === 'local') {
    // The kernel makes one of each own address; a larger one makes each of its addresses the host's own.
    const isAddress = subnet.prefixLength === addressBits(family)
    return isAddress ? [] : [{ subnet, use: `the local route in table ${table}` }]
  }
  const way = `${type === 'unicast' ? '' : `${type} `}route`
  const by = `${via === undefined ? '' : ` via ${via}`}${link === undefined ? '' : ` by ${link}`}`
  return [{ subnet, use: `the ${way}${by} in table ${table}`, kind: 'route' }]
}
