// Which packages a program needs that runs in a container or virtual machine: plain JavaScript, whatever system installed it,
// and compiled parts for Linux, which are there when Linux installed them, and which the program can do without.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Node is of the other side, and testcontainers stays on ours. */
const outside: ReadonlySet<string> = new Set(['node', 'testcontainers'])

/** What package-lock.json says of a package. */
export type LockedPackage = {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  /** Whether all that want it can do without. */
  readonly optional?: true
  readonly hasInstallScript?: true
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
}

/** By their paths below node_modules, those that the others need included. */
export function packagesInside(): ReadonlyMap<string, LockedPackage> {
  const lock = readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- npm's own format, version 3
  const { packages } = JSON.parse(lock) as { packages: Readonly<Record<string, LockedPackage>> }
  const needed = new Map<string, LockedPackage>()
  const queue = Object.keys(packages['']?.dependencies ?? {})
    .filter((name) => !outside.has(name))
    .map((name) => `node_modules/${name}`)
  for (const path of queue) {
    const locked = packages[path]
    if (locked === undefined || needed.has(path.slice(prefix.length))) continue
    needed.set(path.slice(prefix.length), locked)
    for (const name of Object.keys({ ...locked.dependencies, ...locked.optionalDependencies }))
      queue.push(
        ...candidatePaths(path, name)
          .filter((candidate) => isForLinux(packages[candidate]))
          .slice(0, 1),
      )
  }
  return needed
}

function isForLinux(locked: LockedPackage | undefined): boolean {
  return locked !== undefined && (locked.os?.includes('linux') ?? true)
}

const prefix = 'node_modules/'

/** Where Node looks for a package that one at `path` imports: beneath it first, then beneath each that it is in. */
function candidatePaths(path: string, name: string): readonly string[] {
  const outer = path.lastIndexOf(`/${prefix}`)
  const further = outer < 0 ? [`${prefix}${name}`] : candidatePaths(path.slice(0, outer), name)
  return [`${path}/${prefix}${name}`, ...further]
}
