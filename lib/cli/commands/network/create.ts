// `network create`: Docker's flags as a request to the library, which checks every value.
import type { CreateNetwork } from '../../../index.ts'
import { change } from '../../shared/change.ts'
import { usageError } from '../../shared/errors.ts'
import { type ChangeFlags, recordOf } from '../../shared/options.ts'
import type { Terminal } from '../../shared/terminal.ts'

type Options = ChangeFlags & {
  readonly driver: string
  readonly subnet?: readonly string[]
  readonly gateway?: readonly string[]
  readonly ipRange?: string
  readonly auxAddress?: readonly string[]
  readonly ipv6?: true
  readonly opt?: readonly string[]
  readonly internal?: true
  readonly label?: readonly string[]
}

export async function create(terminal: Terminal, name: string, options: Options): Promise<void> {
  const request = requestOf(name, options)
  await change(terminal, options, async ({ networks, say }) => {
    const { id } = await networks.create(request)
    say(id)
  })
}

function requestOf(name: string, options: Options): CreateNetwork {
  const [subnet, subnet6] = oneOfEach('--subnet', options.subnet)
  const [gateway, gateway6] = oneOfEach('--gateway', options.gateway)
  const given = recordOf('an option of the driver', options.opt)
  return {
    name,
    driver: options.driver,
    ...(subnet === undefined ? {} : { subnet }),
    ...(gateway === undefined ? {} : { gateway }),
    ...(subnet6 === undefined ? (options.ipv6 ? { subnet6: true } : {}) : { subnet6 }),
    ...(gateway6 === undefined ? {} : { gateway6 }),
    ...(options.ipRange === undefined ? {} : { ipRange: options.ipRange }),
    reserved: (options.auxAddress ?? []).map((word) => word.replace(/^[^=]*=/, '')),
    internal: options.internal ?? false,
    labels: recordOf('a label', options.label),
    ...(options.driver === 'bridge' ? bridgeOptions(given) : { options: given }),
  }
}

/** The one of IPv4 and the one of IPv6; which is which, a colon tells, and the library checks. */
function oneOfEach(
  flag: string,
  words: readonly string[] = [],
): readonly [four: string | undefined, six: string | undefined] {
  const six = words.filter((word) => word.includes(':'))
  const four = words.filter((word) => !word.includes(':'))
  const tooMany = [four, six].find(({ length }) => length > 1)
  if (tooMany)
    throw usageError(
      `use as ${flag}`,
      tooMany[1] ?? '',
      'a network has at most one of IPv4 and one of IPv6',
    )
  return [four[0], six[0]]
}

type Meaning = {
  readonly short: string
  readonly docker: string
  readonly apply: (value: string) => Partial<CreateNetwork>
}

const meanings: readonly Meaning[] = [
  {
    short: 'mtu',
    docker: 'com.docker.network.driver.mtu',
    apply: (value) => ({ mtu: number('mtu', value) }),
  },
  {
    short: 'icc',
    docker: 'com.docker.network.bridge.enable_icc',
    apply: (value) => ({ internalTraffic: flag('icc', value) }),
  },
  {
    short: 'masquerade',
    docker: 'com.docker.network.bridge.enable_ip_masquerade',
    apply: (value) => ({ masquerade: flag('masquerade', value) }),
  },
  {
    short: 'interface',
    docker: 'com.docker.network.bridge.name',
    apply: (value) => ({ options: { interface: value } }),
  },
]

/** @throws NetdojoError `usage` */
export function bridgeOptions(given: Readonly<Record<string, string>>): Partial<CreateNetwork> {
  const parts = Object.entries(given).map(([key, value]) => {
    const meaning = meanings.find(({ short, docker }) => key === short || key === docker)
    if (!meaning)
      throw usageError(
        'use the option',
        key,
        'the bridge driver has none of that name',
        ...meanings.map(({ short, docker }) => `${short} (${docker})`),
      )
    return meaning.apply(value)
  })
  return Object.assign({}, ...parts)
}

function number(key: string, value: string): number {
  if (/^[1-9]\d{0,4}$/.test(value)) return Number(value)
  throw usageError(`use as ${key}`, value, 'it is not a whole number')
}

function flag(key: string, value: string): boolean {
  if (['true', '1'].includes(value)) return true
  if (['false', '0'].includes(value)) return false
  throw usageError(`use as ${key}`, value, 'it is neither true nor false')
}
