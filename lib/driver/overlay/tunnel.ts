// Plans the tunnel of an overlay network on one machine, and the entries that say which endpoint is on which other machine.
import { macAddressFor } from '../../address/mac-address.ts'
import { linkGroup } from '../../firewall/firewall.ts'
import type { Operation } from '../../kernel/operation.ts'
import type { DriverNetwork, PeerChange, Step } from '../driver.ts'

/** What a VXLAN packet adds to a frame: Ethernet 14, VXLAN 8, UDP 8, and IPv4 20 or IPv6 40 (RFC 7348 5). */
export function tunnelOverhead(address: string): 50 | 70 {
  return address.includes(':') ? 70 : 50
}

export type OverlayContext = {
  /** Begins the alias of every interface. */
  readonly label: string
  /** The address of this machine in its tunnels; the driver is used only where the machine has one. */
  readonly address: () => string
}

/** `ndx` and the first 12 digits of the network's id. */
export function tunnelName({ id }: Pick<DriverNetwork, 'id'>): string {
  return `ndx${id.slice(0, 12)}`
}

export function tunnelMac({ id }: Pick<DriverNetwork, 'id'>): string {
  return macAddressFor(`${id}/tunnel`)
}

export function tunnelSteps(
  { label, address }: OverlayContext,
  network: DriverNetwork,
): readonly Step[] {
  const link = tunnelName(network)
  return [
    {
      title: 'Create the tunnel to the other machines as a port of the bridge',
      operations: [
        {
          kind: 'add-vxlan',
          link,
          mac: tunnelMac(network),
          ...(network.mtu === undefined ? {} : { mtu: network.mtu }),
          group: linkGroup,
          bridge: network.interface,
          vni: Number(network.options.vni),
          port: Number(network.options.port ?? 4789),
          local: address(),
        },
        {
          kind: 'set-link',
          link,
          alias: `${label}/${network.name}/tunnel`,
          linkLocal: false,
          // The bridge answers ARP and NDP requests itself from its neighbour entries, and learns nothing from the tunnel.
          port: {
            hairpin: false,
            isolated: !network.internalTraffic,
            learning: false,
            neighbourSuppression: true,
          },
          up: true,
        },
      ],
    },
  ]
}

/** Three entries an address: the neighbour's MAC, the port of the bridge, and the machine. */
export function peerSteps(network: DriverNetwork, { added, removed }: PeerChange): readonly Step[] {
  const tunnel = tunnelName(network)
  const kept = new Set(added.map(({ mac }) => mac))
  const steps: readonly Step[] = [
    {
      title: 'Remove the entries of endpoints that are gone',
      operations: removed.flatMap(({ address, mac, machine }): Operation[] => [
        { kind: 'remove-neighbour', address, mac, link: network.interface },
        ...(kept.has(mac)
          ? []
          : ([
              { kind: 'remove-forwarding-entry', mac, link: tunnel },
              { kind: 'remove-forwarding-entry', mac, link: tunnel, destination: machine },
            ] as const)),
      ]),
    },
    {
      title: 'Set the entries of endpoints on other machines',
      operations: added.flatMap(({ address, mac, machine }): Operation[] => [
        { kind: 'replace-forwarding-entry', mac, link: tunnel, destination: machine },
        { kind: 'replace-forwarding-entry', mac, link: tunnel },
        { kind: 'replace-neighbour', address, mac, link: network.interface },
      ]),
    },
  ]
  return steps.filter(({ operations }) => operations.length > 0)
}
