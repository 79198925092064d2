// Runs a program to its end and keeps what it said; arguments are an array and never pass through a shell.
import { NetdojoError } from '../errors.ts'
import { startedByUs } from './orphans.ts'
import { searchPath } from './search-path.ts'

export type ProgramResult = {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
  readonly milliseconds: number
}

export type ProgramOptions = {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Called with each line of standard output as it arrives. */
  readonly onLine?: (line: string) => void
  /** Lets a non-zero exit be an answer instead of an error. */
  readonly allowFailure?: boolean
}

/**
 * Runs `program` and waits for it.
 * @throws NetdojoError `program-missing`, or `program-failed` for a non-zero exit unless `allowFailure`.
 */
export async function run(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  // It takes as long to load as Node itself to start: whoever starts no program does without.
  const { execa } = await import('execa')
  const started = performance.now()
  const running = execa(program, args, {
    reject: false,
    env: { PATH: searchPath(), ...startedByUs(), ...options.env },
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    ...(options.signal === undefined
      ? {}
      : { cancelSignal: options.signal, forceKillAfterDelay: 0, killSignal: 'SIGKILL' }),
  })
  if (options.onLine)
    for await (const line of running.iterable({ from: 'stdout' })) options.onLine(line)
  const ended = await running
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

export function programMissing(program: string): NetdojoError {
  return new NetdojoError({
    code: 'program-missing',
    operation: 'run',
    object: program,
    reason: 'the program is not installed',
    advice: ['sh scripts/setup.sh installs what is missing, or prints the command that does'],
  })
}

function failed(program: string, args: readonly string[], result: ProgramResult): NetdojoError {
  return new NetdojoError({
    code: 'program-failed',
    operation: 'run',
    object: [program, ...args].join(' '),
    reason: `exit code ${result.exitCode}: ${result.stderr.trim() || 'it said nothing'}`,
  })
}
