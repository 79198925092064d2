// All containers of a state directory: each is made whole or not at all, and ends whole, whoever dies on the way.
import { isAlive, signalProcess } from '../exec/processes.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { NetdojoError } from '../errors.ts'
import * as fields from '../network/fields.ts'
import { directoryOf, type Context } from './context.ts'
import { execIn, type ExecRequest, type ExecResult } from './exec.ts'
import { explainEnd } from './explain-end.ts'
import { finishContainer, removeContainer } from './finish.ts'
import { containerHandle, type Container } from './handles.ts'
import { readLog } from './logs.ts'
import { findContainer } from './lookup.ts'
import { readExitCode, readProcess } from './monitor.ts'
import { refreshHosts } from './names.ts'
import { reconcileContainers, type ContainerReconciliation } from './reconcile.ts'
import { allContainers, type ContainerRecord } from './records.ts'
import { checkRun, type RunContainer } from './requests.ts'
import { planContainer, runContainer, type RunOptions } from './run.ts'
import { statusReader, untilEnded } from './until-ended.ts'

const secondsToStop = 10

type PlanEnd = {
  /** As `stop` takes it. */
  readonly seconds?: number
  readonly remove?: boolean
  /** As `remove` takes it. */
  readonly force?: boolean
}

export class Containers implements AsyncDisposable {
  readonly #context: Context
  /** Those that this process sees to the end of. */
  readonly #ours = new Map<string, Promise<ContainerRecord>>()
  readonly #leave: (() => void)[] = []

  /** Not for users: see `openContainers`. */
  constructor(context: Context) {
    this.#context = context
  }

