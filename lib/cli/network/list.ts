// `network ls`: what the records say, as a table, as ids, or as JSON.
import { readRecords } from '../../network/read-records.ts'
import type { NetworkRecord } from '../../network/records.ts'
import { formatOf } from '../format.ts'
import { filterOf, hasLabel } from '../pairs.ts'
import { stateDirectory } from '../state-directory.ts'
import { table } from '../table.ts'
import type { Terminal } from '../terminal.ts'

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
