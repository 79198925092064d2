// `netdojo ps …`: the containers, in Docker's columns.
import { Command, Option } from 'commander'
import type { ContainerRecord } from '../../index.ts'
import type { Terminal } from '../terminal.ts'

type PsFlags = { readonly all?: true; readonly quiet?: true; readonly format: 'table' | 'json' }

export function psCommand(terminal: Terminal): Command {
  return new Command('ps')
    .usage('[OPTIONS]')
    .description('List the containers that run.')
    .option('-a, --all', 'also those that have ended')
    .option('-q, --quiet', 'ids only')
    .addOption(
      new Option('--format <format>', 'how to print them')
        .choices(['table', 'json'])
        .default('table'),
    )
    .action(async ({ all, quiet, format }: PsFlags) => {
      const { useContainers } = await import('../open-containers.ts')
      const containers = await useContainers((containers) => containers.list())
      const shown = containers.filter(({ status }) => all || status === 'running').toReversed()
      if (quiet) for (const { id } of shown) terminal.write(`${shortId(id)}\n`)
      else if (format === 'json')
        for (const container of shown) terminal.write(`${JSON.stringify(container)}\n`)
      else terminal.write(table([heading, ...shown.map(row)]))
    })
}

const heading = ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES']
const longestCommand = 20

function row(container: ContainerRecord): readonly string[] {
  const { id, root, command, createdAt, ports, name } = container
  const words = command.join(' ')
  const shown = words.length > longestCommand ? `${words.slice(0, longestCommand - 1)}…` : words
  return [
    shortId(id),
    root === '/' ? '(this machine)' : (root.split('/').at(-1) ?? root),
    JSON.stringify(shown),
    `${ago(createdAt)} ago`,
    statusOf(container),
    ports.map(portOf).join(', '),
    name,
  ]
}

function statusOf({ status, exitCode, startedAt, finishedAt }: ContainerRecord): string {
  if (status === 'exited') return `Exited (${exitCode ?? '?'}) ${ago(finishedAt)} ago`
  return status === 'running' ? `Up ${ago(startedAt)}` : status
}

function portOf({
  hostAddress,
  hostPort,
  port,
  protocol,
}: ContainerRecord['ports'][number]): string {
  return `${hostAddress ?? '0.0.0.0'}:${hostPort}->${port}/${protocol}`
}

/** As long as a container's name in Docker's lists, and long enough to be typed. */
function shortId(id: string): string {
  return id.slice(0, 12)
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

function ago(moment: string | undefined): string {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(moment ?? '')) / 1000)) || 0
  const [unit, length] = units.find(([, length]) => seconds >= 2 * length) ?? ['second', 1]
  const count = Math.floor(seconds / length)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = heading.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}
