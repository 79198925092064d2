// Starts a program that runs beside us, until it ends by itself, until its input ends, or for longer than we run.
import { createInterface } from 'node:readline'
import type { Writable } from 'node:stream'
import { startedByUs } from './processes.ts'
import { exitCodeOf, startProgram, type StdioOptions } from './spawn.ts'

export type DaemonOptions = {
  readonly env?: Readonly<Record<string, string>>
  /**
   * Our own standard input, none, or a pipe for `write`: the program must end at the end of that pipe, which comes with our
   * own end.
   */
  readonly input: 'inherit' | 'none' | 'pipe'
  /**
   * A file's descriptor for both outputs, a stream for each, or a function that is called with each line of the standard
   * output.
   */
  readonly output: number | { readonly out: Writable; readonly error: Writable } | OnLine
  /** Starts the program in its own session: it survives the end of the terminal and of this process. */
  readonly detached?: boolean
}

type OnLine = (line: string) => void

export type Daemon = {
  readonly pid: number
  /** @throws NetdojoError `program-missing`, or `program-failed` when it cannot start */
  readonly started: Promise<unknown>
  /**
   * Fulfilled when the program has ended and all of its output is read; rejected when `started` is. `stderr` is empty unless
   * the output goes to a function.
   */
  readonly ended: Promise<{ readonly exitCode: number; readonly stderr: string }>
  /** Writes to its pipe; a program that has ended ignores it. */
  readonly write: (data: string | Buffer) => void
  readonly endInput: () => void
  /** Lets this process end before the program does. */
  readonly unref: () => void
}

export function spawnDaemon(
  program: string,
  args: readonly string[],
  options: DaemonOptions,
): Daemon {
  const { env, output, detached = false } = options
  const onLine = typeof output === 'function' ? output : undefined
  const child = startProgram(program, args, {
    stdio: stdio(options),
    detached,
    // Programs with a pipe end with us. The others may run longer, and are no orphans then.
    env: options.input === 'pipe' ? { ...startedByUs(), ...env } : env,
  })
  child.stdin?.on('error', () => {})
  let stderr = ''
  let read: Promise<unknown> | undefined
  if (onLine && child.stdout) {
    const lines = createInterface({ input: child.stdout, crlfDelay: Infinity }).on('line', onLine)
    read = new Promise((resolve) => lines.once('close', resolve))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  } else if (typeof output === 'object') {
    child.stdout?.pipe(output.out)
    child.stderr?.pipe(output.error)
  }
  const ended = exitCodeOf(child, program).then(async (exitCode) => {
    await read
    return { exitCode, stderr }
  })
  const spawned = new Promise<void>((resolve) => child.once('spawn', resolve))
  const started = Promise.race([spawned, ended])
  // A caller need not await either of them.
  for (const promise of [ended, started]) promise.catch(() => {})
  return {
    pid: child.pid ?? 0,
    started,
    ended,
    write: (data) => void child.stdin?.write(data),
    endInput: () => void child.stdin?.end(),
    unref: () => child.unref(),
  }
}

function stdio({ input, output }: DaemonOptions): StdioOptions {
  const stdin = { inherit: 'inherit', none: 'ignore', pipe: 'pipe' } as const
  return typeof output === 'number'
    ? [stdin[input], output, output]
    : [stdin[input], 'pipe', 'pipe']
}