  /**
   * Runs a program in a container of its own; when the promise is fulfilled the program runs, and its network was
   * there before it. Its record, its log and its networks do not depend on this process.
   * @throws NetdojoError `name-taken`, `network-missing`, `port-in-use`, `root-unusable`, `image-unusable`,
   * `program-missing`, `volume-missing`, `command-missing`, `command-unusable`, `container-failed`, one of
   * `Networks.connect`, or the code of a malformed value; then nothing of it is left
   */
  async run(request: RunContainer, options: RunOptions = {}): Promise<Container> {
    const checked = checkRun(request)
    await reconcileContainers(this.#context)
    const { record, monitor } = await runContainer(this.#context, checked, options)
    this.#leave.push(monitor.unref)
    if (!options.leave) {
      const finished = monitor.ended.then(({ exitCode }) => this.#finish(record, exitCode))
      // Whoever waits for it is told; a failure that nobody waits for is mended by the next one who comes.
      finished.catch(() => {})
      this.#ours.set(record.id, finished)
    }
    return containerHandle(this, record)
  }

  /**
   * Tells what `run` would do, and does nothing: for containers on networks whose store is a copy, whose applier does
   * nothing, and which assume namespaces.
   */
  async plan(request: RunContainer): Promise<void> {
    await planContainer(this.#context, checkRun(request))
  }

  /** @throws NetdojoError `container-missing` */
  async get(name: string): Promise<Container> {
    return containerHandle(this, await this.#find(name))
  }

  /** In the order in which they were made. */
  async list(): Promise<readonly Container[]> {
    await reconcileContainers(this.#context)
    const records = await this.#context.store.read(allContainers)
    return records
      .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))
      .map((record) => containerHandle(this, record))
  }

  /** The exit code, once the container is off its networks. @throws NetdojoError `container-missing` */
  async wait(name: string): Promise<number> {
    const record = await this.#find(name)
    return (await this.#ended(record)).exitCode ?? 0
  }

  /**
   * Runs one more program in a container.
   * @throws NetdojoError `container-missing`, `container-stopped`, `command-missing`, `command-unusable`
   */
  async exec(name: string, request: ExecRequest | readonly string[]): Promise<ExecResult> {
    const asked = isCommand(request) ? { command: request } : request
    return execIn(this.#context, await this.#find(name), asked)
  }

  /** What it has written so far, or until its end. @throws NetdojoError `container-missing` */
  async *logs(name: string, options: { readonly follow?: boolean } = {}): AsyncGenerator<Buffer> {
    const { id } = await this.#find(name)
    const follow = options.follow ? statusReader(this.#context, id) : undefined
    yield* readLog(directoryOf(this.#context, id), follow)
  }

  /**
   * Asks its program to end (SIGTERM), and after `seconds`, 10 unless told, ends it (SIGKILL).
   * @returns its exit code. @throws NetdojoError `container-missing`
   */
  async stop(name: string, options: { readonly seconds?: number } = {}): Promise<number> {
    const seconds = fields.number('seconds', options.seconds, 0, 86_400) ?? secondsToStop
    const record = await this.#find(name)
    if (record.status === 'running') await this.#end(record, seconds)
    return (await this.#ended(record)).exitCode ?? 0
  }

  /**
   * Tells what `stop`, or with `remove` what `remove` would do, and does nothing: for containers opened as for `plan`.
   * @throws NetdojoError `container-missing`, or with `remove` `container-running` unless forced
   */
  async planEnd(name: string, options: PlanEnd = {}): Promise<void> {
    const seconds = fields.number('seconds', options.seconds, 0, 86_400) ?? secondsToStop
    const { remove = false, force = false } = options
    const record = await this.#context.store.read((transaction) => findContainer(transaction, name))
    if (remove && isUnderWay(record) && !force) throw stillRunning(record)
    await explainEnd(this.#context, record, { seconds: remove ? 0 : seconds, remove })
  }

  /** Sends a signal to its program. @throws NetdojoError `container-missing` */
  async signal(name: string, signal: NodeJS.Signals): Promise<void> {
    signalProcess(this.#processOf(await this.#find(name)), signal)
  }

  /** @throws NetdojoError `container-missing`, or `container-running` unless forced */
  async remove(name: string, options: { readonly force?: boolean } = {}): Promise<void> {
    const record = await this.#find(name)
    if (isUnderWay(record)) {
      if (!options.force) throw stillRunning(record)
      await this.#end(record, 0)
      await this.#ended(record)
    }
    await removeContainer(this.#context, record)
  }

  /**
   * Brings to an end what nobody sees to any more, and the names that containers know up to date. Every other call but
   * the reading ones begins with it.
   */
  async reconcile(): Promise<ContainerReconciliation> {
    const reconciliation = await reconcileContainers(this.#context)
    await refreshHosts(this.#context.store, (id) => directoryOf(this.#context, id))
    return reconciliation
  }

  /** Containers go on; what was opened stays open for whoever opened it. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const leave of this.#leave) leave()
  }

  /** Whoever else sees to the end of it: the record tells. */
  #ended(record: ContainerRecord): Promise<ContainerRecord> {
    return this.#ours.get(record.id) ?? untilEnded(this.#context, record)
  }

  async #finish(record: ContainerRecord, code: number): Promise<ContainerRecord> {
    const exitCode = readExitCode(directoryOf(this.#context, record.id)) ?? code
    return finishContainer(this.#context, record, exitCode)
  }

  async #end(record: ContainerRecord, seconds: number): Promise<void> {
    const program = this.#processOf(record)
    const until = performance.now() + seconds * 1000
    if (seconds > 0) signalProcess(program, 'SIGTERM')
    while (isAlive(program) && performance.now() < until) await sleep(10)
    signalProcess(program, 'SIGKILL')
  }

  #processOf(record: ContainerRecord) {
    return record.process ?? readProcess(directoryOf(this.#context, record.id))
  }

  async #find(name: string): Promise<ContainerRecord> {
    await reconcileContainers(this.#context)
    return this.#context.store.read((transaction) => findContainer(transaction, name))
  }
}

function isCommand(request: ExecRequest | readonly string[]): request is readonly string[] {
  return Array.isArray(request)
}

function isUnderWay({ status }: ContainerRecord): boolean {
  return status === 'running' || status === 'creating'
}

function stillRunning({ name }: ContainerRecord): NetdojoError {
  return new NetdojoError({
    code: 'container-running',
    operation: 'remove',
    object: `the container ${name}`,
    reason: 'it is running',
    advice: [`stop it first: netdojo stop ${name}`, `or force it: netdojo rm -f ${name}`],
  })
}
