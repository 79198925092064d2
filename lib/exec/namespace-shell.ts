// One long-lived bash in each network namespace runs the lines of a scenario, each in a subshell: nothing carries over from
// line to line, and none pays for a start of `ip netns exec` and of bash.
import { spawn, type ChildProcess } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'

/**
 * A stand-in for `spawn` that runs its line in the network namespace of that name, or in our own (`null`).
 * Lines on the same node run one after the other. What a line prints arrives when it has ended.
 */
export function namespaceShell(namespace: string | null): typeof spawn {
  const shell = new NamespaceShell(namespace)
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
  readonly #namespace: string | null
  #bash: ChildProcess | null = null
  /** Which namespace bash is in: one that was removed and made again under the same name is another. */
  #inode = 0
  #last: Promise<unknown> = Promise.resolve()
  #answer: (exitCode: number) => void = () => {}

  constructor(namespace: string | null) {
    this.#namespace = namespace
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
    const inode = inodeOf(this.#namespace)
    if (inode === undefined) return missing(String(this.#namespace))
    if (this.#bash === null || this.#inode !== inode) this.#start(inode)
    const { stdout, stderr } = this.#files()
    const exitCode = await new Promise<number>((resolve) => {
      this.#answer = resolve
      this.#bash?.stdin?.write(
        `( eval ${quoted(line)} ) </dev/null >${stdout} 2>${stderr}; echo $?\n`,
      )
    })
    return { stdout: readFileSync(stdout), stderr: readFileSync(stderr), exitCode }
  }

  #start(inode: number): void {
    this.#bash?.kill()
    const enter = this.#namespace === null ? [] : ['ip', 'netns', 'exec', this.#namespace]
    const [program, ...args] = [...enter, 'bash', '--norc']
    mkdirSync(directory, { recursive: true })
    const bash = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    })
    createInterface({ input: bash.stdout }).on('line', (exitCode) => this.#answer(Number(exitCode)))
    bash.once('close', () => this.#answer(128))
    this.#bash = bash
    this.#inode = inode
  }

  #files(): { stdout: string; stderr: string } {
    const base = `${directory}/${this.#namespace ?? ''}`
    return { stdout: `${base}.stdout`, stderr: `${base}.stderr` }
  }
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

function inodeOf(namespace: string | null): number | undefined {
  const path = namespace === null ? '/proc/self/ns/net' : `/run/netns/${namespace}`
  return statSync(path, { throwIfNoEntry: false })?.ino
}

/** What `ip netns exec` says of a namespace that is not there. */
function missing(namespace: string): Ended {
  const stderr = `Cannot open network namespace "${namespace}": No such file or directory\n`
  return { stdout: '', stderr, exitCode: 255 }
}

function quoted(line: string): string {
  return `'${line.replaceAll("'", `'\\''`)}'`
}
