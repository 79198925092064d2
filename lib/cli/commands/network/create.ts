// Creates a network: Docker's flags become a request to the library, which checks every value.
import type { CreateNetworkOptions } from '../../../index.ts'
import { change } from '../../shared/change.ts'
import { quoted, usageError } from '../../shared/errors.ts'
import { addChangeOptions, many, recordOf, type ChangeFlags } from '../../shared/options.ts'
import type { CommandFile } from '../../shared/command.ts'

type Options = ChangeFlags & {
  readonly driver?: string
  readonly subnet?: readonly string[]
  readonly gateway?: readonly string[]
  readonly ipRange?: readonly string[]
  readonly auxAddress?: readonly string[]
  readonly ipv6?: true
  readonly opt?: readonly string[]
  readonly internal?: true
  readonly label?: readonly string[]
}

export const create: CommandFile = {
  define: (command) => {
    addChangeOptions(command)
      .argument('<name>', 'letters, digits, _, . and -')
      .option('-d, --driver <driver>', 'the network driver (default: bridge)')
      .option('--subnet <cidr>', 'an IPv4 or IPv6 subnet (default: a free IPv4 subnet)', many)
      .option('--gateway <ip>', 'the address of the host in a subnet', many)
      .option('--ip-range <cidr>', 'allocate addresses from this part of a subnet', many)
      .option('--aux-address <ip>', 'never allocate IP, NAME=IP or FIRST-LAST', many)
      .option('--ipv6', 'add an IPv6 subnet')
      .option('-o, --opt <key=value>', 'an option of the driver: see below', many)
      .option('--internal', 'no traffic between the network and the outside')
      .option('--label <key=value>', 'a label', many)
      .addHelpText('after', after)
  },
  run: (terminal, [name = ''], options: Options) => {
    const request = requestOf(name, options)
    return change(terminal, options, async ({ networks, report }) => {
      const { id } = await networks.create(request)
      report(id)
    })
  },
}

const after = `
Options of the bridge driver (-o), with Docker's name or the short name:
  com.docker.network.driver.mtu                   mtu         68 to 65535
  com.docker.network.bridge.enable_icc            icc         true or false
  com.docker.network.bridge.enable_ip_masquerade  masquerade  true or false
  com.docker.network.bridge.name                  interface   a name

The driver overlay has them, too, and makes one network of several machines that
share etcd (netdojo follow --help). Its own options:
  vni    the number of the network in its packets (default: a free one)
  port   the UDP port of its tunnels (default: 4789)

Examples:
  netdojo network create web
  netdojo network create --subnet 192.168.0.0/24 --driver bridge testbridge
  netdojo network create --subnet 10.1.0.0/16 --ip-range 10.1.2.0/24 \\
    --gateway 10.1.0.254 -o mtu=1400 --label team=a back
  netdojo network create --ipv6 --dry-run two
  NETDOJO_STORE=http://10.0.0.9:2379 netdojo network create -d overlay wide`

function requestOf(name: string, options: Options): CreateNetworkOptions {
  const [subnet, subnet6] = oneOfEach('--subnet', options.subnet)
  const [gateway, gateway6] = oneOfEach('--gateway', options.gateway)
  const [ipRange, ipRange6] = oneOfEach('--ip-range', options.ipRange)
  const { driver = 'bridge' } = options
  const given = recordOf('--opt', options.opt)
  return {
    name,
    driver,
    ...(subnet === undefined ? {} : { subnet }),
    ...(gateway === undefined ? {} : { gateway }),
    ...(subnet6 === undefined ? (options.ipv6 ? { subnet6: true } : {}) : { subnet6 }),
    ...(gateway6 === undefined ? {} : { gateway6 }),
    ...(ipRange === undefined ? {} : { ipRange }),
    ...(ipRange6 === undefined ? {} : { ipRange6 }),
    reserved: (options.auxAddress ?? []).map((word) => word.replace(/^[^=]*=/, '')),
    internal: options.internal ?? false,
    labels: recordOf('--label', options.label),
    ...(driver === 'bridge'
      ? bridgeOptions(given)
      : driver === 'overlay'
        ? overlayOptions(given)
        : { options: given }),
  }
}

/** Distinguishes IPv4 and IPv6 by the colon; the library checks the values. */
function oneOfEach(
  flag: string,
  words: readonly string[] = [],
): readonly [four: string | undefined, six: string | undefined] {
  const six = words.filter((word) => word.includes(':'))
  const four = words.filter((word) => !word.includes(':'))
  const tooMany = [four, six].find(({ length }) => length > 1)
  if (tooMany)
    throw usageError(
      `${flag} may be given once for IPv4 and once for IPv6, not ${tooMany.map(quoted).join(' and ')}`,
    )
  return [four[0], six[0]]
}

type BridgeOption = {
  readonly short: string
  readonly docker: string
  readonly apply: (value: string) => Partial<CreateNetworkOptions>
}

const optionsOfBridge: readonly BridgeOption[] = [
  {
    short: 'mtu',
    docker: 'com.docker.network.driver.mtu',
    apply: (value) => ({ mtu: mtuOf(value) }),
  },
  {
    short: 'icc',
    docker: 'com.docker.network.bridge.enable_icc',
    apply: (value) => ({ internalTraffic: booleanOf('icc', value) }),
  },
  {
    short: 'masquerade',
    docker: 'com.docker.network.bridge.enable_ip_masquerade',
    apply: (value) => ({ masquerade: booleanOf('masquerade', value) }),
  },
  {
    short: 'interface',
    docker: 'com.docker.network.bridge.name',
    apply: (value) => ({ options: { interface: value } }),
  },
]

function bridgeOptions(given: Readonly<Record<string, string>>): Partial<CreateNetworkOptions> {
  const parts = Object.entries(given).map(([key, value]) => {
    const option = optionsOfBridge.find(({ short, docker }) => key === short || key === docker)
    if (option) return option.apply(value)
    throw usageError(
      `the bridge driver has no option ${quoted(key)}`,
      ...optionsOfBridge.map(({ short, docker }) => `${short} (${docker})`),
    )
  })
  return Object.assign({}, ...parts)
}

/** The options of the tunnel are the library's, which refuses unknown ones; the others are those of the bridge on each machine. */
function overlayOptions(given: Readonly<Record<string, string>>): Partial<CreateNetworkOptions> {
  const isOfBridge = (key: string) =>
    optionsOfBridge.some(({ short, docker }) => key === short || key === docker)
  const [ofBridge, ofTunnel] = [true, false].map((wanted) =>
    Object.fromEntries(Object.entries(given).filter(([key]) => isOfBridge(key) === wanted)),
  )
  const { options, ...rest } = bridgeOptions(ofBridge ?? {})
  return { ...rest, options: { ...options, ...ofTunnel } }
}

/** The library checks the bounds of a number. */
function mtuOf(value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value)
  throw usageError(`mtu must be between 68 and 65535, not ${quoted(value)}`)
}

function booleanOf(key: string, value: string): boolean {
  if (['true', '1'].includes(value)) return true
  if (['false', '0'].includes(value)) return false
  throw usageError(`${key} must be true or false, not ${quoted(value)}`)
}
