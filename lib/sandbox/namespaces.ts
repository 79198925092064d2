// The default sandbox: one process tree in namespaces of its own, which the kernel takes away when the tree ends.
import { dirname, join } from 'node:path'
import { searchPath } from '../exec/search-path.ts'

/** A program and how to start it. */
export type Command = {
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/**
 * The command that runs `inside` in a fresh world (see world.sh), on the node `host`.
 *
 * Whoever starts it must give it descriptor 3, which becomes the standard error of `inside`: what arrives on
 * descriptor 2 is then only ever the reason of a failed start.
 */
export function inNamespaces(inside: readonly string[]): Command {
  const root = process.getuid?.() === 0
  return {
    program: 'setpriv',
    // unshare kills its child when it dies (--kill-child) and dies with us (--pdeathsig, kept across unshare(2)):
    // also after a SIGKILL nothing is left, and a process outside of its tree is never looked for by name.
    args: [
      '--pdeathsig=KILL',
      'sh',
      '-c',
      // world.sh looks there whether unshare still lived when its child had been told to die with it.
      'exec "$@" 9</proc/self/stat',
      'sh',
      'unshare',
      ...(root ? [] : ['--user', '--map-root-user']),
      '--mount',
      '--pid',
      '--net',
      '--uts',
      '--ipc',
      '--fork',
      '--kill-child',
      '--mount-proc',
      'sh',
      join(import.meta.dirname, 'world.sh'),
      ...inside,
    ],
    env: {
      PATH: searchPath(join(import.meta.dirname, 'bin'), dirname(process.execPath)),
    },
  }
}
