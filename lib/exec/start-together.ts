// Starts up to three programs for the price of one, and each of them before it is its turn: what a change of a network costs is mostly that a process as large as Node is copied for each.
import { spawn, type ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { NetdojoError } from '../errors.ts'
import { startedByUs } from './orphans.ts'
import { programMissing } from './program.ts'
import { isInstalled, programPath, searchPath } from './search-path.ts'

/** The descriptors of a fourth would have two digits, which a POSIX shell does not redirect. */
export const mostTogether = 3

export type CommandLine = readonly [program: string, ...args: string[]]

export type Together = {
  /** Gives the program its whole input, and tells what it wrote on its standard error, which is nothing when all went well. */
  feed(index: number, input: string): Promise<string>
  /**
   * Those that were not fed do nothing and end.
   * @throws NetdojoError `program-failed` for one that failed without a word, as one that was killed does.
   */
  end(): Promise<void>
}

/** @throws NetdojoError `program-missing` before anything is started. */
export function startTogether(
  commands: readonly CommandLine[],
  signal: AbortSignal | undefined,
): Together {
  const missing = commands.map(([program]) => program).find((program) => !isInstalled(program))
  if (missing !== undefined) throw programMissing(missing)
  const words = commands.flatMap(([program, ...args]) => [programPath(program), ...args])
  const child = spawn(programPath('sh'), ['-c', scriptFor(commands), 'sh', ...words], {
    stdio: ['ignore', 'pipe', 'inherit', ...commands.flatMap(() => ['pipe', 'pipe'] as const)],
    env: { ...process.env, PATH: searchPath(), ...startedByUs() },
    // A group of its own, so that all of it can be ended.
    detached: true,
  })
  const kill = () => void (child.pid === undefined || process.kill(-child.pid, 'SIGKILL'))
  signal?.addEventListener('abort', kill, { once: true })
  const inputs = commands.map((_, index) => pipeOf(child, inputOf(index)))
  const said = commands.map((_, index) => text(pipeOf(child, inputOf(index) + 1)))
  const codes = text(pipeOf(child, 1))
  for (const input of inputs) input.on('error', () => {})
  // Nothing is written then, which `end` tells.
  child.once('error', () => {})
  return {
    async feed(index, input) {
      inputs[index]?.end(input)
      return (await said[index]) ?? ''
    },
    async end() {
      for (const input of inputs) input.end()
      const answered = (await codes).split('\n')
      // Also where there is no code at all: the shell was not started, or was killed.
      const failed = commands.findIndex((_, index) => answered[index] !== '0')
      signal?.removeEventListener('abort', kill)
      const command = commands[failed]
      if (command && !signal?.aborted && (await said[failed]) === '') throw failedSilently(command)
    },
  }
}

const inputOf = (index: number) => 3 + 2 * index

function pipeOf(child: ChildProcess, descriptor: number): Socket {
  const stream = child.stdio[descriptor]
  // Node makes every pipe a socket pair.
  if (stream instanceof Socket) return stream
  throw new TypeError(`descriptor ${descriptor} is no pipe`)
}

/**
 * All data are arguments: the script depends on nothing but how many there are. Each program gets its own input and
 * error pipe, and holds no end of another's, whose end would not be seen then.
 */
function scriptFor(commands: readonly CommandLine[]): string {
  const close = commands.flatMap((_, index) => [inputOf(index), inputOf(index) + 1])
  const closing = close.map((descriptor) => `${descriptor}<&-`).join(' ')
  let word = 0
  const starts = commands.map((command, index) => {
    const call = command.map(() => `"\${${++word}}"`).join(' ')
    return `${call} <&${inputOf(index)} 2>&${inputOf(index) + 1} >/dev/null ${closing} & p${index}=$!`
  })
  const waits = commands.map((_, index) => `wait "$p${index}"; echo $?`)
  return [...starts, `exec ${closing}`, ...waits].join('\n')
}

function failedSilently(command: CommandLine): NetdojoError {
  return new NetdojoError({
    code: 'program-failed',
    operation: 'run',
    object: command.join(' '),
    reason: 'it ended with an error, but said nothing',
  })
}
