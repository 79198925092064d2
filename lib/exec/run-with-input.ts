// Runs a program with an input and waits for its end, by the shortest way (spawn.ts): for programs that every change of a
// network, every snapshot and every journey start.
import { startedByUs } from './processes.ts'
import { exitCodeOf, startProgram } from './spawn.ts'

export type RunWithInputOptions = {
  /** The input may come later: the program starts meanwhile. If the promise is rejected, the program is killed. */
  readonly input?: string | Promise<string>
  readonly signal?: AbortSignal | undefined
  /** `false` saves the pipe when nobody needs the standard output. */
  readonly stdout?: boolean
  /** An open file of ours that the program gets as its descriptor 3. */
  readonly descriptor?: number
}

/**
 * Returns a non-zero exit code instead of throwing; a program that `signal` ends returns 137.
 * @throws NetdojoError `program-missing`, or `program-failed` when it cannot start
 */
export async function runWithInput(
  program: string,
  args: readonly string[],
  { input = '', signal, stdout: wantsOutput = true, descriptor }: RunWithInputOptions = {},
): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
  const child = startProgram(program, args, {
    stdio: ['pipe', wantsOutput ? 'pipe' : 'ignore', 'pipe', descriptor ?? 'ignore'],
    env: startedByUs(),
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
  signal?.addEventListener('abort', kill, { once: true })
  try {
    const exitCode = await exitCodeOf(child, program)
    return { exitCode, stdout, stderr }
  } finally {
    signal?.removeEventListener('abort', kill)
  }
}
