// Makes the overlay driver: a network is a bridge on each machine and a VXLAN device as its port, whose entries name the machine of
// each remote endpoint: nothing is flooded, and nothing is learned.
import type { NetworkDriver } from '../driver.ts'
import { checkTunnels } from './check.ts'
import { peerSteps, tunnelMac, tunnelName, tunnelSteps, type OverlayContext } from './tunnel.ts'

/** @param bridge the driver whose bridges, veth pairs and firewall these networks use */
export function overlayDriver(bridge: NetworkDriver, context: OverlayContext): NetworkDriver {
  return {
    ...bridge,
    name: 'overlay',
    base: bridge.name,
    isShared: true,
    options: {
      ...bridge.options,
      vni: 'the number of the network in its packets, 1 to 16777215; the default is a free one from 4096',
      port: 'the UDP port of the tunnels, the same on all machines; the default is 4789',
    },
    otherInterfaces: (network) => [tunnelName(network)],
    create: (network, others) => [
      ...bridge.create(network, others),
      ...tunnelSteps(context, network),
    ],
    remove: (network, others) => [
      {
        title: 'Remove the tunnel to the other machines',
        operations: [{ kind: 'remove-link', link: tunnelName(network), mac: tunnelMac(network) }],
      },
      ...bridge.remove(network, others),
    ],
    peers: peerSteps,
    check: (attached) => checkTunnels(context, attached),
  }
}
