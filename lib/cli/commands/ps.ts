// `netdojo ps`: the containers, in Docker's columns.
import { Command } from 'commander'
import { readContainers } from '../../container/read-containers.ts'
import type { ContainerRecord } from '../../container/records.ts'
import { formatOf } from '../shared/options.ts'
import { stateDirectory } from '../shared/state-directory.ts'
import { type Terminal, table } from '../shared/terminal.ts'

export type PsFlags = {
  readonly all?: true
  readonly quiet?: true
  readonly trunc: boolean
  readonly format?: string
}

export async function list(
  terminal: Terminal,
  { all, quiet, trunc, format }: PsFlags,
): Promise<void> {
  const wanted = formatOf(format)
  const containers = (await readContainers(stateDirectory())) ?? (await mended())
  const shown = containers
    .filter(({ status }) => all || status === 'running')
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
  if (quiet) for (const { id } of shown) terminal.write(`${shortId(id, trunc)}\n`)
  else if (wanted === 'json')
    for (const container of shown) terminal.write(`${JSON.stringify(container)}\n`)
  else
    terminal.write(
      table(
        heading,
        shown.map((container) => row(container, trunc)),
      ),
    )
}

async function mended(): Promise<readonly ContainerRecord[]> {
  const { useContainers } = await import('../shared/containers.ts')
  return useContainers((containers) => containers.list())
}

const heading = ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES']
const longestCommand = 20

function row(container: ContainerRecord, trunc: boolean): readonly string[] {
  const { id, root, command, createdAt, ports, name, status } = container
  const words = command.join(' ')
  const shown =
    trunc && words.length > longestCommand ? `${words.slice(0, longestCommand - 1)}…` : words
  return [
    shortId(id, trunc),
    root === '/' ? '(this machine)' : (root.split('/').at(-1) ?? root),
    JSON.stringify(shown),
    `${ago(createdAt)} ago`,
    statusOf(container),
    status === 'running' ? ports.map(portOf).join(', ') : '',
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
function shortId(id: string, trunc: boolean): string {
  return trunc ? id.slice(0, 12) : id
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

export function psCommand(terminal: Terminal): Command {
  return new Command('ps')
    .usage('[OPTIONS]')
    .description('List the containers that run.')
    .option('-a, --all', 'also those that have ended')
    .option('-q, --quiet', 'ids only')
    .option('--no-trunc', 'whole ids and commands')
    .option('--format <format>', 'table (unless told) or json: an object a line')
    .addHelpText('after', '\nExamples:\n  netdojo ps -a\n  netdojo ps --format json')
    .action(async (flags: PsFlags) => {
      await list(terminal, flags)
    })
}
