// What all parts of the bridge driver share.
import type { Firewall, NetworkRules } from '../../firewall/firewall.ts'
import type { DriverNetwork } from '../driver.ts'

export type BridgeContext = { readonly firewall: Firewall; readonly label: string }

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
