// Finds programs in the caller's PATH and in the system directories that Debian leaves out of an ordinary user's PATH.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const systemDirectories = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin']

/** The PATH for programs that we start, with the given directories first. */
export function searchPath(...first: string[]): string {
  const inherited = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return [...new Set([...first, ...inherited, ...systemDirectories])].join(delimiter)
}

/** Whether a program is installed and executable. */
export function isInstalled(program: string): boolean {
  return searchPath()
    .split(delimiter)
    .some((directory) => isExecutable(join(directory, program)))
}

const found = new Map<string, string>()

/** The program's path, searched once; the bare name when it is not found. */
export function programPath(program: string): string {
  const path =
    found.get(program) ??
    searchPath()
      .split(delimiter)
      .map((directory) => join(directory, program))
      .find(isExecutable)
  if (path !== undefined) found.set(program, path)
  return path ?? program
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
