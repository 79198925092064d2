// Runs the lines of a scenario on a target, as replacements for the `spawn` that zx calls.
//
// One long-lived bash runs all lines of a target, each in a subshell: nothing carries over from line to line, and no line waits
// for a start of `ip netns exec` and bash.
import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { fstatSync, ftruncateSync, mkdirSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { Conversation } from './converse.ts'
import { shellQuote } from './shell-quote.ts'
import { startProgram, type spawn, type SpawnOptions } from './spawn.ts'
import type { ExecTarget } from './target.ts'

/** Lines on the same target run one after the other. The output of a line arrives when it has ended. */
export function targetShell(target: ExecTarget): typeof spawn {
  const shell = new TargetShell(target)
  const standIn = (line: string) => shell.run(line)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- zx only reads the streams and waits for 'close'
  return standIn as unknown as typeof spawn
}

/** For a line that runs in the background (a server, a capture): each has a bash of its own. */
export function backgroundShell({ enter }: ExecTarget): typeof spawn {
  const standIn = (line: string, _args: readonly string[], options: SpawnOptions) => {
    const [program, ...args] = [...enter, 'bash', '-c', line]
    return startProgram(program, args, options)
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- zx calls this one of spawn's eight forms only
  return standIn as unknown as typeof spawn
}

type Ended = {
  readonly stdout: string | Buffer
  readonly stderr: string | Buffer
  readonly exitCode: number
}

type Job = EventEmitter & { readonly stdout: PassThrough; readonly stderr: PassThrough }

class TargetShell {
  readonly #target: ExecTarget
  #bash: Conversation | undefined
  /** The inode of bash's network namespace. A namespace that was removed and created again has the same name and another inode. */
  #inode = 0
  /** Created with the first line, so that a target without lines leaves no file. */
  #files: readonly [number, number] | null = null
  #last: Promise<unknown> = Promise.resolve()

  constructor(target: ExecTarget) {
    this.#target = target
  }

  run(line: string): Job {
    const streams = { stdout: new PassThrough(), stderr: new PassThrough() }
    const job: Job = Object.assign(new EventEmitter(), streams)
    const ended = this.#last.then(() => this.#evaluate(line))
    this.#last = ended
    void finish(job, ended)
    return job
  }

  async #evaluate(line: string): Promise<Ended> {
    const inode = statSync(this.#target.identity, { throwIfNoEntry: false })?.ino
    if (inode === undefined) return { stdout: '', stderr: this.#target.missing, exitCode: 255 }
    const [stdout, stderr] = (this.#files ??= [scratchFile(), scratchFile()])
    if (this.#bash === undefined || this.#inode !== inode) {
      this.#bash?.kill()
      this.#bash = this.#start([stdout, stderr])
      this.#inode = inode
    }
    ftruncateSync(stdout)
    ftruncateSync(stderr)
    const { last } = await this.#bash.ask([
      `( eval ${shellQuote(line)} ) </dev/null >&3 2>&4 3>&- 4>&-`,
    ])
    return { stdout: contentOf(stdout), stderr: contentOf(stderr), exitCode: Number(last ?? 128) }
  }

  #start(files: readonly [number, number]): Conversation {
    const [program, ...args] = [...this.#target.enter, 'bash', '--norc']
    return new Conversation({
      program,
      args,
      flush: 'echo $?',
      isLast: () => true,
      errors: 'ignore',
      files,
      env: { LC_ALL: 'C.UTF-8' },
    })
  }
}

/**
 * Creates a file without a name, because the shell may see another file system. It is opened for appending, because each
 * line truncates it.
 */
function scratchFile(): number {
  mkdirSync(directory, { recursive: true })
  const path = `${directory}/${randomUUID()}`
  const descriptor = openSync(path, 'a+')
  rmSync(path)
  return descriptor
}

function contentOf(descriptor: number): Buffer {
  const text = Buffer.alloc(fstatSync(descriptor).size)
  readSync(descriptor, text, 0, text.length, 0)
  return text
}

const directory = '/run/netdojo'

/** As with a real child, 'close' comes when all output is read. */
async function finish(job: Job, ended: Promise<Ended>): Promise<void> {
  const { stdout, stderr, exitCode } = await ended
  const read = Promise.all([once(job.stdout, 'end'), once(job.stderr, 'end')])
  job.stdout.end(stdout)
  job.stderr.end(stderr)
  await read
  job.emit('close', exitCode, null)
}
