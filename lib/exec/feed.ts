// Starts a program, gives it its input and waits: the shortest way, for the programs that every change of a network starts.
//
// execa does more, and doubles the time of a program that runs for 2 ms.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { NetdojoError } from '../errors.ts'
import { programMissing } from './program.ts'
import { startedByUs } from './orphans.ts'
import { programPath, searchPath } from './search-path.ts'

export type Fed = { readonly exitCode: number; readonly stdout: string; readonly stderr: string }

export type FeedOptions = {
  readonly signal?: AbortSignal | undefined
  /** `false` saves the pipe, when nothing is to be read there. */
  readonly stdout?: boolean
  /** The input may come later: the program starts meanwhile. Nothing is given when it is rejected. */
  readonly input: string | Promise<string>
  /** The program has this open file of ours as its descriptor 3. */
  readonly descriptor?: number
}

/**
 * A non-zero exit is an answer; a program that `signal` ends answers 137.
 * @throws NetdojoError `program-missing`
 */
export function feed(program: string, args: readonly string[], options: FeedOptions): Promise<Fed> {
  const { signal, input } = options
  return new Promise((resolve, reject) => {
    const child = spawn(programPath(program), args, {
      stdio: [
        'pipe',
        options.stdout === false ? 'ignore' : 'pipe',
        'pipe',
        ...(options.descriptor === undefined ? [] : [options.descriptor]),
      ],
      env: { ...process.env, PATH: searchPath(), ...startedByUs() },
    })
    let stdout = ''
    let stderr = ''
    const kill = () => void child.kill('SIGKILL')
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    // A program that ends before it has read everything says why on its standard error.
    child.stdin?.on('error', () => {})
    if (typeof input === 'string') child.stdin?.end(input)
    else void input.then((text) => child.stdin?.end(text), kill)
    signal?.addEventListener('abort', kill, { once: true })
    child.once('error', (error) => reject(notStarted(program, error)))
    child.once('close', (code, endedBy) => {
      signal?.removeEventListener('abort', kill)
      const exitCode = code ?? 128 + (endedBy ? constants.signals[endedBy] : 0)
      resolve({ exitCode, stdout, stderr })
    })
  })
}

export function notStarted(program: string, error: Error): NetdojoError {
  if ('code' in error && error.code === 'ENOENT') return programMissing(program)
  return new NetdojoError({
    code: 'program-failed',
    operation: 'start',
    object: program,
    reason: error.message,
    cause: error,
  })
}
