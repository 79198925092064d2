// Checks what users ask of networks: every request is read here once, against one schema, before anything else sees it.
import { AddressRange } from '../address/address-range.ts'
import { IpAddress } from '../address/ip-address.ts'
import { parseMacAddress } from '../address/mac-address.ts'
import { called, parseInterfaceName, parseName } from '../address/name.ts'
import { parsePortMapping, type PortMapping } from '../address/port-mapping.ts'
import {
  fields,
  flag,
  labels,
  listOf,
  matching,
  parsed,
  readRequest,
  text,
  v,
  wholeNumber,
} from '../address/schema.ts'
import { quote } from '../address/quote.ts'
import { Subnet } from '../address/subnet.ts'
import { NetdojoError } from '../errors.ts'
import type { PublishedPort } from './records.ts'

/** What every change takes. */
export type ChangeOptions = {
  /** Cancels the change: it is rolled back, and the promise rejects with `aborted`. */
  readonly signal?: AbortSignal
}

/** A network to create. */
export type CreateNetworkOptions = {
  /** 1 to 63 letters, digits, `_`, `.` or `-`, starting with a letter or digit. */
  readonly name: string
  /** A driver's name; default `'bridge'`. */
  readonly driver?: string
  /**
   * The IPv4 subnet, such as `'192.168.0.0/24'`. By default a free /24 of the private ranges, first of 10.213.0.0/16, or no
   * IPv4 when `subnet6` names a subnet.
   */
  readonly subnet?: string
  /**
   * The subnet of an IPv4 pool that `ipam.requestPool` returned, such as `'192.168.0.0/24'`: the network adopts the pool, and
   * gives it back when it is removed. Not together with `subnet`, `gateway`, `ipRange` and `reserved`. Default none.
   */
  readonly pool?: string
  /** The subnet of an IPv6 pool, likewise, such as `'fd00:1::/64'`. Not together with `subnet6`, `gateway6` and `ipRange6`. */
  readonly pool6?: string
  /** An address of `subnet`, such as `'192.168.0.1'`; default the first that a host may have. */
  readonly gateway?: string
  /** The part of `subnet` that addresses are chosen from, such as `'192.168.0.128/25'`; default all of it. */
  readonly ipRange?: string
  /** Addresses that are never given: `['192.168.0.2', '192.168.0.10-192.168.0.20', '192.168.0.32/28']`. */
  readonly reserved?: readonly string[]
  /** The IPv6 subnet, such as `'fd00:1::/64'`, or `true` for a free /64 in fd00::/8; default no IPv6. */
  readonly subnet6?: string | true
  /** An address of `subnet6`; default the first that a host may have. */
  readonly gateway6?: string
  /** The part of `subnet6` that addresses are chosen from, such as `'fd00:1::8000/113'`; default all of it. */
  readonly ipRange6?: string
  /** Default `false`. If `true`, containers have no default route, and nothing enters or leaves the network. */
  readonly internal?: boolean
  /** Default `true`: packets that leave the network get the host's address as their source. */
  readonly masquerade?: boolean
  /** Default `true`: containers of the network reach each other. */
  readonly internalTraffic?: boolean
  /** MTU of all interfaces in bytes, 68 (1280 with IPv6) to 65535; default the kernel's, 1500. */
  readonly mtu?: number
  /** Names and values for your own use, at most 1,024 characters each; default none. */
  readonly labels?: Readonly<Record<string, string>>
  /** Options of the driver, by name; default none. */
  readonly options?: Readonly<Record<string, string>>
}

/** How the interface is delivered to the container: in its namespace, or on the host. */
export type AttachmentOptions =
  | {
      /** Absolute path of the network namespace to connect: `'/run/netns/c1'`, `'/proc/1234/ns/net'`. */
      readonly netns: string
      /** Not together with `netns`. */
      readonly handOver?: never
    }
  | {
      /**
       * The interface stays on the host under this name, at most 15 characters, for an engine that moves it into a namespace
       * itself. The engine sets the addresses of the endpoint, its routes, and switches the interface on.
       */
      readonly handOver: string
      /** Not together with `handOver`. */
      readonly netns?: never
    }

