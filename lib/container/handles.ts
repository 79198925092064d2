// A container as users hold it: the record's fields, what can be done with it, and `await using` to remove it.
import { NetdojoError } from '../errors.ts'
import type { Containers } from './containers.ts'
import type { ExecRequest, ExecResult } from './exec.ts'
import type { ContainerRecord } from './records.ts'

/** Its record's fields are its own, and all that `JSON.stringify` shows; they are of the moment in which it was given. */
export type Container = ContainerRecord & ContainerActions

type ContainerActions = AsyncDisposable & {
  /** The exit code of its program, when that has ended and the container is off its networks. */
  wait(): Promise<number>
  /** See `Containers.exec`. */
  exec(request: ExecRequest | readonly string[]): Promise<ExecResult>
  /** See `Containers.logs`. */
  logs(options?: { readonly follow?: boolean }): AsyncIterable<Buffer>
  /** See `Containers.stop`. */
  stop(options?: { readonly seconds?: number }): Promise<number>
  /** See `Containers.remove`. */
  remove(options?: { readonly force?: boolean }): Promise<void>
}

/** At the end of `await using`, the container is stopped and removed, unless it is gone already. */
export function containerHandle(containers: Containers, record: ContainerRecord): Container {
  const { id } = record
  const actions: ContainerActions = {
    wait: () => containers.wait(id),
    exec: (request) => containers.exec(id, request),
    logs: (options) => containers.logs(id, options),
    stop: (options) => containers.stop(id, options),
    remove: (options) => containers.remove(id, options),
    [Symbol.asyncDispose]: async () => {
      try {
        await containers.remove(id, { force: true })
      } catch (error) {
        if (!(error instanceof NetdojoError) || error.code !== 'container-missing') throw error
      }
    },
  }
  // The actions are not enumerable: a handle prints, compares and serializes as its record.
  const hidden = Reflect.ownKeys(actions).map(
    (name) => [name, { value: Reflect.get(actions, name) }] as const,
  )
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- defined in the same breath
  return Object.defineProperties({ ...record }, Object.fromEntries(hidden)) as Container
}
