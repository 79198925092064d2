// What is done for a container besides its networks, as commands that a person would type: pasted in their order into a shell, they make the same.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { hideCgroups, type Cgroups } from './cgroups.ts'
import { shellQuote } from '../exec/shell-quote.ts'
import { unpackCommands } from './image.ts'
import { directoryOf, runcRoot, type Context } from './context.ts'
import { namespaceName } from './namespace.ts'
import type { ContainerRecord } from './records.ts'

export function explainNamespace({ onStep }: Context, { netns }: ContainerRecord): void {
  onStep({
    title:
      'A network namespace for the container, before its program: it finds the network complete',
    commands: [`ip netns add ${namespaceName(netns)}`],
  })
}

export function explainBundle(
  context: Context,
  record: ContainerRecord,
  root: string,
  { usable, toHide }: Cgroups,
): void {
  const [directory, shown] = [
    directoryOf(context, record.id),
    join(context.shownDirectory, record.id),
  ]
  const tell = (title: string, ...commands: readonly string[]) =>
    context.onStep({
      title,
      commands: commands.map((command) => command.replaceAll(directory, shown)),
    })
  if (toHide) tell('Control groups as runc wants to see them, read-only', hideCgroups)
  if (root.startsWith(directory))
    tell('The layers of the image', ...unpackCommands(directory, record.root))
  tell(
    'The bundle: a root file system, put together, and what runc makes of it',
    ...filesOf(directory, root),
  )
  const rootless = usable ? '' : ' --rootless=true'
  tell(
    'The container itself',
    `runc --root ${runcRoot}${rootless} run --bundle ${shellQuote(directory)} ${record.id}`,
  )
}

/** Everything below the directory, as the commands that make it. */
function* filesOf(directory: string, root: string): Generator<string> {
  const entries = readdirSync(directory, { withFileTypes: true, recursive: true })
    .map((entry) => ({ entry, path: relative(directory, join(entry.parentPath, entry.name)) }))
    .filter(({ path }) => !/^(image\/|log$)/.test(`${path}/`))
  const directories = entries.filter(({ entry }) => entry.isDirectory())
  yield `mkdir -p ${shellQuote(directory)} && cd ${shellQuote(directory)}`
  yield `mkdir -p ${directories.map(({ path }) => shellQuote(path)).join(' ')}`
  for (const { entry, path } of entries) {
    const place = join(directory, path)
    if (entry.isSymbolicLink()) yield `ln -s ${shellQuote(readlinkSync(place))} ${shellQuote(path)}`
    else if (!entry.isFile()) continue
    else if (path.startsWith('rootfs/'))
      yield `cp ${shellQuote(join(root, entry.name))} ${shellQuote(path)}`
    else
      yield [`cat >${shellQuote(path)} <<'END'`, readFileSync(place, 'utf8').trimEnd(), 'END'].join(
        '\n',
      )
  }
}