/** How a container is connected to a network. */
export type ConnectOptions = AttachmentOptions & {
  /**
   * Name of the interface in the namespace, at most 15 characters; default the first free of `eth0`, `eth1` … Not together
   * with `handOver`.
   */
  readonly interface?: string
  /** An IPv4 address of the network, such as `'192.168.0.7'`; default the next free one. */
  readonly address?: string
  /** An IPv6 address of the network, such as `'fd00:1::7'`; default the next free one. */
  readonly address6?: string
  /** Such as `'02:42:ac:11:00:02'`; default one made from the network and the address. */
  readonly mac?: string
  /**
   * Ports to publish on the host: `['8080:80', '127.0.0.1:5353:53/udp', '9000-9010:9000-9010', '80']`. A free host port is
   * chosen where none is named. The `ports` of an endpoint can be passed, too. Default none.
   */
  readonly ports?: readonly (string | PublishedPort)[]
  /**
   * If `false`, no default route ever leads through this network. If `true`, a default route that another program made in the
   * namespace is an error; by default it stays, and the network adds none of that family. Not together with `handOver`.
   */
  readonly defaultRoute?: boolean
  /**
   * -2147483648 to 2147483647, default 0. The default route of each family leads through the network with the highest
   * priority, among several through the one that was connected first; never through an internal network. Not together with
   * `handOver`.
   */
  readonly gatewayPriority?: number
  /**
   * Makes the call idempotent: while this network has an endpoint that was connected with this key, the call returns it. 1 to
   * 1,024 characters, such as a container's id; default none.
   */
  readonly key?: string
  /**
   * Further names of the container in this network; default none. They are in the hosts files of the containers of
   * `openContainers` and `netdojo run`, which are written anew when such a container starts or ends, by its `reconcile`, and by
   * `netdojo network connect`. The library resolves no names in namespaces of other programs: their engine reads `aliases` of
   * `endpoints` and writes them, and `watch` tells of changes.
   */
  readonly aliases?: readonly string[]
  /** Names and values for your own use, at most 1,024 characters each; default none. */
  readonly labels?: Readonly<Record<string, string>>
}

/** What `update` changes of an endpoint; a field that is left out stays. */
export type UpdateOptions = ChangeOptions & {
  /** Replaces the ports, in the forms of `connect`; a port whose host port is free to choose keeps the one that it has. */
  readonly ports?: readonly (string | PublishedPort)[]
  /** Replaces the labels, but for those of netdojo (`netdojo.…`). */
  readonly labels?: Readonly<Record<string, string>>
  /** Replaces the further names. */
  readonly aliases?: readonly string[]
}

/** Selects endpoints; each field narrows the selection. */
export type EndpointsOptions = {
  /** The name of their network. */
  readonly network?: string
  /** The path of their network namespace. */
  readonly netns?: string
  /** The key with which they were connected. */
  readonly key?: string
  /** Labels that they all have. */
  readonly labels?: Readonly<Record<string, string>>
}

export type CheckedCreate = v.InferOutput<typeof createSchema>
export type CheckedConnect = v.InferOutput<typeof connectSchema>

/** @throws NetdojoError `usage`, or the code of the value that is malformed */
export function readCreate(request: CreateNetworkOptions): CheckedCreate {
  const checked = readRequest(createSchema, request, 'create', () =>
    called('network', request?.name),
  )
  refuseBesidePool(checked)
  refuseWithoutSubnet(checked)
  const { name, mtu, subnet6 = checked.pool6 } = checked
  // IPv6 needs 1280 bytes (RFC 8200 5).
  if (mtu === undefined || mtu >= 1280 || subnet6 === undefined) return checked
  throw new NetdojoError({
    code: 'usage',
    operation: 'create',
    object: `the network ${name}`,
    reason: `mtu must be between 1280 and 65535 on a network with IPv6, not ${mtu}`,
    advice: ['leave mtu out to use the default of the kernel'],
  })
}

/** The fields that a pool decides. */
const decidedBy = {
  pool: ['subnet', 'gateway', 'ipRange', 'reserved'],
  pool6: ['subnet6', 'gateway6', 'ipRange6'],
} as const

function refuseBesidePool({ name, ...checked }: CheckedCreate): void {
  for (const pool of ['pool', 'pool6'] as const) {
    const field = decidedBy[pool].find((field) => String(checked[field] ?? '') !== '')
    if (checked[pool] === undefined || field === undefined) continue
    throw new NetdojoError({
      code: 'usage',
      operation: 'create',
      object: `the network ${name}`,
      reason: `${field} must not be given together with ${pool}, and it is ${String(checked[field])}`,
      advice: ['leave it out: the pool decides it'],
    })
  }
}

