// Plans the steps that create a bridge network and those that remove it.
import { macAddressFor } from '../../address/mac-address.ts'
import { dockerUserRules } from '../../firewall/docker-user.ts'
import { linkGroup } from '../../firewall/firewall.ts'
import type { Operation } from '../../kernel/operation.ts'
import type { DriverNetwork, Step } from '../driver.ts'
import { addRules, removeRules } from './policy-rules.ts'
import { guardedFamilies, startForwarding, stopForwarding } from './forwarding.ts'
import { hasFamily, kernelHasIpv6, rulesOf, type BridgeContext } from './context.ts'

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
      title: 'Add the network to the firewall',
      operations: others.length === 0 ? firewall.start(rules) : firewall.open(rules),
    },
    {
      title: 'Forward only packets of our networks, as the networks of other drivers do',
      operations: others.length === 0 ? firewall.guard(guardedFamilies(context)) : [],
    },
    ...dockerSteps(context, network, 'insert-rule'),
    addRules(context.routing, [network]),
    ...startForwarding(context, [network]),
  ].filter(({ operations }) => operations.length > 0)
}

/** Steps that create the bridge, without firewall rules. */
export function bridgeSteps(context: BridgeContext, network: DriverNetwork): readonly Step[] {
  return [
    {
      title: 'Create the bridge with its gateway address',
      operations: [
        {
          kind: 'add-bridge',
          link: network.interface,
          // Without a MAC of its own a bridge takes the lowest of its ports: with every change of it, containers would send to
          // the old MAC until their neighbour entries expire (cni 285, netavark 833).
          mac: macAddressFor(network.id),
          ...(network.mtu === undefined ? {} : { mtu: network.mtu }),
          group: linkGroup,
        },
        {
          kind: 'set-link',
          link: network.interface,
          alias: `${context.label}/${network.name}`,
          ...(kernelHasIpv6(network) ? { linkLocal: hasFamily(network, 6) } : {}),
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
      title: 'Set the sysctls of the bridge',
      operations: sysctls(network).map(setSysctl),
    },
  ]
}

type Sysctl = readonly [key: string, value: string]

function sysctls(network: DriverNetwork): readonly Sysctl[] {
  const name = network.interface
  return [
    // A packet from 127.0.0.1 to a published port is routed to the bridge before its source is translated.
    ...(network.internal ? [] : ([[`net/ipv4/conf/${name}/route_localnet`, '1']] as const)),
    // Without this, a container's router advertisement could make the host use it as its router (CVE-2020-13401).
    hasFamily(network, 6)
      ? ([`net/ipv6/conf/${name}/accept_ra`, '0'] as const)
      : ([`net/ipv6/conf/${name}/disable_ipv6`, '1'] as const),
  ]
}

function setSysctl([key, value]: Sysctl): Operation {
  return { kind: 'set-sysctl', key, value }
}

/** In reverse order: the firewall first, while its rules still match existing links. */
export function removeSteps(
  context: BridgeContext,
  network: DriverNetwork,
  others: readonly DriverNetwork[],
): readonly Step[] {
  const { firewall } = context
  const rules = rulesOf(network)
  return [
    ...stopForwarding(context, network, others),
    ...dockerSteps(context, network, 'remove-rule'),
    {
      title: 'Remove the network from the firewall',
      operations:
        others.length === 0
          ? firewall.stop(rules, guardedFamilies(context))
          : firewall.close(rules),
    },
    removeRules(context.routing, network),
    {
      title: 'Remove the bridge',
      operations: [
        { kind: 'remove-link' as const, link: network.interface, mac: macAddressFor(network.id) },
      ],
    },
  ].filter(({ operations }) => operations.length > 0)
}

export const dockerTitle = "Allow this bridge in Docker's DOCKER-USER chain"

function dockerSteps(
  { docker }: BridgeContext,
  network: DriverNetwork,
  kind: 'insert-rule' | 'remove-rule',
): readonly Step[] {
  const families = docker.filter((family) => hasFamily(network, family))
  const operations = network.internal ? [] : dockerUserRules(network.interface, families, kind)
  return operations.length === 0 ? [] : [{ title: dockerTitle, operations }]
}
