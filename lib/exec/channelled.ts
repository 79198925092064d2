// Starts a program that has no terminal and speaks with us over its descriptor 4; the program never outlives us, however we end.
import { Duplex, duplexPair } from 'node:stream'
import { exitCodeOf, startProgram } from './spawn.ts'

export type Channelled = {
  readonly channel: Duplex
  /** Fulfilled when the program has ended; rejected when it cannot start. */
  readonly ended: Promise<{ readonly exitCode: number; readonly startErrors: string }>
  readonly kill: () => void
}

export type ChannelledOptions = {
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Standard input and output are the channel, for a program that runs on another machine. */
  readonly isStandard?: boolean
}

/** Descriptor 2 carries only the reason of a failed start; descriptor 3 is our standard error, for what the program itself writes. */
export function startChannelled({
  program,
  args,
  env,
  isStandard = false,
}: ChannelledOptions): Channelled {
  const child = startProgram(program, args, {
    stdio: isStandard ? ['pipe', 'pipe', 'pipe'] : ['ignore', 2, 'pipe', 2, 'pipe'],
    env,
  })
  let startErrors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (startErrors += text))
  const ended = exitCodeOf(child, program).then((exitCode) => ({ exitCode, startErrors }))
  // The caller may first use the channel, which then closes.
  ended.catch(() => {})
  const [, , , , fourth] = child.stdio
  const channel =
    fourth instanceof Duplex
      ? fourth
      : child.stdin && child.stdout
        ? Duplex.from({ readable: child.stdout, writable: child.stdin })
        : duplexPair()[0]
  // A program that has ended reads nothing more.
  channel.on('error', () => {})
  return { channel, ended, kill: () => void child.kill('SIGKILL') }
}
