// Starts a program that goes on while we do something else: on our own terminal, with what it writes handed over as it comes, or for itself.
import { spawn, type StdioOptions } from 'node:child_process'
import { constants } from 'node:os'
import type { Writable } from 'node:stream'
import { programMissing } from './program.ts'
import { programPath, searchPath } from './search-path.ts'

export type Start = {
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Our own standard input, or none. */
  readonly input: 'ours' | 'none'
  /** Our own, a file (its descriptor), or whoever wants to see it first. */
  readonly output: 'ours' | number | { readonly out: Writable; readonly error: Writable }
  /** In a session of its own, which no terminal and no end of ours ends. */
  readonly forItself?: boolean
}

export type Started = {
  readonly pid: number
  /** Its exit code, when it has ended and all that it wrote has been read. */
  readonly ended: Promise<number>
  /** Not waiting for it any more: our own end need not be later than its. */
  readonly leave: () => void
}

/** @throws NetdojoError `program-missing` */
export function start(options: Start): Promise<Started> {
  const { program, args, env, output, forItself = false } = options
  return new Promise((resolve, reject) => {
    const child = spawn(programPath(program), args, {
      stdio: stdio(options),
      detached: forItself,
      env: { ...process.env, PATH: searchPath(), ...env },
    })
    if (typeof output === 'object') {
      child.stdout?.pipe(output.out)
      child.stderr?.pipe(output.error)
    }
    const ended = new Promise<number>((resolve) => {
      child.once('close', (code, signal) =>
        resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
      )
    })
    child.once('error', () => reject(programMissing(program)))
    child.once('spawn', () => resolve({ pid: child.pid ?? 0, ended, leave: () => child.unref() }))
  })
}

function stdio({ input, output }: Start): StdioOptions {
  const stdin = input === 'ours' ? 'inherit' : 'ignore'
  if (output === 'ours') return [stdin, 'inherit', 'inherit']
  if (typeof output === 'number') return [stdin, output, output]
  return [stdin, 'pipe', 'pipe']
}
