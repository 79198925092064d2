// Defines what all parts of the bridge driver share: its context, and the names and the group of its interfaces.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { quote } from '../../address/quote.ts'
import { NetdojoError } from '../../errors.ts'
import type { Firewall, NetworkRules, Source } from '../../firewall/firewall.ts'
import type { Host } from '../../kernel/read.ts'
import type { ChangedSysctl, DriverEndpoint, DriverNetwork } from '../driver.ts'

export type BridgeContext = {
  readonly firewall: Firewall
  /** Begins the alias of every interface. */
  readonly label: string
  /** Families in which Docker filters forwarded packets, as last read. */
  docker: readonly (4 | 6)[]
  /** Whether and why this host forwards, as last read. */
  host: HostForwarding
  routing: HostRouting
}

export type HostForwarding = {
  /** Families that this host forwards. */
  readonly on: readonly (4 | 6)[]
  /** What was changed for our networks on this host, to be put back. */
  readonly changed: readonly ChangedSysctl[]
  readonly links: Host['links']
}

/** The routing rules and routes of this host, as last read. */
export type HostRouting = Pick<Host, 'rules' | 'routes'>

export function rulesOf(network: DriverNetwork): NetworkRules {
  return {
    bridge: network.interface,
    subnets: network.subnets.map(({ subnet }) => subnet),
    masquerade: network.masquerade,
    internal: network.internal,
    internalTraffic: network.internalTraffic,
    anySource: mayUseAnySource(network),
  }
}

/** @throws NetdojoError `usage` */
function mayUseAnySource({ name, options }: DriverNetwork): boolean {
  const given = options['any-source'] ?? 'false'
  if (given === 'true' || given === 'false') return given === 'true'
  throw new NetdojoError({
    code: 'usage',
    operation: 'create',
    object: `the network ${name}`,
    reason: `the option any-source must be true or false, not ${quote(given)}`,
  })
}

/** What the firewall lets an endpoint send; none where the network allows everything. */
export function sourcesOf(network: DriverNetwork, endpoint: DriverEndpoint): readonly Source[] {
  if (mayUseAnySource(network)) return []
  const { hostInterface, mac, addresses } = endpoint
  const plain = addresses.map((cidr) => cidr.split('/')[0] ?? '')
  return [{ port: hostInterface, mac, addresses: plain }]
}

export function hasFamily(network: DriverNetwork, family: 4 | 6): boolean {
  return network.subnets.some(({ subnet }) => subnet.includes(':') === (family === 6))
}

/**
 * Whether the kernel gives the network's interfaces any IPv6: not if it was booted without (ipv6.disable=1), nor with an MTU below
 * 1280 (RFC 8200 5). It then refuses every IPv6 setting of the interface with EAFNOSUPPORT (inet6_validate_link_af).
 */
export function kernelHasIpv6({ mtu }: Pick<DriverNetwork, 'mtu'>): boolean {
  return (mtu === undefined || mtu >= 1280) && existsSync('/proc/sys/net/ipv6')
}

/** IFNAMSIZ counts the final zero. */
const longest = 15
const prefix = 'nd-'

/** `nd-` and the network's name; a long name is cut, and ends in six digits of its hash. */
export function bridgeName(network: string): string {
  const whole = prefix + network
  if (whole.length <= longest) return whole
  const digest = createHash('sha256').update(network).digest('hex').slice(0, 6)
  const room = longest - prefix.length - 1 - digest.length
  return `${prefix}${network.slice(0, room)}-${digest}`
}

/** `ndv` and the first 12 digits of the endpoint's id; a bridge's name has `-` instead of the `v`. */
export function vethName(endpointId: string): string {
  return `ndv${endpointId.slice(0, longest - 3)}`
}