/** A chosen subnet would not contain them, or only by chance. */
function refuseWithoutSubnet(checked: CheckedCreate): void {
  const { name, subnet, subnet6, gateway, gateway6, ipRange, ipRange6, reserved } = checked
  const parts = { gateway, gateway6, ipRange, ipRange6 }
  const given = [
    ...Object.entries(parts).flatMap(([field, value]) =>
      value === undefined ? [] : [{ field, value, isSix: field.endsWith('6') }],
    ),
    ...reserved.map((value) => ({ field: 'reserved', value, isSix: value.first.family === 6 })),
  ]
  const alone = given.find(({ isSix }) =>
    isSix ? subnet6 === undefined || subnet6 === true : subnet === undefined,
  )
  if (!alone) return
  const { field, value, isSix } = alone
  throw new NetdojoError({
    code: 'usage',
    operation: 'create',
    object: `the network ${name}`,
    reason: `${field} is ${value}, and its IPv${isSix ? 6 : 4} subnet must be given together with it`,
    advice: [`name the subnet, too: ${isSix ? 'subnet6' : 'subnet'} (--subnet)`],
  })
}

/** @throws NetdojoError `usage`, or the code of the value that is malformed */
export function readConnect(name: string, request: ConnectOptions): CheckedConnect {
  const checked = readRequest(connectSchema, request, 'connect to', () => called('network', name))
  const refuse = (reason: string, advice: string) => {
    const object = called('network', name)
    throw new NetdojoError({
      code: 'usage',
      operation: 'connect to',
      object,
      reason,
      advice: [advice],
    })
  }
  if (checked.netns === undefined && checked.handOver === undefined)
    refuse(
      'netns must be given, or handOver',
      'name the network namespace of the container as netns',
    )
  if (checked.handOver === undefined) return checked
  const { netns, interface: link, defaultRoute, gatewayPriority } = checked
  const others = {
    netns,
    interface: link,
    defaultRoute,
    gatewayPriority: gatewayPriority || undefined,
  }
  for (const [field, value] of Object.entries(others))
    if (value !== undefined)
      refuse(
        `${field} must not be given together with handOver, and it is ${value}`,
        'leave it out: the engine that moves the interface decides this',
      )
  return checked
}

const subnetOf = (family: 4 | 6) => parsed((text) => ofFamily(family, Subnet.parse(text)))
const addressOf = (family: 4 | 6) => parsed((text) => ofFamily(family, IpAddress.parse(text)))

function ofFamily<T extends IpAddress | Subnet>(family: 4 | 6, value: T): T {
  if (value.family === family) return value
  throw new NetdojoError({
    code: 'usage',
    operation: 'use',
    object: `${value}`,
    reason: `it must be IPv${family}`,
    advice: [
      family === 4
        ? 'IPv6 values belong into subnet6, gateway6, ipRange6 and address6'
        : 'IPv4 values belong into subnet, gateway, ipRange and address',
    ],
  })
}

const range = parsed((text) => AddressRange.parse(text))
const rangeOf = (family: 4 | 6) =>
  parsed((text) => {
    const range = AddressRange.parse(text)
    ofFamily(family, range.first)
    return range
  })

const createSchema = fields({
  name: parsed((text) => parseName('network', text)),
  driver: v.optional(text, 'bridge'),
  subnet: v.optional(subnetOf(4)),
  pool: v.optional(subnetOf(4)),
  pool6: v.optional(subnetOf(6)),
  gateway: v.optional(addressOf(4)),
  ipRange: v.optional(rangeOf(4)),
  reserved: v.optional(listOf(range), []),
  subnet6: v.optional(v.lazy((input) => (input === true ? v.literal(true) : subnetOf(6)))),
  gateway6: v.optional(addressOf(6)),
  ipRange6: v.optional(rangeOf(6)),
  internal: v.optional(flag, false),
  masquerade: v.optional(flag, true),
  internalTraffic: v.optional(flag, true),
  // IPv4 needs 68 bytes (RFC 791 3.2).
  mtu: v.optional(wholeNumber(68, 65_535)),
  labels: v.optional(labels, {}),
  options: v.optional(labels, {}),
} satisfies Record<keyof CreateNetworkOptions, v.GenericSchema>)

/** As in Docker, a signed number of 32 bits. */
export const gatewayPriority = wholeNumber(-2_147_483_648, 2_147_483_647)

