// Makes the state directory (0700), and refuses a directory that another user could change, because root acts on its content.
import { lstatSync, mkdirSync, realpathSync, statSync, type Stats } from 'node:fs'
import { dirname, join } from 'node:path'
import { NetdojoError } from '../errors.ts'

/** Write permission for the group or for others: inode(7). */
const writableByOthers = 0o022

/**
 * @throws NetdojoError `state-unsafe` when the directory, or one of the `files` in it that exist, is a symbolic link,
 * belongs to another user, or can be written by others; what the system throws when it refuses to make the directory
 */
export function ensureStateDirectory(directory: string, ...files: readonly string[]): void {
  makeDirectory(directory)
  refuseUnsafe(directory, 'directory')
  for (const file of files) refuseUnsafe(join(directory, file), 'file')
}

/** Without the option `recursive`, which makes mkdirSync loop forever below /proc (Node 24). */
function makeDirectory(directory: string): void {
  if (isDirectory(directory)) return
  makeDirectory(dirname(directory))
  try {
    mkdirSync(directory, { mode: 0o700 })
  } catch (error) {
    // Another process may have made it in the meantime.
    if (!isDirectory(directory)) throw error
  }
}

/** @throws NetdojoError `state-unavailable` for an existing path of another kind */
function isDirectory(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats || stats.isDirectory()) return stats !== undefined
  throw new NetdojoError({
    code: 'state-unavailable',
    operation: 'use the state directory',
    object: path,
    reason: 'it must be a directory, and it is a file',
    advice: ['choose another state directory'],
  })
}

type Kind = 'directory' | 'file'

function refuseUnsafe(path: string, kind: Kind): void {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  const refusal = stats && refusalOf(path, kind, stats)
  if (!refusal) return
  const [reason, advice] = refusal
  throw new NetdojoError({
    code: 'state-unsafe',
    operation: 'use the state in',
    object: path,
    reason,
    advice: [advice, 'or choose another state directory'],
  })
}

function refusalOf(
  path: string,
  kind: Kind,
  stats: Stats,
): readonly [reason: string, advice: string] | undefined {
  const user = process.geteuid?.() ?? 0
  const trusted = `if you trust what is in it: `
  if (stats.isSymbolicLink())
    return [`the state ${kind} must not be a symbolic link`, `use ${targetOf(path)} itself`]
  if (stats.uid !== user)
    return [
      `it must belong to user ${user}, not to user ${stats.uid}`,
      `${trusted}chown ${user} ${path}`,
    ]
  if ((stats.mode & writableByOthers) !== 0)
    return [
      `only its owner must be able to write to it, but its mode is ${(stats.mode & 0o777).toString(8)}`,
      `${trusted}chmod go-w ${path}`,
    ]
  return undefined
}

function targetOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return 'another path: this link leads nowhere'
  }
}
