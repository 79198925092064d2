// Where the commands keep their state, and whether they may work here at all: decided in this place only.
import { readFileSync } from 'node:fs'
import { NetdojoError } from '../../errors.ts'

/** In the sandbox: /run is its own, and ends with it. */
const ofSandbox = '/run/netdojo/state'
const ofHost = '/var/lib/netdojo'

/**
 * `NETDOJO_STATE_DIRECTORY` if set.
 * @throws NetdojoError `not-permitted` for who is root neither of this machine nor of a sandbox
 */
export function stateDirectory(): string {
  requireRoot()
  const wanted = process.env.NETDOJO_STATE_DIRECTORY
  if (wanted !== undefined && wanted !== '') return absolute(wanted)
  return isInSandbox() ? ofSandbox : ofHost
}

/** The sandbox's /run is a file system called `netdojo`: see world.sh. */
export function isInSandbox(): boolean {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .some((line) => line.startsWith('netdojo /run '))
}

function requireRoot(): void {
  if (process.geteuid?.() === 0) return
  throw new NetdojoError({
    code: 'not-permitted',
    operation: 'work on',
    object: 'the network of this machine',
    reason: 'only root may change it, and you are neither root nor in a sandbox of netdojo',
    advice: [
      'npm run shell opens a machine of your own, where you are root: the command is netdojo there, too',
      'sudo netdojo … works on this machine itself',
    ],
  })
}

function absolute(directory: string): string {
  if (directory.startsWith('/')) return directory
  throw new NetdojoError({
    code: 'usage',
    operation: 'keep the state in',
    object: JSON.stringify(directory),
    reason: 'NETDOJO_STATE_DIRECTORY is not an absolute path',
  })
}
