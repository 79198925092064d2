// Decides where the commands keep their state, and refuses users who may not change the network here.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { NetdojoError, isCheckout } from '../../errors.ts'
import { quoted, usageError } from './errors.ts'

/** The sandbox has a /run of its own, which ends with it. */
const ofSandbox = '/run/netdojo'
const ofHost = '/var/lib/netdojo'

/**
 * `NETDOJO_STATE_DIRECTORY` comes first.
 * @throws NetdojoError `not-permitted` for a user who is root neither on this machine nor in a sandbox
 */
export function stateDirectory(): string {
  requireRoot()
  const wanted = process.env.NETDOJO_STATE_DIRECTORY
  if (wanted === undefined || wanted === '') return isInSandbox() ? ofMachine() : ofHost
  if (wanted.startsWith('/')) return wanted
  throw usageError(`NETDOJO_STATE_DIRECTORY must be an absolute path, not ${quoted(wanted)}`)
}

/** Each further machine of a sandbox has a directory of its own: `/run/netdojo/host2/state`. */
function ofMachine(): string {
  const machine = sandboxMachine()
  return machine === 'host' ? `${ofSandbox}/state` : `${ofSandbox}/${machine}/state`
}

/** The machine of a sandbox on which this process runs; `host`, and all namespaces with other names, are the first one. */
export function sandboxMachine(): string {
  const own = statSync('/proc/self/ns/net').ino
  const machines = namesIn('/run/netns').filter((name) => /^host[1-9]\d*$/.test(name))
  return machines.find((name) => statSync(`/run/netns/${name}`).ino === own) ?? 'host'
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return [] // no namespace has a name
  }
}

/** In a sandbox, the file system at /run is called `netdojo`: see world.sh. */
export function isInSandbox(): boolean {
  return /^netdojo \/run /m.test(mounts())
}

function mounts(): string {
  try {
    return readFileSync('/proc/self/mounts', 'utf8')
  } catch {
    return '' // not Linux
  }
}

function requireRoot(): void {
  if (process.geteuid?.() === 0) return
  throw new NetdojoError({
    code: 'not-permitted',
    operation: 'use',
    object: 'the network of this machine',
    reason: 'you must be root, or in a sandbox of netdojo',
    advice: [
      ...(isCheckout
        ? ['npm run shell opens a sandbox where you are root; netdojo works there, too']
        : []),
      'sudo netdojo … works on this machine itself',
    ],
  })
}
