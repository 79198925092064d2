// What all operations on containers share.
import { join } from 'node:path'
import type { Networks } from '../network/networks.ts'
import type { Store } from '../store/store.ts'

export type Context = {
  readonly networks: Networks
  readonly store: Store
  /** Each container has a directory of its own in it. */
  readonly directory: string
  /** What that is called where commands are told; the same, but in a dry run. */
  readonly shownDirectory: string
  /** Directories of programs that are on the PATH where the root file system is the machine's own. */
  readonly tools: readonly string[]
  /** The command that ends what a monitor has seen the end of; the container's id follows. */
  readonly finisher: readonly string[]
  /** Told of what is done besides the networks' plans, as commands that do the same. */
  readonly onStep: (step: ContainerStep) => void
}

export type ContainerStep = {
  readonly title: string
  readonly commands: readonly string[]
  /** Whether what is told from here on is done by another process of ours: it is not for pasting. */
  readonly isAside?: boolean
}

/** runc's own state, which ends with the boot. */
export const runcRoot = '/run/netdojo/runc'

export function directoryOf({ directory }: Pick<Context, 'directory'>, id: string): string {
  return join(directory, id)
}
