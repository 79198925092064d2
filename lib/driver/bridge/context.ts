// Defines the context that all parts of the bridge driver share.
import type { Firewall, NetworkRules } from '../../firewall/firewall.ts'
import type { DriverNetwork } from '../driver.ts'

export type BridgeContext = {
  readonly firewall: Firewall
  /** Begins the alias of every interface. */
  readonly label: string
  /** Families in which Docker filters forwarded packets, as last read. */
  docker: readonly (4 | 6)[]
  /** Families that this host already forwards. */
  forwarding: readonly (4 | 6)[]
}

export function rulesOf(network: DriverNetwork): NetworkRules {
  return {
    bridge: network.interface,
    subnets: network.subnets.map(({ subnet }) => subnet),
    masquerade: network.masquerade,
    internal: network.internal,
    internalTraffic: network.internalTraffic,
  }
}

export function hasFamily(network: DriverNetwork, family: 4 | 6): boolean {
  return network.subnets.some(({ subnet }) => subnet.includes(':') === (family === 6))
}
