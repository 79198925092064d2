// Checks what users ask of containers: every request is read here once, against one schema, before anything else sees it.
import { IpAddress } from '../address/ip-address.ts'
import { parseMacAddress } from '../address/mac-address.ts'
import { called, parseHostName, parseName } from '../address/name.ts'
import { formatPortMapping } from '../address/port-mapping.ts'
import { quote } from '../address/quote.ts'
import {
  fields,
  flag,
  labels,
  listOf,
  matching,
  parsed,
  readRequest,
  texts,
  v,
  wholeNumber,
} from '../address/schema.ts'
import { NetdojoError } from '../errors.ts'
import type { PublishedPort } from '../network/records.ts'
import { gatewayPriority, port } from '../network/requests.ts'

/** A container to run; everything has a default. */
export type RunContainerOptions = {
  /** The program and its arguments. An image may have its own. */
  readonly command?: readonly string[]
  /** 1 to 63 letters, digits, `_`, `.` or `-`, starting with a letter or digit; by default one is chosen. */
  readonly name?: string
  /** A directory, or an image archive (`docker save`, OCI layout); default `/`, the host's own. Never written to. */
  readonly root?: string
  /** The networks to connect to, by name or with more; default none. The default route leads through the first that is not internal. */
  readonly networks?: readonly (string | ContainerNetworkOptions)[]
  /** Ports to publish on the host by the first network that is not internal: `['8080:80']`. Default none. */
  readonly ports?: readonly (string | PublishedPort)[]
  /** More names of the container on all of its networks; default none. */
  readonly aliases?: readonly string[]
  /** Variables of the environment, beside `PATH`, `HOME`, `HOSTNAME` and the image's own. */
  readonly env?: Readonly<Record<string, string>>
  /** `['/srv/www:/www:ro']`: a path of the host, a path in the container, and `ro` to forbid writing. Default none. */
  readonly volumes?: readonly string[]
  /** Absolute path; default the image's, or `/`. */
  readonly workingDirectory?: string
  /** Default the container's name. */
  readonly hostname?: string
  /** Replaces the image's entrypoint; `command` is its arguments. */
  readonly entrypoint?: string
  /** Addresses of DNS servers; default the host's, without those on its loopback. */
  readonly nameservers?: readonly string[]
  /**
   * More lines of its hosts file: `['db:10.0.0.9', 'six:fd00::9', 'host.docker.internal:host-gateway']`, where
   * `host-gateway` is the gateway of its first network. Default none.
   */
  readonly extraHosts?: readonly string[]
  /** Names and values for your own use, at most 1,024 characters each; default none. */
  readonly labels?: Readonly<Record<string, string>>
  /** Default `false`. If `true`, its record and its log are removed when it has ended. */
  readonly autoRemove?: boolean
  /** Default `false`. If `true`, the program gets a terminal. */
  readonly terminal?: boolean
  /** Default `false`. If `true`, its standard input stays open. */
  readonly interactive?: boolean
  /** As Docker's: `{ 'max-size': '10m', 'max-file': '3' }`. By default the log grows without limit. */
  readonly logOptions?: Readonly<Partial<Record<'max-size' | 'max-file', string>>>
}

/** How a container is connected to one network. */
export type ContainerNetworkOptions = {
  /** The name. */
  readonly name: string
  /** An IPv4 address of the network; default the next free one. */
  readonly address?: string
  /** An IPv6 address of the network; default the next free one. */
  readonly address6?: string
  /** Such as `'02:42:ac:11:00:02'`; default one made from the network and the address. */
  readonly mac?: string
  /** Default 0: see `ConnectOptions`. */
  readonly gatewayPriority?: number
  /** More names of the container on this network; default none. */
  readonly aliases?: readonly string[]
}

