// Makes the mounts of a container. Read-only means the whole tree: `ro` alone leaves the mounts below it writable (mount(8)).
import { readFileSync, realpathSync } from 'node:fs'
import { release } from 'node:os'
import { join, relative } from 'node:path'
import { run } from '../exec/run.ts'

/** A mount in the form of the runtime specification (config.md, Mounts). */
export type Mount = {
  readonly destination: string
  readonly type: string
  readonly source: string
  readonly options: readonly string[]
}

export function bindWritable(source: string, destination: string): Mount {
  return { destination, type: 'bind', source, options: ['rbind', 'rw', 'rprivate'] }
}

export async function bindReadOnly(
  source: string,
  destination: string,
  more: readonly string[] = [],
  recursive?: boolean,
): Promise<readonly Mount[]> {
  const mount = (from: string, to: string, ...options: readonly string[]) => ({
    destination: to,
    type: 'bind',
    source: from,
    options: [...options, 'rprivate', ...more],
  })
  const below = mountsBelow(source)
  if (below.length > 0 && (recursive ?? (await canBeRecursive())))
    return [mount(source, destination, 'rbind', 'rro')]
  // In the order in which they were mounted: one may lie below another.
  return [
    mount(source, destination, 'rbind', 'ro'),
    ...below.map((point) =>
      mount(point, join(destination, relative(realpathSync(source), point)), 'bind', 'ro'),
    ),
  ]
}

/** The mount points below a directory, in the order in which they were mounted. */
export function mountsBelow(directory: string): readonly string[] {
  const real = realpathSync(directory)
  const prefix = real === '/' ? real : `${real}/`
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .map((path) =>
      path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      ),
    )
    .filter((path) => path.startsWith(prefix))
}

let known: Promise<boolean> | undefined

/** runc 1.1 has the option `rro`, for which the kernel needs mount_setattr(2). */
function canBeRecursive(): Promise<boolean> {
  const [major = 0, minor = 0] = release().split('.').map(Number)
  if (major < 5 || (major === 5 && minor < 12)) return Promise.resolve(false)
  known ??= run('runc', ['features'], { allowFailure: true }).then(({ stdout }) =>
    stdout.includes('"rro"'),
  )
  return known
}
