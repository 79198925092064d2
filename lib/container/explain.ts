// What is done for a container besides its networks, as commands that a person would type: pasted in their order into a shell, they make the same.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { hideCgroups } from './cgroups.ts'
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
  cgroups: { readonly usable: boolean; readonly hidden: boolean },
): void {
  const directory = directoryOf(context, record.id)
  const { onStep } = context
  if (cgroups.hidden)
    onStep({
      title: 'Control groups as runc wants to see them, read-only',
      commands: [hideCgroups],
    })
  if (root.startsWith(directory))
    onStep({
      title: 'The layers of the image (skopeo and umoci unpack them)',
      commands: [`# ${word(record.root)} is unpacked at ${word(root)}`],
    })
  onStep({
    title: 'The bundle: a root file system that is put together, and what runc makes of it',
    commands: [...filesOf(directory, root)],
  })
  onStep({
    title: 'The container itself',
    commands: [
      `runc --root ${runcRoot}${cgroups.usable ? '' : ' --rootless=true'} run --bundle ${word(directory)} ${record.id}`,
    ],
  })
}

/** Everything below the directory, as the commands that make it. */
function* filesOf(directory: string, root: string): Generator<string> {
  const entries = readdirSync(directory, { withFileTypes: true, recursive: true })
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .filter(({ path }) => !path.startsWith(join(directory, 'image')) && !path.endsWith('/log'))
  const directories = entries
    .filter(({ entry }) => entry.isDirectory())
    .map(({ path }) => word(path))
  yield `mkdir -p ${directories.join(' ')}`
  for (const { entry, path } of entries) {
    if (entry.isSymbolicLink()) yield `ln -s ${word(readlinkSync(path))} ${word(path)}`
    else if (!entry.isFile()) continue
    else if (path.startsWith(join(directory, 'rootfs')))
      yield `cp ${word(join(root, entry.name))} ${word(path)}`
    else
      yield [`cat >${word(path)} <<'END'`, readFileSync(path, 'utf8').trimEnd(), 'END'].join('\n')
  }
}

/** One word of a shell's line, whatever is in it. */
function word(text: string): string {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
