// What users ask of a container, checked from the ground up: whatever comes in, what goes on is well formed.
import { IpAddress } from '../address/ip-address.ts'
import { parseNetworkName } from '../address/network-name.ts'
import { parsePortMapping } from '../address/port-mapping.ts'
import { quote } from '../address/quote.ts'
import { NetdojoError } from '../errors.ts'
import * as fields from '../network/fields.ts'

export type RunContainer = {
  /** The program and its arguments; may be left out for an image that has its own. */
  readonly command?: readonly string[]
  /** One is made up unless told. */
  readonly name?: string
  /** A directory, or an image archive (`docker save`, OCI layout); the machine's own unless told. Never written to. */
  readonly root?: string
  /** The networks to plug in, by name or with more; the first that leads outside is the way out. */
  readonly networks?: readonly (string | NetworkOfContainer)[]
  /** Published on the first network that leads outside: `['8080:80']`. */
  readonly ports?: readonly string[]
  /** Names that it has on all of its networks, besides its own. */
  readonly aliases?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** `['/srv/www:/www:ro']`: a file or directory of the host, where it is inside, and `ro` to forbid writing. */
  readonly volumes?: readonly string[]
  readonly workingDirectory?: string
  /** Its name unless told. */
  readonly hostname?: string
  /** In the place of the image's own; the command is its arguments. */
  readonly entrypoint?: string
  /** Addresses of name servers for names that are not of containers; the host's unless told. */
  readonly nameservers?: readonly string[]
  readonly labels?: Readonly<Record<string, string>>
  /** Keeps nothing of it when it has ended. */
  readonly autoRemove?: boolean
  /** Gives it a terminal. */
  readonly terminal?: boolean
  /** Keeps its standard input open. */
  readonly interactive?: boolean
}

export type NetworkOfContainer = {
  readonly name: string
  readonly address?: string
  readonly address6?: string
  readonly aliases?: readonly string[]
}

export type CheckedRun = {
  readonly command: readonly string[]
  readonly name: string | undefined
  readonly root: string
  readonly networks: readonly (NetworkOfContainer & { readonly aliases: readonly string[] })[]
  readonly ports: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly volumes: readonly Volume[]
  readonly workingDirectory: string | undefined
  readonly hostname: string | undefined
  readonly entrypoint: string | undefined
  readonly nameservers: readonly string[] | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly autoRemove: boolean
  readonly terminal: boolean
  readonly interactive: boolean
}

export type Volume = {
  readonly source: string
  readonly destination: string
  readonly readOnly: boolean
}

/** @throws NetdojoError `usage`, or the code of the value that is malformed. */
export function checkRun(request: RunContainer): CheckedRun {
  return fields.guarded('the request for a container', () => runFrom(request))
}

function runFrom(request: RunContainer): CheckedRun {
  const given = fields.object('a container', request, runFields)
  const aliases = fields.list('aliases', given.aliases).map(hostName)
  const networks = list('networks', given.networks).map((network) => networkFrom(network, aliases))
  const names = networks.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw fields.misuse('a network', twice, 'it is given twice')
  const ports = fields.list('ports', given.ports)
  for (const port of ports) parsePortMapping(port)
  if (ports.length > 0 && networks.length === 0) throw portsOfNobody(ports)
  return {
    command: fields.list('command', given.command).map((word) => argument('command', word)),
    name: fields.optional(containerName, given.name),
    root: given.root === undefined ? '/' : argument('root', given.root),
    networks,
    ports,
    env: environment(given.env),
    volumes: fields.list('volumes', given.volumes).map(volume),
    workingDirectory: fields.optional(
      (text) => absolute('workingDirectory', text),
      given.workingDirectory,
    ),
    hostname: fields.optional(hostName, given.hostname),
    entrypoint: fields.optional((text) => argument('entrypoint', text), given.entrypoint),
    nameservers:
      given.nameservers === undefined
        ? undefined
        : fields.list('nameservers', given.nameservers).map((text) => `${IpAddress.parse(text)}`),
    labels: fields.texts('labels', given.labels),
    autoRemove: fields.flag('autoRemove', given.autoRemove, false),
    terminal: fields.flag('terminal', given.terminal, false),
    interactive: fields.flag('interactive', given.interactive, false),
  }
}

