// Builds the root file system of a container: an overlay for each top directory of the original, so that the container can
// write almost anywhere and the original never changes.
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  type Dirent,
} from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { isOwnUserNamespace } from './user-namespace.ts'

/** A mount in the form of the runtime specification (config.md, Mounts). */
export type Mount = {
  readonly destination: string
  readonly type: string
  readonly source: string
  readonly options: readonly string[]
}

/** Every container gets its own from the kernel. */
const fromKernel: ReadonlySet<string> = new Set(['proc', 'sys', 'dev'])
/** The parts of the host's own file system that a container sees: programs and settings, without the data of users and services. */
const ofTheMachine = /^(bin|sbin|lib\w*|usr|etc|opt|var|nix|gnu)$/
const emptyInstead = ['home', 'mnt', 'root', 'run', 'srv', 'tmp']

/**
 * Fills `directory/rootfs` with the top level of `original`, and returns the mounts that it needs.
 *
 * One overlay for everything is impossible: in a user namespace the kernel refuses an overlay over a directory with mounts
 * below it, since it would show what they hide (`has_locked_children` in fs/namespace.c).
 */
export function layRootFileSystem(
  directory: string,
  original: string,
  mayOverlay = overlayIsThere(),
): readonly Mount[] {
  const rootfs = join(directory, 'rootfs')
  for (const name of ['rootfs', 'upper', 'work']) mkdirSync(join(directory, name))
  const mountPoints = readMountPoints()
  const isMachine = original === '/'
  const isWanted = isMachine
    ? (name: string) => ofTheMachine.test(name)
    : (name: string) => !fromKernel.has(name)
  const entries = readdirSync(original, { withFileTypes: true })
  if (isMachine) for (const name of emptyInstead) mkdirSync(join(rootfs, name))
  if (isMachine) chmodSync(join(rootfs, 'tmp'), 0o1777)
  return entries
    .filter(({ name }) => isWanted(name))
    .flatMap((entry) => {
      if (!entry.isDirectory()) return copy(entry, original, rootfs)
      const source = join(original, entry.name)
      const hasMountsBelow = mountPoints.some((point) => point.startsWith(`${source}/`))
      return mayOverlay && !hasMountsBelow
        ? overlay(directory, source, entry.name)
        : asItIs(source, entry.name)
    })
}

function overlay(directory: string, lower: string, name: string): readonly Mount[] {
  const [upper, work] = [join(directory, 'upper', name), join(directory, 'work', name)]
  // The merged directory has the owner of the upper one: a directory of an unmapped owner becomes writable at its top.
  for (const path of [upper, work]) mkdirSync(path)
  const options = [
    `lowerdir=${escape(lower)}`,
    `upperdir=${escape(upper)}`,
    `workdir=${escape(work)}`,
  ]
  // Only root of the initial user namespace has trusted.* attributes (overlayfs.rst, 'User xattr').
  const own = isOwnUserNamespace() ? ['userxattr'] : []
  return [
    { destination: `/${name}`, type: 'overlay', source: 'overlay', options: [...options, ...own] },
  ]
}

/** Read-only, where an overlay is impossible. */
function asItIs(source: string, name: string): readonly Mount[] {
  return [{ destination: `/${name}`, type: 'bind', source, options: ['rbind', 'ro', 'rprivate'] }]
}

function copy(entry: Dirent, original: string, rootfs: string): readonly Mount[] {
  const [from, to] = [join(original, entry.name), join(rootfs, entry.name)]
  if (entry.isSymbolicLink()) symlinkSync(readlinkSync(from), to)
  else if (entry.isFile()) cpSync(from, to)
  return []
}

/** Mount options are separated by commas, and lower directories by colons. */
function escape(path: string): string {
  return path.replaceAll(/[\\,:]/g, String.raw`\$&`)
}

/** Since Linux 5.11 root of a user namespace can mount an overlay (459c7c565ac3). */
function overlayIsThere(): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number)
  return !isOwnUserNamespace() || major > 5 || (major === 5 && minor >= 11)
}

function readMountPoints(): readonly string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .map((path) =>
      path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      ),
    )
}
