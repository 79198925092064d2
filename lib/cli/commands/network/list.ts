// Lists networks as a table, as ids or as JSON, and prints their records with their endpoints.
import { NetdojoError } from '../../../errors.ts'
import type { NetworkRecord } from '../../../network/records.ts'
import { knownRecords } from '../../shared/cluster.ts'
import { endWith, errorParagraph, exitCodeOf } from '../../shared/errors.ts'
import { filterOf, formatOf, hasLabel, many } from '../../shared/options.ts'
import { table } from '../../shared/terminal.ts'
import { warnOfUnheard } from '../../shared/unheard.ts'
import type { CommandFile } from '../../shared/command.ts'

type Options = {
  readonly filter?: readonly string[]
  readonly format?: string
  readonly trunc?: boolean
  readonly quiet?: true
}

export const ls: CommandFile = {
  define: (command) => {
    command
      .option('-f, --filter <key=value>', 'list only the networks that pass, see below', many)
      .option('--format <format>', 'table, or json: one object per line (default: table)')
      .option('--no-trunc', 'print full IDs')
      .option('-q, --quiet', 'print only IDs')
      .addHelpText(
        'after',
        `
Filters: label=KEY, label=KEY=VALUE, name=PART, id=START, driver=NAME. With
several filters of one key, a network must pass one of them; of labels, all.

Examples:
  netdojo network ls --filter label=team=a
  netdojo network ls -q --filter driver=bridge
  netdojo network ls --format json`,
      )
  },
  run: async (terminal, _, { filter, format, trunc = true, quiet }: Options) => {
    const isTable = formatOf(format) === 'table'
    const passes = filterOf<NetworkRecord>(
      {
        label: hasLabel,
        name: ({ name }, part) => name.includes(part),
        id: ({ id }, start) => id.startsWith(start),
        driver: ({ driver }, wanted) => driver === wanted,
      },
      filter,
    )
    const { networks, unanswered } = await knownRecords()
    const found = networks.filter(passes)
    const idOf = ({ id }: NetworkRecord) => (trunc ? id.slice(0, shortId) : id)
    if (quiet) terminal.write(found.map((record) => `${idOf(record)}\n`).join(''))
    else if (isTable)
      terminal.write(
        table(
          ['NETWORK ID', 'NAME', 'DRIVER', 'SUBNET'],
          found.map((record) => [idOf(record), record.name, record.driver, subnetsOf(record)]),
        ),
      )
    else terminal.write(found.map((record) => `${JSON.stringify(record)}\n`).join(''))
    // The list lacks the networks that this machine has not joined.
    if (!unanswered) return
    terminal.writeError(errorParagraph(unanswered))
    endWith(exitCodeOf(unanswered))
  },
}

/** Docker's length. */
const shortId = 12

function subnetsOf({ subnets, internal }: NetworkRecord): string {
  return `${subnets.map(({ subnet }) => subnet).join(', ')}${internal ? ' (internal)' : ''}`
}

/** Prints every network that it finds, then an error for each that is missing. */
export const inspect: CommandFile = {
  define: (command) => {
    command
      .argument('<network...>', 'names, IDs, or the beginnings of IDs')
      .addHelpText('after', '\nExample:\n  netdojo network inspect testbridge')
  },
  run: async (terminal, words) => {
    // `network ls` shares this file and finds nothing by name.
    const { findNetwork } = await import('../../shared/find.ts')
    const { networks, endpoints, unanswered } = await knownRecords()
    const errors: NetdojoError[] = unanswered ? [unanswered] : []
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
    await warnOfUnheard(
      terminal,
      found.flatMap((network) => network.endpoints),
    )
    for (const error of errors) terminal.writeError(errorParagraph(error))
    if (errors[0]) endWith(exitCodeOf(errors[0]))
  },
}