/** Another program to run in a container. */
export type ExecOptions = {
  /** The program and its arguments. */
  readonly command: readonly string[]
  /** Variables of the environment, beside the container's own. */
  readonly env?: Readonly<Record<string, string>>
  /** Absolute path; default the container's. */
  readonly workingDirectory?: string
  /** Default `false`. If `true`, the program gets a terminal. */
  readonly terminal?: boolean
  /** Default `false`. If `true` and attached, the program reads this process's standard input. */
  readonly interactive?: boolean
  /** Default `false`: the output is returned. If `true`, the program uses this process's own streams. */
  readonly attach?: boolean
}

export type CheckedRun = v.InferOutput<typeof runSchema>
export type CheckedExec = v.InferOutput<typeof execSchema>

/** @throws NetdojoError `usage`, or the code of the value that is malformed */
export function readRun(request: RunContainerOptions): CheckedRun {
  const checked = readRequest(runSchema, request, 'run', () => called('container', request?.name))
  const names = checked.networks.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw new NetdojoError({
      code: 'usage',
      operation: 'run',
      object: called('container', checked.name),
      reason: `each network must be given once, and ${twice} is given twice`,
      advice: [`name ${twice} once`],
    })
  if (checked.ports.length > 0 && names.length === 0) {
    const asGiven = (text: string, index: number) => {
      const given = request.ports?.[index]
      return typeof given === 'string' ? given : text
    }
    throw noNetwork(checked.ports.map(asGiven))
  }
  const networks = checked.networks.map((network) => ({
    ...network,
    aliases: [...new Set([...checked.aliases, ...network.aliases])],
  }))
  return { ...checked, networks }
}

/** @throws NetdojoError `usage` */
export function readExec(name: string, request: ExecOptions | readonly string[]): CheckedExec {
  const asked = Array.isArray(request) ? { command: request } : request
  return readRequest(execSchema, asked, 'run a program in', () => called('container', name))
}

/** @throws NetdojoError `usage` */
export function readSeconds(options: unknown): number {
  return readRequest(secondsSchema, options, 'stop', () => 'the container').seconds
}

/** execve(2) ends an argument at a zero byte. */
const argument = matching(/^[^\0]*$/, 'a string without zero bytes')

const absolutePath = matching(/^\/[^\0]*$/, 'an absolute path')

const environment = texts(
  (value) => !value.includes('\0'),
  'a string without zero bytes',
  (name) => /^[^=\0]+$/.test(name),
  'the name of a variable, without = and zero bytes',
)

const hostName = parsed(parseHostName)

const address = parsed((text) => `${IpAddress.parse(text)}`)

/** Stands for the gateway of the first network. */
export const hostGateway = 'host-gateway'

/** Docker also takes `NAME=ADDRESS`, and brackets around an IPv6 address. */
const extraHost = parsed((given) => {
  const [, name = '', text = ''] = /^([^:=]+)[:=]\[?([^[\]]+)\]?$/.exec(given) ?? []
  if (name === '' || !/^[a-zA-Z0-9_]([a-zA-Z0-9_.-]{0,252}[a-zA-Z0-9_])?$/.test(name))
    throw new NetdojoError({
      code: 'usage',
      operation: 'use the host',
      object: quote(given),
      reason: 'it must be a host name and an address: NAME:ADDRESS',
      advice: ['write it like db:10.0.0.9, six:fd00::9 or host.docker.internal:host-gateway'],
    })
  if (/^(localhost|ip6-(localhost|loopback))$/i.test(name))
    throw new NetdojoError({
      code: 'usage',
      operation: 'use the host',
      object: quote(given),
      reason: `${name} must stay the container itself, and the first lines of its hosts file say so`,
      advice: ['choose another name'],
    })
  return { name, address: text === hostGateway ? hostGateway : `${IpAddress.parse(text)}` }
})

const volume = parsed((given) => {
  const [, source = '', destination = '', mode = 'rw'] =
    /^(\/[^:\0]*):(\/[^:\0]+)(?::(r[ow]))?$/.exec(given) ?? []
  if (source !== '') return { source, destination, readOnly: mode === 'ro' }
  throw new NetdojoError({
    code: 'usage',
    operation: 'use the volume',
    object: quote(given),
    reason:
      'a volume must be SOURCE:DESTINATION or SOURCE:DESTINATION:ro with two absolute paths, and must not be mounted on /',
    advice: ['write it like /srv/www:/www:ro'],
  })
})

