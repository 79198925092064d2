// The steps that plug a namespace into a bridge network, and those that unplug it.
import { macAddressFor } from '../../address/mac-address.ts'
import type { Forward } from '../../firewall/firewall.ts'
import type { Operation } from '../../kernel/operation.ts'
import type { DriverEndpoint, DriverNetwork, Step } from '../driver.ts'
import { type BridgeContext, hasFamily } from './context.ts'
import { linkGroup } from './names.ts'

export function connectSteps(
  { firewall, label }: BridgeContext,
  network: DriverNetwork,
  endpoint: DriverEndpoint,
): readonly Step[] {
  return [
    {
      title: 'Plug a cable: one end on the bridge, the other in the container',
      operations: cable(label, network, endpoint),
    },
    {
      title: 'Inside: the address, the way out, and a word to the neighbours',
      operations: inside(network, endpoint),
    },
    { title: 'Publish the ports', operations: firewall.publish(endpoint.forwards) },
    {
      title: 'Forget connections to these ports that lead elsewhere',
      operations: endpoint.forwards.flatMap(flushBefore),
    },
  ].filter(({ operations }) => operations.length > 0)
}

function cable(
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
      peer: { link: endpoint.interface, mac: endpoint.mac, netns: endpoint.netns },
    },
    {
      kind: 'set-link',
      link: endpoint.hostInterface,
      alias: `${label}/${network.name}/${endpoint.id}`,
      // A port of a bridge needs no address; each would cost multicast traffic to all other ports.
      linkLocal: false,
      up: true,
      // Hairpin: where br_netfilter is on, a container's packet to its own published port turns round at its own port.
      port: { hairpin: true, isolated: !network.internalTraffic },
    },
  ]
}

function inside(network: DriverNetwork, endpoint: DriverEndpoint): readonly Operation[] {
  const { netns, interface: link } = endpoint
  const gateways = network.subnets.map(({ gateway }) => gateway)
  return [
    ...(hasFamily(network, 6)
      ? [
          // Its gateway is ours to say (CVE-2020-13401).
          {
            kind: 'set-sysctl',
            key: `net/ipv6/conf/${link}/accept_ra`,
            value: '0',
            netns,
          } as const,
        ]
      : // An IPv6 address that nobody asked for costs multicast traffic to every port of the bridge.
        [{ kind: 'set-link', link, linkLocal: false, netns } as const]),
    ...(endpoint.isFirst ? [{ kind: 'set-link', link: 'lo', up: true, netns } as const] : []),
    { kind: 'set-link', link, up: true, netns },
    ...endpoint.addresses.map((address): Operation => ({
      kind: 'add-address',
      address,
      link,
      netns,
    })),
    ...(endpoint.defaultRoute && !network.internal
      ? gateways.map((via): Operation => ({ kind: 'add-route', to: 'default', via, link, netns }))
      : []),
    // An address that somebody had before us is still in our neighbours' tables with its old MAC (moby 36069). The
    // question reaches every port of the bridge: it is asked only where there may be such entries.
    ...(endpoint.announce
      ? gateways.map((neighbour): Operation => ({ kind: 'announce', neighbour, link, netns }))
      : []),
  ]
}

/**
 * A client that was already knocking keeps its connection entry alive, and with it the path around the new rule
 * (plugins 123): with UDP, and with SCTP, which repeats its first packet. Only TCP begins anew with each connection.
 */
function flushBefore({ protocol, hostPort, hostAddress }: Forward): readonly Operation[] {
  if (protocol === 'tcp') return []
  const to = hostAddress === undefined ? [] : ['--orig-dst', hostAddress]
  const filter = ['-p', protocol, '--orig-port-dst', String(hostPort), ...to]
  return [{ kind: 'flush-connections', filter }]
}

/**
 * In this order: no new connection finds the way (netavark 1482: a DNAT that outlives its link sends packets astray),
 * then the old ones end, then the cable goes, which takes addresses and routes along.
 */
export function disconnectSteps(
  { firewall }: BridgeContext,
  endpoint: DriverEndpoint,
): readonly Step[] {
  return [
    { title: 'Withdraw the ports', operations: firewall.unpublish(endpoint.forwards) },
    {
      title: 'End the connections, or the next owner of the address inherits them',
      operations: endpoint.addresses.flatMap(flushAfter),
    },
    {
      title: 'Unplug the cable',
      operations: [
        {
          kind: 'remove-link' as const,
          link: endpoint.hostInterface,
          mac: macAddressFor(endpoint.id),
        },
      ],
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
