// Offers all operations on the containers of a state directory: a container starts completely or not at all, and ends completely even after a crash.
import { setTimeout as sleep } from 'node:timers/promises'
import { parseName } from '../address/name.ts'
import { NetdojoError } from '../errors.ts'
import { isAlive, signalProcess } from '../exec/processes.ts'
import { directoryOf, type Context } from './context.ts'
import { execIn, type ExecResult } from './exec.ts'
import { explainEnd } from './explain.ts'
import { finishContainer, removeContainer } from './finish.ts'
import { containerHandle, type Container } from './handles.ts'
import { readLog } from './logs.ts'
import { readExitCode, readProcess } from './monitor.ts'
import { refreshHosts } from './names.ts'
import {
  reconcileContainers,
  statusReader,
  untilEnded,
  type ContainerReconciliation,
} from './reconcile.ts'
import { allContainers, findContainer, type ContainerRecord } from './records.ts'
import {
  readExec,
  readRun,
  readSeconds,
  type ExecOptions,
  type RunContainerOptions,
} from './requests.ts'
import { renameContainer } from './reserve.ts'
import { planContainer, runContainer, startContainer, type RunOptions } from './run.ts'

/** What `planEnd` shows. */
export type PlanEndOptions = {
  /** As `stop` takes it. */
  readonly seconds?: number
  /** Whether the container is removed after its end; default `false`. */
  readonly remove?: boolean
  /** As `remove` takes it. */
  readonly force?: boolean
}

/** The containers of a state directory. `await using` closes this object at the end of the block; the containers go on. */
export class Containers implements AsyncDisposable {
  readonly #context: Context
  /** The containers that this process finishes, by their ids. */
  readonly #ours = new Map<string, Promise<ContainerRecord>>()
  readonly #leave: (() => void)[] = []

  /** @internal users call `openContainers`. */
  constructor(context: Context) {
    this.#context = context
  }

