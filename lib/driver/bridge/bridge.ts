// The bridge driver: a network is a Linux bridge with the gateway's address, an endpoint a veth from it into a namespace.
import type { Firewall } from '../../firewall/firewall.ts'
import type { NetworkDriver } from '../driver.ts'
import { checkBridges } from './check.ts'
import { connectSteps, disconnectSteps } from './connect.ts'
import { createSteps, removeSteps } from './create.ts'
import { bridgeName, vethName } from './names.ts'

/** `label` begins the alias of every interface of these networks. */
export function bridgeDriver(firewall: Firewall, label: string): NetworkDriver {
  return {
    name: 'bridge',
    options: { interface: 'the name of the bridge, instead of nd- and the network’s name' },
    networkInterface: ({ name, options }) => options.interface ?? bridgeName(name),
    endpointInterface: vethName,
    create: (network, others) => createSteps({ firewall, label }, network, others),
    remove: (network, others) => removeSteps({ firewall, label }, network, others),
    connect: (network, endpoint) => connectSteps({ firewall, label }, network, endpoint),
    disconnect: (network, endpoint) => disconnectSteps({ firewall, label }, network, endpoint),
    check: (attached) => checkBridges({ firewall, label }, attached),
  }
}
