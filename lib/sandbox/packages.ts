// Which packages a program needs that runs in a container or virtual machine: plain JavaScript, whatever system installed it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Node is of the other side, and testcontainers stays on ours. */
const outside: ReadonlySet<string> = new Set(['node', 'testcontainers'])

/** What package-lock.json says of a package. */
export type LockedPackage = {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly hasInstallScript?: true
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
}

/** By name, those that the others need included. */
export function packagesInside(): ReadonlyMap<string, LockedPackage> {
  const lock = readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- npm's own format, version 3
  const { packages } = JSON.parse(lock) as { packages: Readonly<Record<string, LockedPackage>> }
  const needed = new Map<string, LockedPackage>()
  const queue = Object.keys(packages['']?.dependencies ?? {}).filter((name) => !outside.has(name))
  for (const name of queue) {
    const locked = packages[`node_modules/${name}`]
    if (locked === undefined || needed.has(name)) continue
    needed.set(name, locked)
    queue.push(...Object.keys(locked.dependencies ?? {}))
  }
  return needed
}