  /**
   * Runs a program in a new container. When the promise is fulfilled the program runs, or has already ended; its network
   * was complete before it started. The container does not depend on this process. An error leaves nothing behind.
   * @throws NetdojoError `name-taken`, `network-missing`, `port-in-use`, `root-unusable`, `image-unusable`,
   * `program-missing`, `volume-missing`, `command-missing`, `command-unusable`, `container-failed`, an error of
   * `Networks.connect`, or the code of a malformed value
   */
  async run(request: RunContainerOptions, options: RunOptions = {}): Promise<Container> {
    readRun(request)
    await reconcileContainers(this.#context)
    return this.#keep(await runContainer(this.#context, request, options), options)
  }

  /**
   * Runs the program of an ended container again, with a fresh root file system and the same name, networks and ports. A
   * running container stays as it is.
   * @throws NetdojoError `container-missing`, `port-in-use`, or an error of `run`
   */
  async start(name: string, options: RunOptions = {}): Promise<Container> {
    const record = await this.#find(name)
    if (isUnderWay(record)) return containerHandle(this, record)
    return this.#keep(await startContainer(this.#context, record, options), options)
  }

  /** Stops its program as `stop` does, and starts it again. @throws NetdojoError as `stop` and `start` */
  async restart(
    name: string,
    options: RunOptions & {
      /** How long it may take to end before it is killed; default 10. */
      readonly seconds?: number
    } = {},
  ): Promise<Container> {
    const { id, autoRemove } = await this.#find(name)
    if (autoRemove) throw removedAtItsEnd(name)
    await this.stop(id, options.seconds === undefined ? {} : { seconds: options.seconds })
    return this.start(id, options)
  }

  /**
   * Gives a container another name, on its networks too. Its host name, its namespace and its id stay.
   * @throws NetdojoError `container-missing`, `name-taken` or `name-malformed`
   */
  async rename(name: string, to: string): Promise<Container> {
    const { id } = await this.#find(name)
    const record = await renameContainer(this.#context, id, parseName('container', to))
    return containerHandle(this, record)
  }

  /**
   * Calls `onStep` with what `run` would do, and does nothing. The store of the networks must be a copy, their applier
   * must do nothing, and they must assume namespaces.
   * @throws NetdojoError as `run`
   */
  async plan(request: RunContainerOptions): Promise<void> {
    await planContainer(this.#context, request)
  }

  /** Finds a container by its name, its id, or a unique start of its id. @throws NetdojoError `container-missing` */
  async get(name: string): Promise<Container> {
    return containerHandle(this, await this.#find(name))
  }

  /** Returns the containers in the order of their creation. @throws NetdojoError `state-corrupt` */
  async list(): Promise<readonly Container[]> {
    await reconcileContainers(this.#context)
    const records = await this.#context.store.read(allContainers)
    return records
      .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))
      .map((record) => containerHandle(this, record))
  }

  /**
   * Waits until the program has ended and the container has left its networks.
   * @returns its exit code. @throws NetdojoError `container-missing`
   */
  async wait(name: string): Promise<number> {
    const record = await this.#find(name)
    return (await this.#ended(record)).exitCode ?? 0
  }

  /**
   * Runs another program in a running container, and waits until it has ended.
   * @throws NetdojoError `container-missing`, `container-stopped`, `command-missing`, `command-unusable`,
   * `container-failed` or `usage`
   */
  async exec(name: string, request: ExecOptions | readonly string[]): Promise<ExecResult> {
    const checked = readExec(name, request)
    return execIn(this.#context, await this.#find(name), checked)
  }

  /** Yields what the program has written so far, or with `follow` until it ends. @throws NetdojoError `container-missing` */
  async *logs(
    name: string,
    options: {
      /** Default `false`. If `true`, goes on until the container ends. */
      readonly follow?: boolean
    } = {},
  ): AsyncGenerator<Buffer> {
    const { id } = await this.#find(name)
    const follow = options.follow ? statusReader(this.#context, id) : undefined
    yield* readLog(directoryOf(this.#context, id), follow)
  }

  /**
   * Sends SIGTERM to its program, and after `seconds` (0 to 86400, default 10) SIGKILL.
   * @returns its exit code. @throws NetdojoError `container-missing` or `usage`
   */
  async stop(
    name: string,
    options: {
      /** How long it may take to end before it is killed; default 10. */
      readonly seconds?: number
    } = {},
  ): Promise<number> {
    const seconds = readSeconds(options)
    const record = await this.#find(name)
    if (record.status === 'running') await this.#end(record, seconds)
    return (await this.#ended(record)).exitCode ?? 0
  }

  /**
   * Calls `onStep` with what `stop`, or with `remove` what `remove` would do, and does nothing. See `plan`.
   * @throws NetdojoError `container-missing`, or with `remove` `container-running` unless forced
   */
  async planEnd(name: string, options: PlanEndOptions = {}): Promise<void> {
    const seconds = readSeconds(options)
    const { remove = false, force = false } = options
    const record = await this.#context.store.read((transaction) => findContainer(transaction, name))
    if (remove && isUnderWay(record) && !force) throw stillRunning(record)
    await explainEnd(this.#context, record, { seconds: remove ? 0 : seconds, remove })
  }

  /** Sends a signal to its program. @throws NetdojoError `container-missing` */
  async signal(name: string, signal: NodeJS.Signals): Promise<void> {
    signalProcess(this.#processOf(await this.#find(name)), signal)
  }

  /** Removes a container with its log. @throws NetdojoError `container-missing`, or `container-running` unless forced */
  async remove(
    name: string,
    options: {
      /** Default `false`. If `true`, a running container is ended first. */
      readonly force?: boolean
    } = {},
  ): Promise<void> {
    const record = await this.#find(name)
    if (isUnderWay(record)) {
      if (!options.force) throw stillRunning(record)
      await this.#end(record, 0)
      await this.#ended(record)
    }
    await removeContainer(this.#context, record)
  }

  /**
   * Finishes containers whose owner has died, and refreshes all hosts files. Other calls do the first part by
   * themselves.
   * @throws NetdojoError `teardown-incomplete` or `state-corrupt`
   */
  async reconcile(): Promise<ContainerReconciliation> {
    const reconciliation = await reconcileContainers(this.#context)
    await refreshHosts(this.#context.store, (id) => directoryOf(this.#context, id))
    return reconciliation
  }

  /** Closes this object; containers go on, and the networks stay open. */
  async close(): Promise<void> {
    for (const leave of this.#leave) leave()
  }

  /** `await using` closes this object at the end of the block, as `close` does; containers go on. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #keep(
    { record, monitor }: Awaited<ReturnType<typeof runContainer>>,
    { leave = false }: RunOptions,
  ): Container {
    this.#leave.push(monitor.unref)
    this.#ours.delete(record.id)
    if (!leave) {
      const finished = monitor.ended.then(({ exitCode }) => this.#finish(record, exitCode))
      // Callers of `wait` get a failure. If there are none, the next call of any process finishes the container.
      finished.catch(() => {})
      this.#ours.set(record.id, finished)
    }
    return containerHandle(this, record)
  }

  /** If another process finishes the container, wait until its record says that it ended. */
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

function removedAtItsEnd(name: string): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'restart',
    object: `the container ${name}`,
    reason: 'a container that is removed when its program ends must not be restarted',
    advice: [`stop it and run it anew: netdojo stop ${name}`],
  })
}

function isUnderWay({ status }: ContainerRecord): boolean {
  return status === 'running' || status === 'creating'
}

function stillRunning({ name }: ContainerRecord): NetdojoError {
  return new NetdojoError({
    code: 'container-running',
    operation: 'remove',
    object: `the container ${name}`,
    reason: 'the container is running',
    advice: [`stop it first: netdojo stop ${name}`, `or kill and remove it: netdojo rm -f ${name}`],
  })
}
