// Keeps a program running and asks it line by line: starting a program takes longer than most answers.
import { Socket } from 'node:net'
import { startedByUs } from './processes.ts'
import { startProgram, type ChildProcess } from './spawn.ts'

export type ConversationOptions = {
  readonly program: string
  readonly args: readonly string[]
  /** A line that makes the program write everything that it holds back, and then a last line. */
  readonly flush: string
  readonly isLast: (line: string) => boolean
  /** Its standard error is part of the answer, or is ignored. */
  readonly errors: 'answer' | 'ignore'
  /** Descriptors that it gets as 3, 4 … */
  readonly files?: readonly number[]
  readonly env?: Readonly<Record<string, string>>
}

export type Answer = {
  readonly lines: readonly string[]
  /** The line for which `isLast` holds; undefined when the program ended before it. */
  readonly last: string | undefined
}

/** Starts the program at the first question, and again if it has ended; it ends with this process. */
export class Conversation implements AsyncDisposable {
  readonly #options: ConversationOptions
  #child: ChildProcess | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: ConversationOptions) {
    this.#options = options
  }

  /** Questions are answered one after the other. */
  ask(lines: readonly string[]): Promise<Answer> {
    const turn = this.#turn.then(() => this.#exchange(lines))
    this.#turn = turn.catch(() => {})
    return turn
  }

  /** Ends the program without waiting. */
  kill(): void {
    this.#child?.kill()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turn
    const child = this.#child
    if (!child) return
    const ended = new Promise((resolve) => child.once('close', resolve))
    setReferenced(child, true)
    child.stdin?.end()
    await ended
  }

  #exchange(lines: readonly string[]): Promise<Answer> {
    const { flush, isLast } = this.#options
    const child = (this.#child ??= this.#start())
    return new Promise((resolve) => {
      const answer: string[] = []
      let rest = ''
      const finish = (last: string | undefined) => {
        child.stdout?.off('data', read)
        child.off('close', ended)
        setReferenced(child, false)
        resolve({ lines: answer, last })
      }
      const ended = () => finish(undefined)
      const read = (text: string) => {
        const parts = (rest + text).split('\n')
        rest = parts.pop() ?? ''
        const end = parts.findIndex(isLast)
        answer.push(...(end < 0 ? parts : parts.slice(0, end)))
        if (end >= 0) finish(parts[end])
      }
      setReferenced(child, true)
      child.stdout?.on('data', read)
      child.once('close', ended)
      child.stdin?.write(`${[...lines, flush].join('\n')}\n`)
    })
  }

  #start(): ChildProcess {
    const { program, args, errors, files = [], env = startedByUs() } = this.#options
    // One pipe for answers and errors keeps them in the order in which they were written.
    const [command, ...words] =
      errors === 'answer'
        ? ['sh', '-c', 'exec "$0" "$@" 2>&1', program, ...args]
        : [program, ...args]
    const stderr = errors === 'answer' ? 'pipe' : 'ignore'
    const child = startProgram(command, words, { stdio: ['pipe', 'pipe', stderr, ...files], env })
    child.stdin?.on('error', () => {})
    child.stdout?.setEncoding('utf8')
    child.once('error', () => {})
    child.once('close', () => {
      if (this.#child === child) this.#child = undefined
    })
    return child
  }
}

/** A program that waits for questions must not keep this process alive. */
function setReferenced(child: ChildProcess, isReferenced: boolean): void {
  const set = (each: ChildProcess | Socket) => (isReferenced ? each.ref() : each.unref())
  set(child)
  for (const stream of child.stdio) if (stream instanceof Socket && !stream.destroyed) set(stream)
}
