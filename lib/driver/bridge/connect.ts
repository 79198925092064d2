// Plans the steps that attach a namespace to a bridge network and those that detach it.
import { macAddressFor } from '../../address/mac-address.ts'
import { linkGroup, type Forward } from '../../firewall/firewall.ts'
import type { Operation } from '../../kernel/operation.ts'
import type { DriverEndpoint, DriverNetwork, Step } from '../driver.ts'
import { hasFamily, kernelHasIpv6, sourcesOf, type BridgeContext } from './context.ts'

export function connectSteps(
  { firewall, label }: BridgeContext,
  network: DriverNetwork,
  endpoint: DriverEndpoint,
): readonly Step[] {
  return [
    // Before the veth pair exists, so that no frame passes unchecked.
    {
      title: 'Let only its own addresses be the source of its frames',
      operations: sourcesOf(network, endpoint).flatMap((source) => firewall.restrict(source)),
    },
    {
      title: 'Create a veth pair: one end on the bridge, the other in the container',
      operations: vethPair(label, network, endpoint),
    },
    {
      title: 'In the container: addresses, default route, ARP/NDP announcement',
      operations: endpoint.netns === undefined ? [] : inside(network, endpoint, endpoint.netns),
    },
    { title: 'Publish the ports', operations: firewall.publish(endpoint.forwards) },
    {
      title: 'Delete old conntrack entries of these ports',
      operations: endpoint.forwards.flatMap(flushBefore),
    },
  ].filter(({ operations }) => operations.length > 0)
}

function vethPair(
  label: string,
  network: DriverNetwork,
  endpoint: DriverEndpoint,
): readonly Operation[] {
  return [
    {
      kind: 'add-veth',
      link: endpoint.hostInterface,
      mac: macAddressFor(endpoint.id),
      ...(network.mtu === undefined ? {} : { mtu: network.mtu }),
      group: linkGroup,
      bridge: network.interface,
      peer: {
        link: endpoint.interface,
        mac: endpoint.mac,
        ...(endpoint.netns === undefined ? {} : { netns: endpoint.netns }),
      },
    },
    {
      kind: 'set-link',
      link: endpoint.hostInterface,
      alias: aliasOf(label, network, endpoint),
      // A bridge port needs no address; each would cause multicast traffic to all other ports.
      ...(kernelHasIpv6(network) ? { linkLocal: false } : {}),
      up: true,
      // Hairpin: with br_netfilter, a container's packet to its own published port leaves by the port by which it came.
      port: { hairpin: true, isolated: !network.internalTraffic },
    },
    // On the host, the other end is recognisable, too, also when the engine has renamed it.
    ...(endpoint.netns === undefined
      ? [
          {
            kind: 'set-link' as const,
            link: endpoint.interface,
            alias: aliasOf(label, network, endpoint),
          },
        ]
      : []),
  ]
}

export function aliasOf(
  label: string,
  network: Pick<DriverNetwork, 'name'>,
  endpoint: Pick<DriverEndpoint, 'id'>,
): string {
  return `${label}/${network.name}/${endpoint.id}`
}

function inside(
  network: DriverNetwork,
  endpoint: DriverEndpoint,
  netns: string,
): readonly Operation[] {
  const { interface: link } = endpoint
  const gateways = network.subnets.map(({ gateway }) => gateway)
  return [
    ...(hasFamily(network, 6)
      ? [
          // An engine may have made the namespace without IPv6, as Docker does; a network with IPv6 needs it on its interface.
          {
            kind: 'set-sysctl',
            key: `net/ipv6/conf/${link}/disable_ipv6`,
            value: '0',
            netns,
          } as const,
          // The gateway must come from this network's configuration, not from a router advertisement (CVE-2020-13401).
          {
            kind: 'set-sysctl',
            key: `net/ipv6/conf/${link}/accept_ra`,
            value: '0',
            netns,
          } as const,
        ]
      : // A link-local IPv6 address, unused here, would cause multicast traffic to every port of the bridge.
        kernelHasIpv6(network)
        ? [{ kind: 'set-link', link, linkLocal: false, netns } as const]
        : []),
    ...(endpoint.isFirst ? [{ kind: 'set-link', link: 'lo', up: true, netns } as const] : []),
    { kind: 'set-link', link, up: true, netns },
    ...endpoint.addresses.map((address): Operation => ({
      kind: 'add-address',
      address,
      link,
      netns,
    })),
    ...endpoint.routes,
    // Neighbours may still have an entry of this address with the MAC of its last owner (moby 36069). The request reaches every
    // port of the bridge, so it is sent only where such entries may exist.
    ...(endpoint.announce
      ? gateways.map((neighbour): Operation => ({ kind: 'announce', neighbour, link, netns }))
      : []),
  ]
}

/**
 * A client that already sends to the port keeps its conntrack entry alive, and its packets bypass the new rule (plugins 123): with
 * UDP, and with SCTP, which repeats its first packet. Each TCP connection is a new entry.
 */
export function flushBefore({ protocol, hostPort, hostAddress }: Forward): readonly Operation[] {
  if (protocol === 'tcp') return []
  const to = hostAddress === undefined ? [] : ['--orig-dst', hostAddress]
  const filter = ['-p', protocol, '--orig-port-dst', String(hostPort), ...to]
  return [{ kind: 'flush-connections', filter }]
}

/**
 * In this order: first no new connection is possible (netavark 1482: a DNAT that outlives its link misdirects packets), then the
 * old ones end, then the veth pair is removed, and the kernel removes its addresses and routes.
 */
export function disconnectSteps(
  { firewall }: BridgeContext,
  network: DriverNetwork,
  endpoint: DriverEndpoint,
): readonly Step[] {
  return [
    { title: 'Unpublish the ports', operations: firewall.unpublish(endpoint.forwards) },
    {
      title:
        'Delete conntrack entries, so that the next owner of the address does not inherit them',
      operations: endpoint.addresses.flatMap(flushAfter),
    },
    {
      title: 'Remove the veth pair',
      operations: [
        {
          kind: 'remove-link' as const,
          link: endpoint.hostInterface,
          mac: macAddressFor(endpoint.id),
        },
      ],
    },
    {
      title: 'Forget which addresses were its own',
      operations: sourcesOf(network, endpoint).flatMap((source) => firewall.unrestrict(source)),
    },
  ].filter(({ operations }) => operations.length > 0)
}

function flushAfter(cidr: string): readonly Operation[] {
  const [address = ''] = cidr.split('/')
  const family = address.includes(':') ? ['-f', 'ipv6'] : []
  return [
    { kind: 'flush-connections', filter: [...family, '--orig-src', address] },
    { kind: 'flush-connections', filter: [...family, '--reply-src', address] },
  ]
}
