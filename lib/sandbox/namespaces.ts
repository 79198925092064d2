// Gives the command that starts the default sandbox: one process tree in namespaces that the kernel removes when the tree ends.
import { dirname, join } from 'node:path'
import { searchPath } from '../exec/search-path.ts'

/** A program and how to start it. */
export type Command = {
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/**
 * The command that runs `inside` on the node `host` of a fresh world: see namespaces.sh and world.sh.
 *
 * The caller must open descriptor 3, which becomes the standard error of `inside`: descriptor 2 then carries only the reason of a
 * failed start.
 */
export function inNamespaces(inside: readonly string[]): Command {
  return {
    program: 'setpriv',
    args: ['--pdeathsig=KILL', 'sh', join(import.meta.dirname, 'namespaces.sh'), ...inside],
    env: sandboxEnvironment(),
  }
}

/** The scripts of both kinds of sandbox on this machine end at once when their parent is no longer the process of this id. */
export function sandboxEnvironment(): Command['env'] {
  return {
    PATH: searchPath(join(import.meta.dirname, 'bin'), dirname(process.execPath)),
    NETDOJO_STARTER: String(process.pid),
  }
}
