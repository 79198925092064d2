// `network ls`: what the records say, as a table, as ids, or as JSON.
import { NetdojoError } from '../../../errors.ts'
import { readRecords } from '../../../network/read-records.ts'
import type { NetworkRecord } from '../../../network/records.ts'
import { endWith, errorParagraph, exitCodeOf } from '../../shared/errors.ts'
import { findNetwork } from '../../shared/find.ts'
import { filterOf, formatOf, hasLabel } from '../../shared/options.ts'
import { stateDirectory } from '../../shared/state-directory.ts'
import { type Terminal, table } from '../../shared/terminal.ts'

type Options = {
  readonly filter?: readonly string[]
  readonly format?: string
  readonly trunc: boolean
  readonly quiet?: true
}

/** As long as Docker's. */
const shortId = 12

export async function list(terminal: Terminal, options: Options): Promise<void> {
  const format = formatOf(options.format)
  const passes = filterOf<NetworkRecord>(
    {
      label: hasLabel,
      name: ({ name }, part) => name.includes(part),
      id: ({ id }, start) => id.startsWith(start),
      driver: ({ driver }, wanted) => driver === wanted,
    },
    options.filter,
  )
  const { networks } = await readRecords(stateDirectory())
  const idOf = ({ id }: NetworkRecord) => (options.trunc ? id.slice(0, shortId) : id)
  terminal.write(written(networks.filter(passes)))

  function written(records: readonly NetworkRecord[]): string {
    if (options.quiet) return records.map((record) => `${idOf(record)}\n`).join('')
    if (format === 'json') return records.map((record) => `${JSON.stringify(record)}\n`).join('')
    return table(
      ['NETWORK ID', 'NAME', 'DRIVER', 'SUBNET'],
      records.map((record) => [idOf(record), record.name, record.driver, subnetsOf(record)]),
    )
  }
}

function subnetsOf({ subnets, internal }: NetworkRecord): string {
  return `${subnets.map(({ subnet }) => subnet).join(', ')}${internal ? ' (internal)' : ''}`
}

export async function inspect(terminal: Terminal, words: readonly string[]): Promise<void> {
  const { networks, endpoints } = await readRecords(stateDirectory())
  const errors: NetdojoError[] = []
  const found = words.flatMap((word) => {
    try {
      const network = findNetwork(networks, word)
      const own = endpoints.filter((endpoint) => endpoint.network === network.name)
      return [{ ...network, endpoints: own }]
    } catch (error) {
      if (!(error instanceof NetdojoError)) throw error
      errors.push(error)
      return []
    }
  })
  terminal.write(`${JSON.stringify(found, undefined, 4)}\n`)
  for (const error of errors) terminal.writeError(errorParagraph(error))
  if (errors[0]) endWith(exitCodeOf(errors[0]))
}
