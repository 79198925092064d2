// Runs a program to its end and returns its output; arguments are an array and never pass through a shell.
import { NetdojoError } from '../errors.ts'
import { startedByUs } from './processes.ts'
import { searchPath } from './search-path.ts'
import { shellQuote } from './shell-quote.ts'
import { programMissing } from './spawn.ts'

export type ProgramResult = {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
  readonly milliseconds: number
}

export type ProgramOptions = {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  /** Path of the network namespace to run in; files and processes stay those of this process. */
  readonly netns?: string | undefined
  readonly signal?: AbortSignal
  /** Called with each line of standard output as it arrives. */
  readonly onLine?: (line: string) => void
  /**
   * Runs the program on our own terminal, and also returns its standard error. Its output goes to our own output or error. Ctrl-C is
   * for the program: we wait for its end.
   */
  readonly tee?: 'stdout' | 'stderr'
  /** Returns a non-zero exit code instead of throwing. */
  readonly allowFailure?: boolean
}

/** @throws NetdojoError `program-missing`, or `program-failed` for a non-zero exit code unless `allowFailure`. */
export async function run(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  // Loaded here, since a command that starts no program does without it: see spawn.ts for the time that it takes.
  const { execa } = await import('execa')
  const { input, netns, tee, signal } = options
  // `nsenter` and not `ip netns exec`: it takes any path, and mounts nothing.
  const command = netns === undefined ? program : 'nsenter'
  const words = netns === undefined ? args : [`--net=${netns}`, program, ...args]
  const started = performance.now()
  const running = execa(command, words, {
    reject: false,
    env: { PATH: searchPath(), ...startedByUs(), ...options.env },
    ...(input === undefined ? { stdin: tee ? 'inherit' : 'ignore' } : { input }),
    ...(tee && { stdout: tee === 'stdout' ? 'inherit' : 2, stderr: ['inherit', 'pipe'] as const }),
    ...(signal && { cancelSignal: signal, forceKillAfterDelay: 0, killSignal: 'SIGKILL' as const }),
  })
  const wait = () => {}
  if (tee) process.on('SIGINT', wait)
  if (options.onLine)
    for await (const line of running.iterable({ from: 'stdout' })) options.onLine(line)
  const ended = await running
  if (tee) process.off('SIGINT', wait)
  if (ended.code === 'ENOENT') throw programMissing(program)
  const result = {
    stdout: ended.stdout ?? '',
    stderr: ended.stderr ?? '',
    exitCode: ended.exitCode ?? 128,
    milliseconds: performance.now() - started,
  }
  if (result.exitCode !== 0 && !options.allowFailure) throw failed(program, args, result)
  return result
}

function failed(program: string, args: readonly string[], result: ProgramResult): NetdojoError {
  return new NetdojoError({
    code: 'program-failed',
    operation: 'run',
    object: [program, ...args].map(shellQuote).join(' '),
    reason: `exit code ${result.exitCode}: ${result.stderr.trim() || 'no message on standard error'}`,
  })
}
