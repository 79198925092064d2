// Hands the terminal to another program and waits for it; whatever happens to us, the program does not outlive us.
//
// This is the one place that does not use execa: nothing is captured here except the first words of a failed start,
// and loading execa takes as long as starting Node, at the front door.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { Duplex } from 'node:stream'
import { onAbandoned } from './abandoned.ts'

export type HandOver = {
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Descriptor 2 is kept from the terminal and returned; the program finds our standard error as descriptor 3. */
  readonly keepStartErrors?: boolean
  /** Where its standard output goes: ours, unless that is for something else. */
  readonly output?: 'stdout' | 'stderr'
  /** Typed into it instead of what the terminal has. */
  readonly input?: string
  /** Called with each line that it writes to its descriptor 4, where it also reads the answers; without this, it has none. */
  readonly onLine?: OnLine
}

export type OnLine = (line: string, answer: (line: string) => void) => void

export type HandOverEnd = {
  readonly exitCode: number
  readonly startErrors: string
}

const graceAfterInterrupt = 1000

/** Runs the program on our own standard input, output and error. */
export function handOver({
  program,
  args,
  env,
  keepStartErrors = false,
  output = 'stdout',
  input,
  onLine,
}: HandOver): Promise<HandOverEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: [
        input === undefined ? 'inherit' : 'pipe',
        keepStartErrors || output === 'stdout' ? 1 : 2,
        keepStartErrors ? 'pipe' : 2,
        keepStartErrors ? 2 : 'ignore',
        onLine ? 'pipe' : 'ignore',
      ],
      env: { ...process.env, ...env },
    })
    child.stdin?.on('error', () => {}).end(input)
    converse(child.stdio[4], onLine)
    let startErrors = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (startErrors += text))
    const kill = () => child.kill('SIGKILL')
    // A terminal has already told the child: it may end by itself, with its own last words.
    const stopWatching = onAbandoned(kill, () => setTimeout(kill, graceAfterInterrupt).unref())
    child.once('error', (error) => {
      stopWatching()
      reject(error)
    })
    child.once('close', (code, signal) => {
      stopWatching()
      resolve({ exitCode: code ?? 128 + (signal ? constants.signals[signal] : 0), startErrors })
    })
  })
}

function converse(stream: unknown, onLine: HandOver['onLine']): void {
  if (!onLine || !(stream instanceof Duplex)) return
  // It may have ended meanwhile, and needs no answer.
  stream.on('error', () => {})
  const answer = (line: string) => void stream.write(`${line}\n`)
  let rest = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line, answer)
  })
}
