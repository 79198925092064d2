// Keeps the worlds that a user has saved: scripts in the data directory, which also run in `npm run shell`.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NetdojoError } from '../../errors.ts'
import { dataDirectory } from '../../user-file.ts'
import type { Home } from '../protocol.ts'

export function savedWorlds(): Home['worlds'] {
  const directory = worldDirectory()
  try {
    return readdirSync(directory)
      .filter((file) => file.endsWith('.sh'))
      .toSorted()
      .map((file) => {
        const path = join(directory, file)
        const lines = readFileSync(path, 'utf8').trimEnd().split('\n').length
        return { name: file.slice(0, -3), saved: statSync(path).mtime.toISOString(), lines }
      })
  } catch {
    // Nothing was saved yet.
    return []
  }
}

/** @throws NetdojoError `usage` */
export function readWorld(name: string): string {
  const path = pathOf(name)
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new NetdojoError({
      code: 'usage',
      operation: 'open',
      object: `the world '${name}'`,
      reason: error instanceof Error ? error.message : String(error),
      cause: error,
    })
  }
}

/** @returns the path. @throws NetdojoError `usage` */
export function saveWorld(name: string, script: string): string {
  const path = pathOf(name)
  mkdirSync(worldDirectory(), { recursive: true, mode: 0o700 })
  writeFileSync(path, script)
  return path
}

/** @throws NetdojoError `usage` */
export function forgetWorld(name: string): void {
  rmSync(pathOf(name), { force: true })
}

function worldDirectory(): string {
  return join(dataDirectory(), 'worlds')
}

function pathOf(name: string): string {
  if (/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,39}$/u.test(name)) return join(worldDirectory(), `${name}.sh`)
  throw new NetdojoError({
    code: 'usage',
    operation: 'name',
    object: 'a world',
    reason: `the name must be 1 to 40 letters, digits, - and _, not '${name}'`,
  })
}