const publishedPort = v.pipe(
  fields({
    protocol: v.picklist(['tcp', 'udp', 'sctp'], 'tcp, udp or sctp'),
    hostAddress: v.optional(parsed((text) => IpAddress.parse(text))),
    hostPort: wholeNumber(1, 65_535),
    port: wholeNumber(1, 65_535),
    shared: v.optional(v.literal(true, 'true')),
  } satisfies Record<keyof PublishedPort, v.GenericSchema>),
  v.transform(({ protocol, hostAddress, hostPort, port }): PortMapping => ({
    protocol,
    hostPorts: { first: hostPort, last: hostPort },
    containerPorts: { first: port, last: port },
    ...(hostAddress ? { hostAddress } : {}),
  })),
)
/** A text, or a port as an endpoint has it. */
export const port = v.lazy((input) =>
  typeof input === 'object' && input !== null ? publishedPort : parsed(parsePortMapping),
)
const key = matching(
  /^[^\p{Cc}\p{Cs}]{1,1024}$/u,
  '1 to 1,024 characters without control characters',
)
const alias = matching(
  /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/,
  "1 to 63 letters, digits, '_', '.' or '-', starting with a letter or digit",
)

const connectSchema = fields({
  // The path becomes a word of a kernel command.
  netns: v.optional(
    matching(
      /^\/[A-Za-z0-9_.:/@%+-]{1,4000}$/,
      "an absolute path of letters, digits and the characters '_.:/@%+-'",
    ),
  ),
  handOver: v.optional(parsed(parseInterfaceName)),
  interface: v.optional(parsed(parseInterfaceName)),
  address: v.optional(addressOf(4)),
  address6: v.optional(addressOf(6)),
  mac: v.optional(parsed(parseMacAddress)),
  ports: v.optional(listOf(port), []),
  defaultRoute: v.optional(flag),
  gatewayPriority: v.optional(gatewayPriority, 0),
  key: v.optional(key),
  aliases: v.optional(listOf(alias)),
  labels: v.optional(labels, {}),
} satisfies Record<keyof ConnectOptions, v.GenericSchema>)

const updateSchema = fields({
  signal: v.optional(v.instance(AbortSignal, 'an AbortSignal')),
  ports: v.optional(listOf(port)),
  labels: v.optional(labels),
  aliases: v.optional(listOf(alias)),
} satisfies Record<keyof UpdateOptions, v.GenericSchema>)
export type CheckedUpdate = v.InferOutput<typeof updateSchema>

const endpointNameSchema = v.object({ network: text, id: text })

/** Reads the network and the id of an endpoint, or of its handle. */
export function readEndpointName(
  value: unknown,
  operation: string,
): v.InferOutput<typeof endpointNameSchema> {
  return readRequest(endpointNameSchema, value, operation, () => 'the endpoint')
}

/** @throws NetdojoError `usage`, or the code of the value that is malformed */
export function readUpdate(id: string, options: UpdateOptions): CheckedUpdate {
  return readRequest(updateSchema, options, 'update', () => `the endpoint ${quote(id)}`)
}

const endpointsSchema = v.optional(
  fields({
    network: v.optional(parsed((text) => parseName('network', text))),
    netns: v.optional(text),
    key: v.optional(text),
    labels: v.optional(labels),
  } satisfies Record<keyof EndpointsOptions, v.GenericSchema>),
  {},
)

/** @throws NetdojoError `usage` or `name-malformed` */
export function readEndpointsOptions(options: unknown): v.InferOutput<typeof endpointsSchema> {
  return readRequest(endpointsSchema, options, 'find', () => 'endpoints')
}

/** Options that calls share; a field that a call does not know is ignored. */
const optionsSchema = v.optional(
  v.object(
    {
      signal: v.optional(v.instance(AbortSignal, 'an AbortSignal')),
      force: v.optional(flag, false),
      removeStrays: v.optional(flag, false),
      namespaceEnds: v.optional(flag, false),
      since: v.optional(wholeNumber(0, Number.MAX_SAFE_INTEGER)),
      labels: v.optional(labels, {}),
    },
    'an object',
  ),
  {},
)

/** @throws NetdojoError `usage` */
export function readOptions(options: unknown): v.InferOutput<typeof optionsSchema> {
  return readRequest(optionsSchema, options, 'use', () => 'the options')
}
