// Starts a program in namespaces of its own, which takes orders; everything that it makes ends with it.
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { searchPath } from '../lib/exec/search-path.ts'

const root = join(import.meta.dirname, '..')

export class World implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>

  private constructor(child: ChildProcess, lines: Interface) {
    this.#child = child
    this.#lines = lines[Symbol.asyncIterator]()
  }

  /** `file` is a program of this repository that answers each line with milliseconds. */
  static async start(file: string, ...args: readonly string[]): Promise<World> {
    const mapped = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
    const namespaces = ['--mount', '--pid', '--net', '--uts', '--ipc', '--fork', '--kill-child']
    const command = ['sh', join(root, 'lib/sandbox/world.sh'), process.execPath, join(root, file)]
    const child = spawn(
      'unshare',
      [...mapped, ...namespaces, '--mount-proc', ...command, ...args],
      {
        // world.sh gives descriptor 3 to the program as its standard error.
        stdio: ['pipe', 'pipe', 'inherit', 2],
        env: { ...process.env, PATH: searchPath() },
      },
    )
    if (!child.stdout) throw new Error('no standard output')
    const world = new World(child, createInterface({ input: child.stdout }))
    await world.order('ready')
    return world
  }

  /** The duration in milliseconds, measured inside. */
  async order(line: string): Promise<number> {
    this.#child.stdin?.write(`${line}\n`)
    const { value, done } = await this.#lines.next()
    if (done) throw new Error(`the bench ended at "${line}"`)
    return Number(value)
  }

  async addNamespace(name: string): Promise<void> {
    await this.order(`namespace ${name}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGKILL')
    await ended
  }
}
