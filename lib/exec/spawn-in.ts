// Starts a shell line that goes on in the background (a server, a capture) on a node, in the place of child_process.spawn.
import { spawn } from 'node:child_process'
import type { ExecTarget } from './target.ts'

/**
 * A stand-in for `spawn` that runs its line with bash, in that place.
 * The line comes from a scenario's author, with every value in it quoted by zx.
 */
export function spawnIn({ enter }: ExecTarget): typeof spawn {
  const spawnLine = (line: string, _args: readonly string[], options: object) => {
    const [program, ...args] = [...enter, 'bash', '-c', line]
    return spawn(program, args, { ...options, shell: false })
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- zx calls this one of spawn's eight forms only
  return spawnLine as unknown as typeof spawn
}
