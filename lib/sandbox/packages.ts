// Lists the packages that a program in a container or virtual machine needs: plain JavaScript, which any system can install, and
// compiled parts for Linux, which only Linux installs, and which the program does not need.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The other side has its own Node, never starts containers, and serves no page. */
const outside: ReadonlySet<string> = new Set([
  'node',
  'testcontainers',
  'esbuild',
  'preact',
  '@preact/signals',
  '@xterm/addon-fit',
  '@xterm/xterm',
  'ws',
])

/** A package's entry in package-lock.json. */
export type LockedPackage = {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  /** Whether every package that depends on it works without it. */
  readonly optional?: true
  readonly hasInstallScript?: true
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
}

/** The packages by their paths below node_modules, with the packages that they depend on. */
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

/** Where Node looks for a package that the package at `path` imports: below that package first, then below each package around it. */
function candidatePaths(path: string, name: string): readonly string[] {
  const outer = path.lastIndexOf(`/${prefix}`)
  const further = outer < 0 ? [`${prefix}${name}`] : candidatePaths(path.slice(0, outer), name)
  return [`${path}/${prefix}${name}`, ...further]
}
