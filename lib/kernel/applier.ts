// What makes a plan real, as an interface: by netlink, or by programs, a process a batch.
import type { Operation } from './operation.ts'

export type ApplyOptions = {
  readonly signal?: AbortSignal
  /**
   * For undoing and finishing: what is gone already is no error, the rest goes on after a failure,
   * and all failures are thrown together at the end.
   */
  readonly tolerant?: boolean
}

export type Applier = AsyncDisposable & {
  /**
   * Applies the operations in order.
   * @throws NetdojoError of the first operation that the kernel refuses; those before it are done.
   */
  apply(plan: readonly Operation[], options?: ApplyOptions): Promise<void>
}
