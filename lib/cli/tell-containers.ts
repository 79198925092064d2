// After a live change of a network: the containers of this place know each other by name as they are plugged now.
import { join } from 'node:path'
import { refreshHosts } from '../container/names.ts'
import type { Networks } from '../index.ts'
import { stateDirectory } from './state-directory.ts'

export function tellContainers({ store }: Networks): Promise<void> {
  return refreshHosts(store, (id) => join(stateDirectory(), 'containers', id))
}
