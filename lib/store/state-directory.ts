// Makes the state directory (0700), and refuses one that another user could change: root obeys what is in it.
import { lstatSync, mkdirSync, realpathSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { NetdojoError } from '../errors.ts'

/** Write permission for the group or for others: inode(7). */
const writableByOthers = 0o022

/**
 * @throws NetdojoError `state-unsafe` when the directory, or one of the `files` in it that exist, is a symbolic link,
 * belongs to another user, or can be written by others; what the system throws when it refuses to make the directory
 */
export function ensureStateDirectory(directory: string, ...files: readonly string[]): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  refuseUnsafe(directory, 'directory')
  for (const file of files) refuseUnsafe(join(directory, file), 'file')
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
