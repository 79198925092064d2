// A program that stays running and answers line by line: starting one takes longer than most of what it is asked to do.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { Socket } from 'node:net'
import { startedByUs } from './orphans.ts'
import { searchPath } from './search-path.ts'

export type ConversationOptions = {
  readonly program: string
  readonly args: readonly string[]
  /** A line that makes the program write everything that it holds back, and what the last line of the answer to it is. */
  readonly flush: string
  readonly isLast: (line: string) => boolean
}

/** Starts the program at the first question, and again if it has ended; it ends with this process. */
export class Conversation implements AsyncDisposable {
  readonly #options: ConversationOptions
  #child: ChildProcessWithoutNullStreams | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: ConversationOptions) {
    this.#options = options
  }

  /**
   * What the program wrote about these lines, its errors included.
   * A program that ended in the middle has written what it wrote: `isAlive` tells.
   */
  ask(lines: readonly string[]): Promise<{
    readonly answer: readonly string[]
    readonly isAlive: boolean
  }> {
    const turn = this.#last.then(() => this.#exchange(lines))
    this.#last = turn.catch(() => {})
    return turn
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last
    const child = this.#child
    if (!child) return
    const ended = new Promise((resolve) => child.once('close', resolve))
    ref(child)
    child.stdin.end()
    await ended
  }

  #exchange(lines: readonly string[]) {
    const { flush, isLast } = this.#options
    const child = (this.#child ??= this.#start())
    return new Promise<Awaited<ReturnType<Conversation['ask']>>>((resolve) => {
      const answer: string[] = []
      let rest = ''
      const finish = (isAlive: boolean) => {
        child.stdout.off('data', read)
        child.off('close', ended)
        unref(child)
        resolve({ answer, isAlive })
      }
      const ended = () => finish(false)
      const read = (text: string) => {
        const parts = (rest + text).split('\n')
        rest = parts.pop() ?? ''
        const end = parts.findIndex(isLast)
        answer.push(...(end < 0 ? parts : parts.slice(0, end)))
        if (end >= 0) finish(true)
      }
      ref(child)
      child.stdout.on('data', read)
      child.once('close', ended)
      child.stdin.write(`${[...lines, flush].join('\n')}\n`)
    })
  }

  #start(): ChildProcessWithoutNullStreams {
    const { program, args } = this.#options
    // Answers and errors in one pipe, so that they come in the order in which they were written.
    const child = spawn('sh', ['-c', 'exec "$0" "$@" 2>&1', program, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, PATH: searchPath(), ...startedByUs() },
    })
    child.stdin.on('error', () => {})
    child.stdout.setEncoding('utf8')
    child.once('close', () => {
      if (this.#child === child) this.#child = undefined
    })
    return child
  }
}

/** A waiting program keeps no process alive that has nothing else to do. */
function unref(child: ChildProcessWithoutNullStreams): void {
  child.unref()
  for (const stream of child.stdio)
    if (stream instanceof Socket && !stream.destroyed) stream.unref()
}

function ref(child: ChildProcessWithoutNullStreams): void {
  child.ref()
  for (const stream of child.stdio) if (stream instanceof Socket && !stream.destroyed) stream.ref()
}
