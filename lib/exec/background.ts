// A program that goes on in the background and tells lines, until it is asked to stop; it ends with this process.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { startedByUs } from './orphans.ts'
import { notStarted } from './feed.ts'
import { programPath, searchPath } from './search-path.ts'

export type Background = {
  /** Writes to its standard input; what it does not read any more is lost. */
  readonly write: (data: string | Buffer) => void
  readonly endInput: () => void
  /** When it has ended and every line was told. */
  readonly ended: Promise<{ readonly exitCode: number; readonly stderr: string }>
}

/**
 * Starts it with pipes. It must end by itself at the end of its standard input, which comes with our own end.
 * `ended` is rejected with NetdojoError `program-missing`, or `program-failed` when it cannot be started.
 */
export function background(
  program: string,
  args: readonly string[],
  onLine: (line: string) => void,
): Background {
  const child = spawn(programPath(program), args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PATH: searchPath(), ...startedByUs() },
  })
  let stderr = ''
  child.stdin.on('error', () => {})
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const lines = createInterface({ input: child.stdout, crlfDelay: Infinity }).on('line', onLine)
  const read = new Promise((resolve) => lines.once('close', resolve))
  const ended = new Promise<{ exitCode: number; stderr: string }>((resolve, reject) => {
    child.once('error', (error) => reject(notStarted(program, error)))
    child.once('close', (code) => void read.then(() => resolve({ exitCode: code ?? 128, stderr })))
  })
  // Whoever never asks how it ended is not told either.
  ended.catch(() => {})
  return {
    write: (data) => void child.stdin.write(data),
    endInput: () => void child.stdin.end(),
    ended,
  }
}
