// Opens the containers of a state directory, on the networks that are kept there too.
import { join } from 'node:path'
import type { Networks } from '../network/networks.ts'
import { Containers } from './containers.ts'
import type { ContainerStep } from './context.ts'

export type OpenContainersOptions = {
  /** Opened with the same state directory; they are the caller's to close. */
  readonly networks: Networks
  /** `/var/lib/netdojo` unless told. */
  readonly stateDirectory?: string
  /** Directories of programs that are on the PATH of containers whose root file system is the machine's own. */
  readonly tools?: readonly string[]
  /** For `plan`: where the files that are told of are written, and left. */
  readonly scratchDirectory?: string
  /** Told of what is done besides the networks' plans, before it is done or right after. */
  readonly onStep?: (step: ContainerStep) => void
}

/** Containers that outlive this process need networks in a state directory; with a store in memory they end with it. */
export async function openContainers(options: OpenContainersOptions): Promise<Containers> {
  const { networks, stateDirectory = '/var/lib/netdojo', tools = [], onStep = () => {} } = options
  return new Containers({
    networks,
    store: networks.store,
    directory: join(options.scratchDirectory ?? stateDirectory, 'containers'),
    shownDirectory: join(stateDirectory, 'containers'),
    tools,
    finisher: [process.execPath, join(import.meta.dirname, 'finisher.ts'), stateDirectory],
    onStep,
  })
}
