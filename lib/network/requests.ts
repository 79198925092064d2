// What users ask for, checked from the ground up: whatever comes in, what goes on is well formed.
import { AddressRange } from '../address/address-range.ts'
import { IpAddress } from '../address/ip-address.ts'
import { type MacAddress, parseMacAddress } from '../address/mac-address.ts'
import { type NetworkName, parseNetworkName } from '../address/network-name.ts'
import { parsePortMapping, type PortMapping } from '../address/port-mapping.ts'
import { Subnet } from '../address/subnet.ts'
import * as fields from './fields.ts'

export type CreateNetwork = {
  readonly name: string
  /** `'bridge'` unless told. */
  readonly driver?: string
  /** `'192.168.0.0/24'`; a free private one is chosen unless this or an IPv6 subnet is named. */
  readonly subnet?: string
  readonly gateway?: string
  /** Addresses are handed out of this part of the subnet only: `'192.168.0.128/25'`. */
  readonly ipRange?: string
  /** Never handed out: `['192.168.0.2', '192.168.0.10-192.168.0.20']`. */
  readonly reserved?: readonly string[]
  /** An IPv6 subnet besides, or `true` to have one chosen. */
  readonly subnet6?: string | true
  readonly gateway6?: string
  /** No way out, no way in, no default route. */
  readonly internal?: boolean
  /** `true` unless told: packets that leave get the host's address. */
  readonly masquerade?: boolean
  /** `true` unless told: whether containers of the network reach each other. */
  readonly internalTraffic?: boolean
  /** Of all interfaces, 68 (1280 with IPv6) to 65535. */
  readonly mtu?: number
  readonly labels?: Readonly<Record<string, string>>
  /** For the driver. */
  readonly options?: Readonly<Record<string, string>>
}

export type ConnectEndpoint = {
  /** Path of the network namespace to plug in: `/run/netns/c1`, `/proc/1234/ns/net`. */
  readonly netns: string
  /** The interface inside; the first free of `eth0`, `eth1` … unless told. */
  readonly interface?: string
  /** Chosen by the network unless told. */
  readonly address?: string
  readonly address6?: string
  readonly mac?: string
  /** `['8080:80', '127.0.0.1:5353:53/udp', '9000-9010:9000-9010', '80']`; without a host port one is chosen. */
  readonly ports?: readonly string[]
  /** `true` for the first endpoint of a namespace unless told. */
  readonly defaultRoute?: boolean
  readonly labels?: Readonly<Record<string, string>>
}

export type CheckedCreate = {
  readonly name: NetworkName
  readonly driver: string
  readonly subnet: Subnet | undefined
  readonly gateway: IpAddress | undefined
  readonly range: AddressRange | undefined
  readonly reserved: readonly AddressRange[]
  readonly subnet6: Subnet | true | undefined
  readonly gateway6: IpAddress | undefined
  readonly internal: boolean
  readonly masquerade: boolean
  readonly internalTraffic: boolean
  readonly mtu: number | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly options: Readonly<Record<string, string>>
}

export type CheckedConnect = {
  readonly netns: string
  readonly interface: string | undefined
  readonly address: IpAddress | undefined
  readonly address6: IpAddress | undefined
  readonly mac: MacAddress | undefined
  readonly ports: readonly PortMapping[]
  readonly defaultRoute: boolean | undefined
  readonly labels: Readonly<Record<string, string>>
}

/** @throws NetdojoError `usage`, or the code of the value that is malformed. */
export function checkCreate(request: CreateNetwork): CheckedCreate {
  return fields.guarded('the request for a network', () => createFrom(request))
}

function createFrom(request: CreateNetwork): CheckedCreate {
  const given = fields.object('a network', request, createFields)
  const subnet6 = given.subnet6 === true ? true : fields.optional(subnetOf(6), given.subnet6)
  const withSix = subnet6 !== undefined
  return {
    name: parseNetworkName(fields.text('name', given.name)),
    driver: given.driver === undefined ? 'bridge' : fields.text('driver', given.driver),
    subnet: fields.optional(subnetOf(4), given.subnet),
    gateway: fields.optional(addressOf(4), given.gateway),
    range: fields.optional((text) => AddressRange.parse(text), given.ipRange),
    reserved: fields.list('reserved', given.reserved).map((text) => AddressRange.parse(text)),
    subnet6,
    gateway6: fields.optional(addressOf(6), given.gateway6),
    internal: fields.flag('internal', given.internal, false),
    masquerade: fields.flag('masquerade', given.masquerade, true),
    internalTraffic: fields.flag('internalTraffic', given.internalTraffic, true),
    // IPv6 is not there below 1280 (RFC 8200 5), IPv4 not below 68 (RFC 791 3.2).
    mtu: fields.number('mtu', given.mtu, withSix ? 1280 : 68, 65_535),
    labels: fields.texts('labels', given.labels),
    options: fields.texts('options', given.options),
  }
}

/** @throws NetdojoError `usage`, or the code of the value that is malformed. */
export function checkConnect(request: ConnectEndpoint): CheckedConnect {
  return fields.guarded('the request for an endpoint', () => connectFrom(request))
}

function connectFrom(request: ConnectEndpoint): CheckedConnect {
  const given = fields.object('an endpoint', request, connectFields)
  return {
    netns: fields.path('netns', given.netns),
    interface: fields.optional(fields.interfaceName, given.interface),
    address: fields.optional(addressOf(4), given.address),
    address6: fields.optional(addressOf(6), given.address6),
    mac: fields.optional(parseMacAddress, given.mac),
    ports: fields.list('ports', given.ports).map((text) => parsePortMapping(text)),
    defaultRoute:
      given.defaultRoute === undefined
        ? undefined
        : fields.flag('defaultRoute', given.defaultRoute, false),
    labels: fields.texts('labels', given.labels),
  }
}

const createFields = [
  'name',
  'driver',
  'subnet',
  'gateway',
  'ipRange',
  'reserved',
  'subnet6',
  'gateway6',
  'internal',
  'masquerade',
  'internalTraffic',
  'mtu',
  'labels',
  'options',
] satisfies (keyof CreateNetwork)[]

const connectFields = [
  'netns',
  'interface',
  'address',
  'address6',
  'mac',
  'ports',
  'defaultRoute',
  'labels',
] satisfies (keyof ConnectEndpoint)[]

function subnetOf(family: 4 | 6): (text: string) => Subnet {
  return (text) => ofFamily(family, Subnet.parse(text))
}

function addressOf(family: 4 | 6): (text: string) => IpAddress {
  return (text) => ofFamily(family, IpAddress.parse(text))
}

function ofFamily<T extends IpAddress | Subnet>(family: 4 | 6, value: T): T {
  if (value.family === family) return value
  throw fields.misuse(`an IPv${family} value`, `${value}`, `it is IPv${value.family}`)
}
