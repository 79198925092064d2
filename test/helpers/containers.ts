// Opens containers in a new state directory, and reads what they could leave behind. All tests of lib/container use it.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openContainers, openNetworks, type Containers, type Networks } from '../../lib/index.ts'
import type { ContainerStep } from '../../lib/container/context.ts'
import { networkSuite, newDirectory } from './networks.ts'
import { sh } from './sandbox.ts'

export type Opened = AsyncDisposable & {
  readonly containers: Containers
  readonly networks: Networks
  readonly stateDirectory: string
}

export const containerSuite = networkSuite

export async function openBoth(
  stateDirectory = newDirectory(),
  onStep?: (step: ContainerStep) => void,
): Promise<Opened> {
  const networks = await openNetworks({ stateDirectory })
  const containers = await openContainers({
    networks,
    stateDirectory,
    ...(onStep ? { onStep } : {}),
  })
  return {
    containers,
    networks,
    stateDirectory,
    [Symbol.asyncDispose]: async () => {
      await containers[Symbol.asyncDispose]()
      await networks[Symbol.asyncDispose]()
    },
  }
}

/** Everything that a container adds to the host, to compare before and after. */
export function traces(stateDirectory: string) {
  return {
    mounts: readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .filter((line) => !line.includes('/sys/fs/cgroup ')),
    namespaces: readdirSync('/run/netns').toSorted(),
    links: sh('ip -o link show | sed "s/^[0-9]*: //; s/@.*//; s/:.*//" | sort'),
    rules: sh('nft list ruleset').replaceAll(/counter packets \d+ bytes \d+/g, 'counter'),
    files: sh(
      `find ${stateDirectory} /run/netdojo -mindepth 1 ! -name '*.sqlite*' ! -name containers ! -name runc 2>/dev/null | sort`,
    ),
    processes: sh(`ps -e -o args= | grep -c '[r]unc ' || true`).trim(),
  }
}

/** Repeats the question until it has the expected answer, for at most ten seconds. */
export async function until<T>(
  ask: () => T | Promise<T>,
  isIt: (answer: T) => boolean,
): Promise<T> {
  const end = performance.now() + 10_000
  for (;;) {
    const answer = await ask()
    if (isIt(answer) || performance.now() > end) return answer
    await sleep(50)
  }
}

/** A root file system of a shell and a few programs of this machine, with the libraries that they need. */
export function smallRoot(directory: string): string {
  for (const name of ['bin', 'etc', 'tmp']) mkdirSync(join(directory, name), { recursive: true })
  for (const program of ['sh', 'cat', 'ls', 'touch']) {
    const path = sh(`readlink -f "$(command -v ${program})"`).trim()
    execFileSync('cp', [path, join(directory, 'bin', program)])
    const libraries = sh(`ldd ${path}`).match(/\/\S+/g) ?? []
    for (const library of libraries) execFileSync('cp', ['--parents', '-L', library, directory])
  }
  return directory
}
