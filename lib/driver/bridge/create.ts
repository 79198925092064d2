// The steps that make a bridge network, and those that remove it.
import { macAddressFor } from '../../address/mac-address.ts'
import { dockerUserRules } from '../../firewall/docker-user.ts'
import type { Operation } from '../../kernel/operation.ts'
import type { DriverNetwork, Step } from '../driver.ts'
import { type BridgeContext, hasFamily, rulesOf } from './context.ts'
import { linkGroup } from './names.ts'

export function createSteps(
  context: BridgeContext,
  network: DriverNetwork,
  others: readonly DriverNetwork[],
): readonly Step[] {
  const { firewall } = context
  const rules = rulesOf(network)
  return [
    ...bridgeSteps(context, network),
    {
      title: 'Tell the firewall about the network',
      operations: others.length === 0 ? firewall.start(rules) : firewall.open(rules),
    },
    ...dockerSteps(context, network, 'insert-rule'),
  ].filter(({ operations }) => operations.length > 0)
}

/** What of a network is not the firewall's. */
export function bridgeSteps(context: BridgeContext, network: DriverNetwork): readonly Step[] {
  return [
    {
      title: 'Make the bridge, with the gateway’s address',
      operations: [
        {
          kind: 'add-bridge',
          link: network.interface,
          // A bridge takes the lowest MAC of its ports unless it has one of its own; every change would leave
          // the containers talking to the old one until their ARP entries expire (cni 285, netavark 833).
          mac: macAddressFor(network.id),
          ...(network.mtu === undefined ? {} : { mtu: network.mtu }),
          group: linkGroup,
        },
        {
          kind: 'set-link',
          link: network.interface,
          alias: `${context.label}/${network.name}`,
          linkLocal: hasFamily(network, 6),
          up: true,
        },
        ...network.subnets.map(({ subnet, gateway }): Operation => ({
          kind: 'add-address',
          address: `${gateway}/${subnet.split('/')[1]}`,
          link: network.interface,
        })),
      ],
    },
    {
      title: sysctlTitle,
      operations: [...forwarding(context, network), ...sysctls(network)].map(setSysctl),
    },
  ]
}

export const sysctlTitle = 'Let the host pass packets between networks'

export const forwardingKeys = {
  4: 'net/ipv4/ip_forward',
  6: 'net/ipv6/conf/all/forwarding',
} as const

type Sysctl = readonly [key: string, value: string]

/** The host passes packets on; it may do so already, for another network or another reason. */
export function forwarding(context: BridgeContext, network: DriverNetwork): readonly Sysctl[] {
  return ([4, 6] as const)
    .filter((family) => !network.internal && hasFamily(network, family))
    .filter((family) => !context.forwarding.includes(family))
    .map((family) => [forwardingKeys[family], '1'])
}

function sysctls(network: DriverNetwork): readonly Sysctl[] {
  const name = network.interface
  return [
    // A packet from 127.0.0.1 to a published port leaves by the bridge before its source is translated.
    ...(network.internal ? [] : ([[`net/ipv4/conf/${name}/route_localnet`, '1']] as const)),
    // A container could otherwise make the host route everything through it (CVE-2020-13401).
    hasFamily(network, 6)
      ? ([`net/ipv6/conf/${name}/accept_ra`, '0'] as const)
      : ([`net/ipv6/conf/${name}/disable_ipv6`, '1'] as const),
  ]
}

export function setSysctl([key, value]: Sysctl): Operation {
  return { kind: 'set-sysctl', key, value }
}

/** In reverse: the firewall first, while what its rules speak of is still there. */
export function removeSteps(
  context: BridgeContext,
  network: DriverNetwork,
  others: readonly DriverNetwork[],
): readonly Step[] {
  const { firewall } = context
  const rules = rulesOf(network)
  return [
    ...dockerSteps(context, network, 'remove-rule'),
    {
      title: 'Make the firewall forget the network',
      operations: others.length === 0 ? firewall.stop(rules) : firewall.close(rules),
    },
    {
      title: 'Remove the bridge',
      operations: [
        { kind: 'remove-link', link: network.interface, mac: macAddressFor(network.id) },
      ],
    },
  ]
}

export const dockerTitle = 'Meet Docker, which drops what it does not know'

function dockerSteps(
  { docker }: BridgeContext,
  network: DriverNetwork,
  kind: 'insert-rule' | 'remove-rule',
): readonly Step[] {
  const families = docker.filter((family) => hasFamily(network, family))
  const operations = network.internal ? [] : dockerUserRules(network.interface, families, kind)
  return operations.length === 0 ? [] : [{ title: dockerTitle, operations }]
}
