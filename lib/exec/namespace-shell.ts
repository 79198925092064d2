// One long-lived bash in each network namespace runs the lines of a scenario, each in a subshell: nothing carries over from
// line to line, and none pays for a start of `ip netns exec` and of bash.
import { spawn, type ChildProcess } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { randomUUID } from 'node:crypto'
import { fstatSync, ftruncateSync, mkdirSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import type { ExecTarget } from './target.ts'

/**
 * A stand-in for `spawn` that runs its line in that place.
 * Lines on the same node run one after the other. What a line prints arrives when it has ended.
 */
export function namespaceShell(target: ExecTarget): typeof spawn {
  const shell = new NamespaceShell(target)
  const standIn = (line: string) => shell.run(line)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- zx reads the streams and waits for 'close', no more
  return standIn as unknown as typeof spawn
}

type Ended = {
  readonly stdout: string | Buffer
  readonly stderr: string | Buffer
  readonly exitCode: number
}

type Job = EventEmitter & { readonly stdout: PassThrough; readonly stderr: PassThrough }

class NamespaceShell {
  readonly #target: ExecTarget
  #bash: ChildProcess | null = null
  /** Which namespace bash is in: one that was removed and made again under the same name is another. */
  #inode = 0
  /** Made with the first line: a node that is only spoken of leaves nothing anywhere. */
  #files: readonly [number, number] | null = null
  #last: Promise<unknown> = Promise.resolve()
  #answer: (exitCode: number) => void = () => {}

  constructor(target: ExecTarget) {
    this.#target = target
  }

  run(line: string): ChildProcess {
    const streams = { stdout: new PassThrough(), stderr: new PassThrough() }
    const job: Job = Object.assign(new EventEmitter(), streams)
    const ended = this.#last.then(() => this.#evaluate(line))
    this.#last = ended
    void finish(job, ended)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see namespaceShell
    return job as unknown as ChildProcess
  }

  async #evaluate(line: string): Promise<Ended> {
    const inode = statSync(this.#target.identity, { throwIfNoEntry: false })?.ino
    if (inode === undefined) return { stdout: '', stderr: this.#target.missing, exitCode: 255 }
    const [stdout, stderr] = (this.#files ??= [scratch(), scratch()])
    if (this.#bash === null || this.#inode !== inode) this.#start(inode, [stdout, stderr])
    ftruncateSync(stdout)
    ftruncateSync(stderr)
    const exitCode = await new Promise<number>((resolve) => {
      this.#answer = resolve
      this.#bash?.stdin?.write(`( eval ${quoted(line)} ) </dev/null >&3 2>&4 3>&- 4>&-; echo $?\n`)
    })
    return { stdout: whole(stdout), stderr: whole(stderr), exitCode }
  }

  #start(inode: number, files: readonly [number, number]): void {
    this.#bash?.kill()
    const [program, ...args] = [...this.#target.enter, 'bash', '--norc']
    const bash = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'ignore', ...files],
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    })
    if (bash.stdout)
      createInterface({ input: bash.stdout }).on('line', (exitCode) =>
        this.#answer(Number(exitCode)),
      )
    bash.once('close', () => this.#answer(128))
    this.#bash = bash
    this.#inode = inode
  }
}

/** A file without a name: the shell may be in a place that has other files, and writes at the end, which is where we cut. */
function scratch(): number {
  mkdirSync(directory, { recursive: true })
  const path = `${directory}/${randomUUID()}`
  const descriptor = openSync(path, 'a+')
  rmSync(path)
  return descriptor
}

function whole(descriptor: number): Buffer {
  const text = Buffer.alloc(fstatSync(descriptor).size)
  readSync(descriptor, text, 0, text.length, 0)
  return text
}

const directory = '/run/netdojo'

/** As with a real child: 'close' comes when all that it said has been read. */
async function finish(job: Job, ended: Promise<Ended>): Promise<void> {
  const { stdout, stderr, exitCode } = await ended
  const read = Promise.all([once(job.stdout, 'end'), once(job.stderr, 'end')])
  job.stdout.end(stdout)
  job.stderr.end(stderr)
  await read
  job.emit('close', exitCode, null)
}

function quoted(line: string): string {
  return `'${line.replaceAll("'", `'\\''`)}'`
}
