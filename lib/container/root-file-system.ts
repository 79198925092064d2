// The root file system of a container: each directory at the top of the original below an overlay of the container's own,
// so that the container may write almost anywhere, and nothing of that ever reaches the original.
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

/** As the runtime specification has it (config.md, Mounts). */
export type Mount = {
  readonly destination: string
  readonly type: string
  readonly source: string
  readonly options: readonly string[]
}

/** The kernel's own, which every container has its own of. */
const fromKernel: ReadonlySet<string> = new Set(['proc', 'sys', 'dev'])
/** Of the machine's own, its programs and settings. What belongs to its users and to what runs on it stays outside. */
const ofTheMachine = /^(bin|sbin|lib\w*|usr|etc|opt|var|nix|gnu)$/
const emptyInstead = ['home', 'mnt', 'root', 'run', 'srv', 'tmp']

/**
 * Fills `directory/rootfs` with what is at the top of `original`, and says what is to be mounted there.
 *
 * One overlay over the whole is not possible: in a user namespace the kernel refuses one over a directory with mounts
 * below it, since what they hide would be seen (`has_locked_children` in fs/namespace.c).
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
  // The upper directory gives the merged one its owner: what belongs to nobody here becomes writable at its top.
  for (const path of [upper, work]) mkdirSync(path)
  const options = [
    `lowerdir=${escape(lower)}`,
    `upperdir=${escape(upper)}`,
    `workdir=${escape(work)}`,
  ]
  // trusted.* attributes are for the machine's root only (overlayfs.rst, 'User xattr').
  const own = isOwnUserNamespace() ? ['userxattr'] : []
  return [
    { destination: `/${name}`, type: 'overlay', source: 'overlay', options: [...options, ...own] },
  ]
}

/** Read-only: where there can be no overlay. */
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

/** Linux 5.11 lets the root of a user namespace mount one (459c7c565ac3). */
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
