// Prints what happens to a container beside its networks, as shell commands that do the same when pasted in order.
import { readdirSync, readFileSync, readlinkSync, type Dirent } from 'node:fs'
import { join, relative } from 'node:path'
import { hideCgroups, type Cgroups } from './cgroups.ts'
import { shellQuote } from '../exec/shell-quote.ts'
import { unpackCommands } from './image.ts'
import { directoryOf, runcRoot, type Context } from './context.ts'
import { namespaceName } from './namespace.ts'
import type { ContainerRecord } from './records.ts'

export function explainNamespace({ onStep }: Context, { netns }: ContainerRecord): void {
  onStep?.({
    title:
      'Create the network namespace before the program starts, so that the program finds its network complete',
    commands: [`ip netns add ${namespaceName(netns)}`],
  })
}

export function explainBundle(
  context: Context,
  record: ContainerRecord,
  root: string,
  { usable, toHide }: Cgroups,
): void {
  const { onStep } = context
  // Nobody pays for a listing of files that nobody reads.
  if (!onStep) return
  const [directory, shown] = [
    directoryOf(context, record.id),
    join(context.shownDirectory, record.id),
  ]
  const emit = (title: string, ...commands: readonly string[]) =>
    onStep({
      title,
      commands: commands.map((command) => command.replaceAll(directory, shown)),
    })
  if (toHide) emit('Mount control groups read-only, as runc expects them', hideCgroups)
  if (root.startsWith(directory))
    emit('Unpack the layers of the image', ...unpackCommands(directory, record.root))
  emit(
    'Write the bundle: the root file system, and config.json for runc',
    ...filesOf(directory, root),
  )
  const rootless = usable ? '' : ' --rootless=true'
  emit(
    'Start the container',
    `runc --root ${runcRoot}${rootless} run --bundle ${shellQuote(directory)} ${record.id}`,
  )
}

/** The commands that create everything below the directory. */
function* filesOf(directory: string, root: string): Generator<string> {
  const entries = [...entriesBelow(directory)].map((entry) => ({
    entry,
    path: relative(directory, join(entry.parentPath, entry.name)),
  }))
  const directories = entries.filter(({ entry }) => entry.isDirectory())
  yield `mkdir -p ${shellQuote(directory)} && cd ${shellQuote(directory)}`
  yield `mkdir -p ${directories.map(({ path }) => shellQuote(path)).join(' ')}`
  for (const { entry, path } of entries) {
    const file = join(directory, path)
    if (entry.isSymbolicLink()) yield `ln -s ${shellQuote(readlinkSync(file))} ${shellQuote(path)}`
    else if (!entry.isFile()) continue
    else if (path.startsWith('rootfs/'))
      yield `cp ${shellQuote(join(root, entry.name))} ${shellQuote(path)}`
    else
      yield [`cat >${shellQuote(path)} <<'END'`, readFileSync(file, 'utf8').trimEnd(), 'END'].join(
        '\n',
      )
  }
}

/** Without the files of an image and the log. A symbolic link is an entry, and never followed: `recursive` of readdir follows it. */
function* entriesBelow(directory: string, left = /^(image|log(\.\d+)?)$/): Generator<Dirent> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (left.test(entry.name)) continue
    yield entry
    if (entry.isDirectory()) yield* entriesBelow(join(directory, entry.name), /^$/)
  }
}

export type Ending = {
  /** Seconds between SIGTERM and SIGKILL; with 0 only SIGKILL is sent. */
  readonly seconds: number
  /** Whether its log and its record are removed too. */
  readonly remove: boolean
}

/**
 * Prints what `stop` and `remove` do. The plans of the networks come in between. Changes nothing if the store of the
 * networks is a copy and their applier does nothing.
 */
export async function explainEnd(
  context: Context,
  record: ContainerRecord,
  { seconds, remove }: Ending,
): Promise<void> {
  const { networks, onStep } = context
  const pid = record.status === 'exited' ? undefined : record.process?.pid
  if (pid !== undefined) {
    onStep?.(end(pid, seconds))
    onStep?.({
      title: 'Once it has ended, the process that watches it does the rest:',
      commands: [],
      inBackground: true,
    })
  }
  for (const { id, network, netns } of await networks.endpoints())
    if (netns === record.netns) await networks.disconnect(network, id, { namespaceEnds: true })
  const directory = shellQuote(join(context.shownDirectory, record.id))
  if (record.status !== 'exited')
    onStep?.({
      title: 'Remove its namespace and its files',
      commands: [
        `ip netns delete ${namespaceName(record.netns)}`,
        `find ${directory} -mindepth 1 -maxdepth 1 ! -name 'log*' -exec rm -r {} +`,
      ],
    })
  if (remove || record.autoRemove)
    onStep?.({ title: 'Remove its log', inBackground: false, commands: [`rm -r ${directory}`] })
}

function end(pid: number, seconds: number) {
  if (seconds === 0) return { title: 'Kill its program', commands: [`kill -KILL ${pid}`] }
  const commands = [
    `kill -TERM ${pid}`,
    `# if it is still there after ${seconds} s: kill -KILL ${pid}`,
  ]
  return { title: 'Ask its program to end', commands }
}
