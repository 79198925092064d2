// Lists containers in Docker's columns, as ids or as JSON.
import { readContainers } from '../../container/read-containers.ts'
import type { ContainerRecord } from '../../container/records.ts'
import { formatOf } from '../shared/options.ts'
import { stateDirectory } from '../shared/state-directory.ts'
import { portTexts } from '../shared/port-texts.ts'
import { table } from '../shared/terminal.ts'
import { readRecords } from '../../network/read-records.ts'
import { warnOfUnheard } from '../shared/unheard.ts'
import type { CommandFile } from '../shared/command.ts'

type Options = {
  readonly all?: true
  readonly quiet?: true
  readonly trunc?: boolean
  readonly format?: string
}

export const ps: CommandFile = {
  define: (command) => {
    command
      .usage('[OPTIONS]')
      .option('-a, --all', 'also list containers whose program has ended')
      .option('-q, --quiet', 'print only IDs')
      .option('--no-trunc', 'print full IDs and commands')
      .option('--format <format>', 'table, or json: one object per line (default: table)')
      .addHelpText('after', '\nExamples:\n  netdojo ps -a\n  netdojo ps --format json')
  },
  run: async (terminal, _, { all, quiet, trunc = true, format }: Options) => {
    const isTable = formatOf(format) === 'table'
    const containers = (await readContainers(stateDirectory())) ?? (await recovered())
    const shown = containers
      .filter(({ status }) => all || status === 'running')
      .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
    if (quiet) terminal.write(shown.map(({ id }) => `${shortened(id, trunc)}\n`).join(''))
    else if (isTable)
      terminal.write(
        table(
          ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES'],
          shown.map((container) => row(container, trunc)),
        ),
      )
    else terminal.write(shown.map((container) => `${JSON.stringify(container)}\n`).join(''))
    if (!quiet && shown.some(({ ports }) => ports.length > 0))
      await warnOfUnheard(terminal, (await readRecords(stateDirectory())).endpoints)
  },
}

/** Opens the containers, which finishes those whose owner has died. */
async function recovered(): Promise<readonly ContainerRecord[]> {
  const { useContainers } = await import('../shared/containers.ts')
  return useContainers((containers) => containers.list())
}

const longestCommand = 20

function row(container: ContainerRecord, trunc: boolean): readonly string[] {
  const { id, root, command, createdAt, ports, name, status } = container
  const words = command.join(' ')
  const shown =
    trunc && words.length > longestCommand ? `${words.slice(0, longestCommand - 1)}…` : words
  return [
    shortened(id, trunc),
    root === '/' ? '(this machine)' : (root.split('/').at(-1) ?? root),
    JSON.stringify(shown),
    `${ago(createdAt)} ago`,
    statusOf(container),
    status === 'running' ? portTexts(ports).join(', ') : '',
    name,
  ]
}

function statusOf({ status, exitCode, startedAt, finishedAt }: ContainerRecord): string {
  if (status === 'exited') return `Exited (${exitCode ?? '?'}) ${ago(finishedAt)} ago`
  return status === 'running' ? `Up ${ago(startedAt)}` : status
}

/** Docker's length. */
function shortened(id: string, trunc: boolean): string {
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
