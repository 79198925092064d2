// Expresses networks and published ports as elements of our table's sets and maps.
import type { FirewallState, Forward, NetworkRules } from '../firewall.ts'

export type SetName =
  | 'networks'
  | 'loops'
  | 'closed'
  | 'internal'
  | 'guarded'
  | 'masquerade4'
  | 'masquerade6'
  | 'ports4'
  | 'ports4any'
  | 'ports6'
  | 'ports6any'

/** The set that the packets fill themselves. */
export const setOfPackets = 'same'

/** The sets of the table of the family bridge. */
export type SourceSet = 'restricted' | 'macs' | 'sources4' | 'sources6'

export type Element = {
  readonly set: SetName | SourceSet
  readonly key: readonly string[]
  readonly data?: readonly string[]
}

export function elementsOf({
  networks,
  forwards,
  guarded,
}: Omit<FirewallState, 'sources'>): readonly Element[] {
  return [
    ...networks.flatMap(networkElements),
    ...forwards.map(forwardElement),
    ...guarded.map(guardElement),
  ]
}

/** linux/if_ether.h: ETH_P_IP and ETH_P_IPV6, as numbers, which nft prints as the names `ip` and `ip6`. */
export const etherTypes = { 4: '2048', 6: '34525' } as const

export function guardElement(family: 4 | 6): Element {
  return { set: 'guarded', key: [etherTypes[family]] }
}

export function networkElements(network: NetworkRules): readonly Element[] {
  const { bridge, subnets, masquerade, internal, internalTraffic } = network
  return [
    { set: 'networks', key: [bridge] },
    { set: 'loops', key: [bridge, bridge] },
    ...(internalTraffic ? [] : [{ set: 'closed' as const, key: [bridge] }]),
    ...(internal ? [{ set: 'internal' as const, key: [bridge] }] : []),
    ...(masquerade && !internal ? subnets.map(masqueradeElement) : []),
  ]
}

function masqueradeElement(subnet: string): Element {
  return { set: subnet.includes(':') ? 'masquerade6' : 'masquerade4', key: [subnet] }
}

export function forwardElement({
  protocol,
  hostAddress,
  hostPort,
  address,
  port,
}: Forward): Element {
  const family = address.includes(':') ? 6 : 4
  const key = [protocol, String(hostPort)]
  const data = [address, String(port)]
  return hostAddress === undefined
    ? { set: `ports${family}any`, key, data }
    : { set: `ports${family}`, key: [hostAddress, ...key], data }
}
