// Makes the object that users get for a container: the record's fields, methods, and `await using` to remove it.
import { unlessGone, withActions } from '../network/handles.ts'
import type { ExecResult } from './exec.ts'
import type { ContainerRecord } from './records.ts'
import type { RunOptions } from './run.ts'
import type { ExecOptions } from './requests.ts'

/**
 * A container's record with methods. The methods are hidden: `JSON.stringify` shows the record, as it was when the object
 * was made.
 */
export type Container = ContainerRecord & ContainerActions

// A class in the types, and never at run time: TypeScript then knows that `{ ...container }` copies the record and no method.

/** What can be done with a container. The methods can be taken out of the object: `const { wait } = container`. */
export declare abstract class ContainerActions implements AsyncDisposable {
  /** See `Containers.wait`. */
  wait(this: void): Promise<number>
  /** See `Containers.exec`. */
  exec(this: void, request: ExecOptions | readonly string[]): Promise<ExecResult>
  /** See `Containers.logs`. */
  logs(
    this: void,
    options?: {
      /** Default `false`. If `true`, goes on until the container ends. */
      readonly follow?: boolean
    },
  ): AsyncIterable<Buffer>
  /** See `Containers.start`. */
  start(this: void, options?: RunOptions): Promise<Container>
  /** See `Containers.restart`. */
  restart(
    this: void,
    options?: RunOptions & {
      /** How long it may take to end before it is killed; default 10. */
      readonly seconds?: number
    },
  ): Promise<Container>
  /** See `Containers.rename`. */
  rename(this: void, to: string): Promise<Container>
  /** See `Containers.stop`. */
  stop(
    this: void,
    options?: {
      /** How long it may take to end before it is killed; default 10. */
      readonly seconds?: number
    },
  ): Promise<number>
  /** See `Containers.remove`. */
  remove(
    this: void,
    options?: {
      /** Default `false`. If `true`, a running container is ended first. */
      readonly force?: boolean
    },
  ): Promise<void>
  /** `await using` stops and removes the container at the end of the block, if it still exists. */
  [Symbol.asyncDispose](): Promise<void>
}

/** The calls of `Containers` that the methods use. */
type Calls = {
  readonly [Name in Exclude<keyof ContainerActions, symbol>]: (
    name: string,
    ...rest: Parameters<ContainerActions[Name]>
  ) => ReturnType<ContainerActions[Name]>
}

/** `await using` stops and removes the container at the end, if it still exists. */
export function containerHandle(containers: Calls, record: ContainerRecord): Container {
  const { id } = record
  return withActions(record, {
    wait: () => containers.wait(id),
    exec: (request) => containers.exec(id, request),
    logs: (options) => containers.logs(id, options),
    start: (options) => containers.start(id, options),
    restart: (options) => containers.restart(id, options),
    rename: (to) => containers.rename(id, to),
    stop: (options) => containers.stop(id, options),
    remove: (options) => containers.remove(id, options),
    [Symbol.asyncDispose]: () =>
      unlessGone(() => containers.remove(id, { force: true }), 'container-missing'),
  } satisfies ContainerActions)
}
