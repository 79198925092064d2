// Hands our terminal to another program and waits for its end; the program never outlives us, however we end.
import { Duplex } from 'node:stream'
import { onAbandoned } from './abandoned.ts'
import { exitCodeOf, startProgram } from './spawn.ts'

export type HandOver = {
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Returns descriptor 2 instead of showing it; the program gets our standard error as descriptor 3. */
  readonly keepStartErrors?: boolean
  /** Where its standard output goes; our own by default. */
  readonly output?: 'stdout' | 'stderr'
  /** Replaces the terminal's input. */
  readonly input?: string
  /** Called with each line that the program writes to its descriptor 4, where it also reads the answers. */
  readonly onLine?: OnLine
}

export type OnLine = (line: string, answer: (line: string) => void) => void

export type HandOverEnd = {
  readonly exitCode: number
  readonly startErrors: string
}

const graceAfterInterrupt = 1000

/** Runs the program on our own standard input, output and error. @throws NetdojoError `program-missing` */
export async function handOver({
  program,
  args,
  env,
  keepStartErrors = false,
  output = 'stdout',
  input,
  onLine,
}: HandOver): Promise<HandOverEnd> {
  const child = startProgram(program, args, {
    stdio: [
      input === undefined ? 'inherit' : 'pipe',
      keepStartErrors || output === 'stdout' ? 1 : 2,
      keepStartErrors ? 'pipe' : 2,
      keepStartErrors ? 2 : 'ignore',
      onLine ? 'pipe' : 'ignore',
    ],
    env,
  })
  child.stdin?.on('error', () => {}).end(input)
  answerLines(child.stdio[4], onLine)
  let startErrors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (startErrors += text))
  const kill = () => child.kill('SIGKILL')
  // The terminal sends SIGINT to the program, too, which then may end by itself with its own last output.
  const stopWatching = onAbandoned(kill, () => setTimeout(kill, graceAfterInterrupt).unref())
  try {
    const exitCode = await exitCodeOf(child, program)
    return { exitCode, startErrors }
  } finally {
    stopWatching()
  }
}

function answerLines(stream: unknown, onLine: HandOver['onLine']): void {
  if (!onLine || !(stream instanceof Duplex)) return
  // A program that has ended needs no answer.
  stream.on('error', () => {})
  const answer = (line: string) => void stream.write(`${line}\n`)
  let rest = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line, answer)
  })
}
