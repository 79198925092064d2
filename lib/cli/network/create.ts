// `network create`: Docker's flags as a request to the library, which checks every value.
import type { CreateNetwork } from '../../index.ts'
import { change } from '../change.ts'
import type { ChangeFlags } from '../options.ts'
import { recordOf } from '../pairs.ts'
import type { Terminal } from '../terminal.ts'
import { usageError } from '../usage-error.ts'
import { bridgeOptions } from './bridge-options.ts'

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
