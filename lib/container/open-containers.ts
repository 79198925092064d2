// Opens the containers of a state directory, on the networks of the same directory.
import { extname, join } from 'node:path'
import type { Networks } from '../network/networks.ts'
import { Containers } from './containers.ts'
import type { ContainerStep } from './context.ts'
import { refreshHosts } from './names.ts'

/** How containers are opened: `networks` is needed, everything else has a default. */
export type OpenContainersOptions = {
  /** Opened with the same state directory. The caller closes them. */
  readonly networks: Networks
  /** Default `/var/lib/netdojo`. Created (mode 0700) if missing. */
  readonly stateDirectory?: string
  /** Directories on the PATH of containers whose root file system is the host's own; default none. */
  readonly tools?: readonly string[]
  /** For `plan`: the directory in which the printed files are written, and stay. Default the state directory. */
  readonly scratchDirectory?: string
  /** Called with what is done beside the networks' plans, as shell commands, before it is done or right after. */
  readonly onStep?: (step: ContainerStep) => void
}

/** The installed package has JavaScript, since Node strips no types below node_modules. */
const finisher = join(import.meta.dirname, `finisher${extname(import.meta.filename)}`)

/** Networks in a state directory let containers outlive this process; with a store in memory their records end with it. @throws TypeError without `networks` */
export async function openContainers(options: OpenContainersOptions): Promise<Containers> {
  const { networks, stateDirectory = '/var/lib/netdojo', tools = [], onStep } = options
  const directory = join(options.scratchDirectory ?? stateDirectory, 'containers')
  networks.onNames(() => refreshHosts(networks.store, (id) => join(directory, id)))
  return new Containers({
    networks,
    store: networks.store,
    directory,
    shownDirectory: join(stateDirectory, 'containers'),
    tools,
    finisher: [process.execPath, finisher, stateDirectory],
    onStep,
  })
}
