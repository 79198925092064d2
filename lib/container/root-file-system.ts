// Builds the root file system of a container: an overlay for each top directory of the original, so that the container can
// write almost anywhere and the original never changes.
import {
  chmodSync,
  chownSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
  type Dirent,
} from 'node:fs'
import { release } from 'node:os'
import { dirname, join } from 'node:path'
import { bindReadOnly, mountsBelow, type Mount } from './mounts.ts'
import { isOwnUserNamespace } from './user-namespace.ts'

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
export async function layRootFileSystem(
  directory: string,
  original: string,
  options: readonly string[],
): Promise<readonly Mount[]> {
  const rootfs = join(directory, 'rootfs')
  for (const name of ['rootfs', 'upper', 'work']) mkdirSync(join(directory, name))
  const mayOverlay = overlayIsThere()
  const isMachine = original === '/'
  const isWanted = isMachine
    ? (name: string) => ofTheMachine.test(name)
    : (name: string) => !fromKernel.has(name)
  const entries = readdirSync(original, { withFileTypes: true })
  if (isMachine) for (const name of emptyInstead) mkdirSync(join(rootfs, name))
  if (isMachine) chmodSync(join(rootfs, 'tmp'), 0o1777)
  const mounts: Mount[] = []
  for (const entry of entries.filter(({ name }) => isWanted(name))) {
    const source = join(original, entry.name)
    if (!entry.isDirectory()) mounts.push(...(await copy(entry, source, rootfs, options)))
    else if (mayOverlay && mountsBelow(source).length === 0)
      mounts.push(overlay(directory, source, entry.name, options))
    // Read-only, where an overlay is impossible.
    else mounts.push(...(await bindReadOnly(source, `/${entry.name}`, options)))
  }
  return mounts
}

function overlay(directory: string, lower: string, name: string, more: readonly string[]): Mount {
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
  return {
    destination: `/${name}`,
    type: 'overlay',
    source: 'overlay',
    options: [...options, ...own, ...more],
  }
}

/** A larger file is bound read-only: a sparse file may be larger than the disk. */
const largestCopy = 16 * 1024 * 1024

/** Nothing is opened that is not a file: a FIFO would wait for its writer. */
async function copy(
  entry: Dirent,
  from: string,
  rootfs: string,
  options: readonly string[],
): Promise<readonly Mount[]> {
  const to = join(rootfs, entry.name)
  if (entry.isSymbolicLink()) symlinkSync(readlinkSync(from), to)
  if (!entry.isFile()) return []
  if (lstatSync(from).size <= largestCopy) copyFileSync(from, to)
  else return bindReadOnly(from, `/${entry.name}`, options)
  return []
}

/**
 * Hides paths of the original: a file by an empty one in its overlay, so that the container can write its own.
 * @returns the paths that must be covered by mounts
 */
export function hideInOverlays(
  directory: string,
  mounts: readonly Mount[],
  paths: readonly string[],
): readonly string[] {
  const overlays = new Set(
    mounts.filter(({ type }) => type === 'overlay').map(({ destination }) => destination),
  )
  const upper = join(directory, 'upper')
  return paths.filter((path) => {
    const stat = lstatSync(path, { throwIfNoEntry: false })
    const top = `/${path.split('/')[1]}`
    if (!stat?.isFile() || !overlays.has(top) || isOwnUserNamespace()) return true
    makeLike(upper, dirname(path))
    writeFileSync(join(upper, path), '', { mode: stat.mode })
    chownSync(join(upper, path), stat.uid, stat.gid)
    return false
  })
}

/** A directory of the overlay has the mode and the owner of its upper one. */
function makeLike(upper: string, path: string): void {
  const to = join(upper, path)
  if (path === '/' || lstatSync(to, { throwIfNoEntry: false })) return
  makeLike(upper, dirname(path))
  const { mode, uid, gid } = lstatSync(path)
  mkdirSync(to)
  chmodSync(to, mode & 0o7777)
  chownSync(to, uid, gid)
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
