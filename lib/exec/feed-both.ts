// Starts two programs for the price of one: what a change of a network costs is mostly that a process as large as Node is copied for each.
import { spawn } from 'node:child_process'
import { programMissing } from './program.ts'
import { startedByUs } from './orphans.ts'
import { programPath, searchPath } from './search-path.ts'

export type FeedBothOptions = {
  /** Reads its input from a file. */
  readonly first: readonly [program: string, flag: string, file: string]
  readonly second: readonly [program: string, ...args: string[]]
  /** For the standard input of the second. */
  readonly input: string
  /** Whether the second waits for the end of the first; otherwise they run side by side. */
  readonly inTurn: boolean
  readonly signal?: AbortSignal | undefined
}

/** What each wrote on its standard error, which is nothing when all went well. */
export function feedBoth(
  options: FeedBothOptions,
): Promise<readonly [first: string, second: string]> {
  const { first, second, input, inTurn, signal } = options
  const [program, flag, file] = first
  // All words are arguments; the shell becomes the second program.
  const script = `"$0" "$1" "$2" 2>&3 3>&- </dev/null ${inTurn ? ';' : '&'} shift 2; exec "$@" 3>&-`
  const args = ['-c', script, programPath(program), flag, file]
  return new Promise((resolve, reject) => {
    const [other, ...otherArgs] = second
    const child = spawn(programPath('sh'), [...args, programPath(other), ...otherArgs], {
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, PATH: searchPath(), ...startedByUs() },
    })
    const said = ['', '']
    for (const [index, stream] of [child.stdio[3], child.stderr].entries())
      stream?.on('data', (text: Buffer) => (said[index] += text.toString()))
    child.stdin?.on('error', () => {}).end(input)
    const kill = () => void child.kill('SIGKILL')
    signal?.addEventListener('abort', kill, { once: true })
    child.once('error', () => reject(programMissing('sh')))
    // Comes when the last of the two has closed what it writes to.
    child.once('close', () => {
      signal?.removeEventListener('abort', kill)
      resolve([said[0] ?? '', said[1] ?? ''])
    })
  })
}
