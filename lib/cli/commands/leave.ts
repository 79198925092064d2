// Leaves the cluster of this machine, and returns when the process that follows the cluster has ended.
import { setTimeout as sleep } from 'node:timers/promises'
import { isFollowed } from '../shared/cluster.ts'
import type { CommandFile } from '../shared/command.ts'
import { stateDirectory } from '../shared/state-directory.ts'

export const leave: CommandFile = {
  define: (command) => {
    command.option('-f, --force', 'leave also when etcd does not answer').addHelpText(
      'after',
      `
The state directory forgets NETDOJO_STORE. The overlay networks end on this
machine and stay in the cluster; other networks stay here. Disconnect the
containers from overlay networks first, and remove the overlay networks that no
machine needs any more: netdojo network rm

With --force, what this machine has in etcd stays there. The other machines
forget this one after their grace time.

Example:
  netdojo leave`,
    )
  },
  run: async (_, __, { force = false }: { readonly force?: boolean }) => {
    const directory = stateDirectory()
    const { openNetworks } = await import('../../network/open-networks.ts')
    // NETDOJO_STORE may name the next cluster: the state directory remembers the one to leave.
    await using networks = await openNetworks({ stateDirectory: directory, follow: false })
    await networks.leave({ force })
    const until = performance.now() + longestWait
    while (isFollowed(directory) && performance.now() < until) await sleep(50)
  },
}

const longestWait = 5000
