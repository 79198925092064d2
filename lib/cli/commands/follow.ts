// Follows the machines that share networks with this one, until a signal comes; other commands start it in the background when it is needed.
import { NetdojoError } from '../../errors.ts'
import { clusterOptions } from '../shared/cluster.ts'
import type { CommandFile } from '../shared/command.ts'
import { stateDirectory } from '../shared/state-directory.ts'

export const follow: CommandFile = {
  define: (command) => {
    command
      .option('--while-needed', 'end when this machine has no network of the cluster')
      .addHelpText(
        'after',
        `
It tells the other machines that this one is alive, and tells this kernel where
the containers of the others are. If several run on one machine, one works and
the others wait. The first container on an overlay network starts it in the
background; a service manager can run it instead. Its messages are in the file
follower.log of the state directory.

  NETDOJO_STORE         the URLs of etcd, with commas between them
  NETDOJO_STORE_CA      a PEM file: the authority of etcd's certificates
  NETDOJO_STORE_CERT    a PEM file: the certificate of this machine for etcd
  NETDOJO_STORE_KEY     a PEM file: its private key
  NETDOJO_HOST_ADDRESS  the address to which other machines send packets
  NETDOJO_HOST_GRACE    seconds before a silent machine is forgotten, default 30

After the first overlay network of this machine, the state directory remembers
them; netdojo leave forgets them.

Example:
  NETDOJO_STORE=http://10.0.0.9:2379 netdojo follow`,
      )
  },
  run: async (terminal, _, { whileNeeded = false }: { readonly whileNeeded?: boolean }) => {
    const directory = stateDirectory()
    const [{ openNetworks }, { openContainers }] = await Promise.all([
      import('../../network/open-networks.ts'),
      import('../../container/open-containers.ts'),
    ])
    const end = new AbortController()
    const stop = () => end.abort()
    process.on('SIGTERM', stop).on('SIGINT', stop)
    try {
      await using networks = await openNetworks({
        stateDirectory: directory,
        ...(await clusterOptions(directory)),
        follow: false,
      })
      // They rewrite their hosts files when names on other machines change.
      await openContainers({ networks, stateDirectory: directory })
      let last = ''
      await networks.follow({
        signal: end.signal,
        endsWhenIdle: whileNeeded,
        onError: (error) => {
          const text =
            error instanceof NetdojoError
              ? error.message
              : error instanceof Error
                ? (error.stack ?? error.message)
                : String(error)
          // While etcd is away, each round says the same.
          if (text !== last) terminal.writeError(`${new Date().toISOString()} ${text}\n`)
          last = text
        },
      })
    } finally {
      process.off('SIGTERM', stop).off('SIGINT', stop)
    }
  },
}
