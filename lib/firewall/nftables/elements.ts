// Networks and published ports as elements of our table's sets and maps.
import type { FirewallState, Forward, NetworkRules } from '../firewall.ts'
import type { SetName } from './table.ts'

export type Element = {
  readonly set: SetName
  readonly key: readonly string[]
  readonly data?: readonly string[]
}

export function elementsOf({ networks, forwards }: FirewallState): readonly Element[] {
  return [...networks.flatMap(networkElements), ...forwards.map(forwardElement)]
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
