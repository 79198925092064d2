// Declares what all operations on containers share.
import { join } from 'node:path'
import type { Networks } from '../network/networks.ts'
import type { Store } from '../store/store.ts'

export type Context = {
  readonly networks: Networks
  readonly store: Store
  /** Contains a directory for each container. */
  readonly directory: string
  /** The directory's path in printed commands; differs only in a dry run. */
  readonly shownDirectory: string
  /** Directories on the PATH of containers whose root file system is the host's own. */
  readonly tools: readonly string[]
  /** The command with which a monitor finishes its container; the container's id follows. */
  readonly finisher: readonly string[]
  /** Called with what is done beside the networks' plans, as shell commands that do the same; absent when nobody asks for them. */
  readonly onStep?: ((step: ContainerStep) => void) | undefined
}

/** What is done for a container beside the plans of its networks, as shell commands. */
export type ContainerStep = {
  /** A sentence for people. */
  readonly title: string
  /** Shell commands that do the same. */
  readonly commands: readonly string[]
  /** Whether another process of netdojo does what follows, so that it is not for pasting. */
  readonly inBackground?: boolean
}

/** The state of runc, which a reboot removes. */
export const runcRoot = '/run/netdojo/runc'

export function directoryOf({ directory }: Pick<Context, 'directory'>, id: string): string {
  return join(directory, id)
}