const runFields = [
  'command',
  'name',
  'root',
  'networks',
  'ports',
  'aliases',
  'env',
  'volumes',
  'workingDirectory',
  'hostname',
  'entrypoint',
  'nameservers',
  'labels',
  'autoRemove',
  'terminal',
  'interactive',
] satisfies (keyof RunContainer)[]

function networkFrom(value: unknown, everywhere: readonly string[]) {
  const given =
    typeof value === 'string'
      ? { name: value }
      : fields.object('a network of a container', value, networkFields)
  const aliases = fields.list('aliases', given.aliases).map(hostName)
  return {
    name: parseNetworkName(fields.text('name', given.name)),
    ...(given.address === undefined
      ? {}
      : { address: `${IpAddress.parse(fields.text('address', given.address))}` }),
    ...(given.address6 === undefined
      ? {}
      : { address6: `${IpAddress.parse(fields.text('address6', given.address6))}` }),
    aliases: [...new Set([...everywhere, ...aliases])],
  }
}

const networkFields = [
  'name',
  'address',
  'address6',
  'aliases',
] satisfies (keyof NetworkOfContainer)[]

function list(field: string, value: unknown): readonly unknown[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw fields.misuse(field, value, 'it is not a list')
  return value
}

/** What a network's name may be: it stands in paths, in the name of a namespace, and in the hosts files of others. */
function containerName(text: string): string {
  if (typeof text === 'string' && /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/.test(text)) return text
  throw new NetdojoError({
    code: 'name-malformed',
    operation: 'use the container name',
    object: quote(text),
    reason: 'a name has 1 to 63 letters, digits, _, . and -, the first a letter or digit',
    advice: ['choose a name like web or backend-1'],
  })
}

/** Letters, digits, - and dots (RFC 1123 2.1), and _, which names of containers have: at most 63 in all. */
function hostName(text: string): string {
  if (typeof text === 'string' && /^[a-zA-Z0-9]([a-zA-Z0-9_.-]{0,61}[a-zA-Z0-9])?$/.test(text))
    return text
  throw new NetdojoError({
    code: 'name-malformed',
    operation: 'use the host name',
    object: quote(text),
    reason: 'it has 1 to 63 letters, digits, _, . and -, the first and the last a letter or digit',
  })
}

/** What execve(2) takes: no zero byte. */
function argument(field: string, value: unknown): string {
  const given = fields.text(field, value)
  if (given.includes('\0')) throw fields.misuse(field, given, 'it has a zero byte')
  return given
}

function environment(value: unknown): Readonly<Record<string, string>> {
  const given = fields.guarded('env', () =>
    fields.object('env', value ?? {}, Object.keys(Object(value))),
  )
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => {
      if (name === '' || /[=\0]/.test(name))
        throw fields.misuse('the name of a variable', name, 'it is empty or has = or a zero byte')
      return [name, argument(`env.${name}`, text)]
    }),
  )
}

function absolute(field: string, text: string): string {
  const given = argument(field, text)
  if (!given.startsWith('/')) throw fields.misuse(field, given, 'it is not an absolute path')
  return given
}

function volume(text: string): Volume {
  const [source = '', destination, mode = 'rw', ...rest] = argument('volumes', text).split(':')
  const isWell =
    source.startsWith('/') &&
    destination?.startsWith('/') &&
    destination !== '/' &&
    /^r[ow]$/.test(mode)
  if (!isWell || rest.length > 0 || destination === undefined)
    throw fields.misuse(
      'a volume',
      text,
      'it is not SOURCE:DESTINATION or SOURCE:DESTINATION:ro, with absolute paths',
    )
  return { source, destination, readOnly: mode === 'ro' }
}

function portsOfNobody(ports: readonly string[]): NetdojoError {
  return new NetdojoError({
    code: 'port-unusable',
    operation: 'publish',
    object: ports.join(', '),
    reason: 'the container is on no network',
    advice: ['name one: --net NETWORK', 'make one first: netdojo network create NETWORK'],
  })
}