const logSize = parsed((given) => {
  const [, count, unit = ''] = /^(\d{1,9})([kmg]?)b?$/i.exec(given) ?? []
  const size = Number(count) * 1024 ** ' kmg'.indexOf(unit.toLowerCase() || ' ')
  if (size >= 1) return size
  throw unusableLog(given, 'max-size must be a number of bytes, or of k, m or g')
})

const logFiles = parsed((given) => {
  if (/^[1-9]\d{0,2}$/.test(given)) return Number(given)
  throw unusableLog(given, 'max-file must be a whole number from 1 to 999')
})

const logLimits = v.pipe(
  fields({ 'max-size': v.optional(logSize), 'max-file': v.optional(logFiles, '1') }),
  v.transform(({ 'max-size': maxSize, 'max-file': maxFiles }) =>
    maxSize === undefined ? undefined : { maxSize, maxFiles },
  ),
)

function unusableLog(given: string, rule: string): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'limit',
    object: 'the log',
    reason: `${rule}, not ${quote(given)}`,
    advice: ['write it like --log-opt max-size=10m --log-opt max-file=3'],
  })
}

const networkName = parsed((name) => parseName('network', name))
const aliases = v.optional(listOf(hostName), [])

const networkSchema = fields({
  name: networkName,
  address: v.optional(address),
  address6: v.optional(address),
  mac: v.optional(parsed(parseMacAddress)),
  gatewayPriority: v.optional(gatewayPriority),
  aliases,
} satisfies Record<keyof ContainerNetworkOptions, v.GenericSchema>)

type CheckedNetwork = v.InferOutput<typeof networkSchema>

const onlyName = v.pipe(
  networkName,
  v.transform((name): CheckedNetwork => ({ name, aliases: [] })),
)

const runSchema = fields({
  command: v.optional(listOf(argument), []),
  name: v.optional(parsed((name) => parseName('container', name))),
  root: v.optional(argument, '/'),
  networks: v.optional(
    listOf(v.lazy((input) => (typeof input === 'string' ? onlyName : networkSchema))),
    [],
  ),
  // The network reads them when the container connects to it.
  ports: v.optional(listOf(v.pipe(port, v.transform(formatPortMapping))), []),
  aliases,
  env: v.optional(environment, {}),
  volumes: v.optional(listOf(volume), []),
  workingDirectory: v.optional(absolutePath),
  hostname: v.optional(hostName),
  entrypoint: v.optional(argument),
  nameservers: v.optional(listOf(address)),
  extraHosts: v.optional(listOf(extraHost), []),
  labels: v.optional(labels, {}),
  autoRemove: v.optional(flag, false),
  terminal: v.optional(flag, false),
  interactive: v.optional(flag, false),
  logOptions: v.optional(logLimits),
} satisfies Record<keyof RunContainerOptions, v.GenericSchema>)

const execSchema = fields({
  command: v.pipe(listOf(argument), v.minLength(1, 'a list of at least one word')),
  env: v.optional(environment, {}),
  workingDirectory: v.optional(absolutePath),
  terminal: v.optional(flag, false),
  interactive: v.optional(flag, false),
  attach: v.optional(flag, false),
} satisfies Record<keyof ExecOptions, v.GenericSchema>)

const secondsSchema = v.object({ seconds: v.optional(wholeNumber(0, 86_400), 10) }, 'an object')

function noNetwork(ports: readonly string[]): NetdojoError {
  return new NetdojoError({
    code: 'port-unusable',
    operation: 'publish',
    object: ports.join(', '),
    reason: 'the container is on no network, and a port must be published by a network',
    advice: ['name a network: --net NETWORK', 'create one first: netdojo network create NETWORK'],
  })
}
