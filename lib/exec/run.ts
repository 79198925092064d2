// Runs a program to its end and returns its output; arguments are an array and never pass through a shell.
import { NetdojoError } from '../errors.ts'
import { startedByUs } from './processes.ts'
import { searchPath } from './search-path.ts'
import { shellQuote } from './shell-quote.ts'
import { exitCodeOf, isMissing, programMissing, startProgram } from './spawn.ts'

export type ProgramResult = {
  /** Both outputs are without their final newline. */
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
  readonly milliseconds: number
}

export type ProgramOptions = {
  readonly env?: Readonly<Record<string, string>>
  /** Path of the network namespace to run in; files and processes stay those of this process. */
  readonly netns?: string | undefined
  /** Kills the program. */
  readonly signal?: AbortSignal | undefined
  /** Returns a non-zero exit code instead of throwing. */
  readonly allowFailure?: boolean
} & (WithInput | WithoutInput)

/** With an input, even an empty one, the program starts without execa, which takes long to load (spawn.ts). */
type WithInput = {
  /** With a promise, the program starts before its input is known. If the promise is rejected, the program is killed. */
  readonly input: string | Promise<string>
  /** `false` discards the standard output, which saves a pipe. */
  readonly stdout?: false
  /** An open file of ours that the program gets as its descriptor 3. */
  readonly descriptor?: number
}

type WithoutInput = {
  readonly input?: undefined
  /** Called with each line of standard output as it arrives. */
  readonly onLine?: (line: string) => void
  /**
   * Runs the program on our own terminal, and also returns its standard error. Its output goes to our own output or error.
   * Ctrl-C is for the program: we wait for its end.
   */
  readonly tee?: 'stdout' | 'stderr'
}

/**
 * @throws NetdojoError `program-missing`, or `program-failed` when it cannot start, or for a non-zero exit code unless
 * `allowFailure`.
 */
export async function run(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const { netns } = options
  // `nsenter` and not `ip netns exec`: it takes any path, and mounts nothing.
  const [command, ...words] =
    netns === undefined ? [program, ...args] : ['nsenter', `--net=${netns}`, program, ...args]
  const started = performance.now()
  const ended = await (options.input === undefined
    ? runByExeca(command, words, options)
    : runDirectly(command, words, options))
  const result = { ...ended, milliseconds: performance.now() - started }
  if (result.exitCode !== 0 && !options.allowFailure) throw failed(program, args, result)
  return result
}

type Ended = Omit<ProgramResult, 'milliseconds'>
type With<Kind> = Extract<ProgramOptions, Kind>

async function runByExeca(
  program: string,
  args: readonly string[],
  { env, signal, onLine, tee }: With<WithoutInput>,
): Promise<Ended> {
  // Loaded here, because a command that starts no program does not need it.
  const { execa } = await import('execa')
  const running = execa(program, args, {
    reject: false,
    stdin: tee ? 'inherit' : 'ignore',
    env: { PATH: searchPath(), ...startedByUs(), ...env },
    ...(tee && { stdout: tee === 'stdout' ? 'inherit' : 2, stderr: ['inherit', 'pipe'] as const }),
    ...(signal && { cancelSignal: signal, forceKillAfterDelay: 0, killSignal: 'SIGKILL' as const }),
  })
  const wait = () => {}
  if (tee) process.on('SIGINT', wait)
  if (onLine) for await (const line of running.iterable({ from: 'stdout' })) onLine(line)
  const ended = await running
  if (tee) process.off('SIGINT', wait)
  if (isMissing(program, ended)) throw programMissing(program)
  return {
    stdout: ended.stdout ?? '',
    stderr: ended.stderr ?? '',
    exitCode: ended.exitCode ?? 128,
  }
}

async function runDirectly(
  program: string,
  args: readonly string[],
  { env, signal, input, stdout: keepsOutput, descriptor }: With<WithInput>,
): Promise<Ended> {
  const child = startProgram(program, args, {
    stdio: [
      'pipe',
      keepsOutput === false ? 'ignore' : 'pipe',
      'pipe',
      ...(descriptor === undefined ? [] : [descriptor]),
    ],
    env: { ...startedByUs(), ...env },
  })
  let stdout = ''
  let stderr = ''
  const kill = () => void child.kill('SIGKILL')
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  // A program that ends before it has read all of its input says why on its standard error.
  child.stdin?.on('error', () => {})
  if (typeof input === 'string') child.stdin?.end(input)
  else void input.then((text) => child.stdin?.end(text), kill)
  if (signal?.aborted) kill()
  signal?.addEventListener('abort', kill, { once: true })
  try {
    const exitCode = await exitCodeOf(child, program)
    return { stdout: withoutNewline(stdout), stderr: withoutNewline(stderr), exitCode }
  } finally {
    signal?.removeEventListener('abort', kill)
  }
}

/** Removes the final newline, as execa does. */
function withoutNewline(text: string): string {
  return text.replace(/\r?\n$/, '')
}

function failed(program: string, args: readonly string[], result: ProgramResult): NetdojoError {
  return new NetdojoError({
    code: 'program-failed',
    operation: 'run',
    object: [program, ...args].map(shellQuote).join(' '),
    reason: `exit code ${result.exitCode}: ${result.stderr.trim() || 'no message on standard error'}`,
  })
}
