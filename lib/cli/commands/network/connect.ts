// Connects a namespace or a container to a network, and disconnects it: by name, by path, or by the id of the endpoint.
import { statSync } from 'node:fs'
import { parseHostName } from '../../../address/name.ts'
import { NetdojoError } from '../../../errors.ts'
import type { Endpoint, Networks } from '../../../index.ts'
import { change } from '../../shared/change.ts'
import { quoted } from '../../shared/errors.ts'
import { findNamespace, findNetwork, namespacePath } from '../../shared/find.ts'
import { addChangeOptions, integerOf, many, type ChangeFlags } from '../../shared/options.ts'
import { stateDirectory } from '../../shared/state-directory.ts'
import type { CommandFile } from '../../shared/command.ts'

type ConnectOptions = ChangeFlags & {
  readonly ip?: string
  readonly ip6?: string
  readonly macAddress?: string
  readonly interface?: string
  readonly publish?: readonly string[]
  readonly alias?: readonly string[]
  readonly defaultRoute?: boolean
  readonly gwPriority?: string
}

export const connect: CommandFile = {
  define: (command) => {
    addChangeOptions(command)
      .argument('<network>', 'a name, an ID, or the beginning of an ID')
      .argument('<namespace>', 'a container, a name of `ip netns`, or a path')
      .option('--ip <ip>', 'the IPv4 address (default: the next free address)')
      .option('--ip6 <ip>', 'the IPv6 address (default: the next free address)')
      .option('--mac-address <mac>', 'the MAC address')
      .option('--interface <name>', 'the name of the interface inside (default: eth0, eth1 …)')
      .option('-p, --publish <port>', '[[IP:]PORT:]PORT[/tcp|udp|sctp], also ranges', many)
      .option('--no-default-route', 'add no default route')
      .option('--gw-priority <n>', 'the highest has the default route (default: 0)')
      .option('--alias <name>', 'another host name in this network', many)
      .addHelpText(
        'after',
        `
Examples:
  ip netns add c1 && netdojo network connect testbridge c1
  netdojo network connect --ip 192.168.0.9 -p 8080:80 testbridge c1
  netdojo network connect testbridge web   # a running container
  netdojo network connect --explain testbridge /proc/1234/ns/net`,
      )
  },
  run: async (terminal, [network = '', namespace = ''], options: ConnectOptions) => {
    const { ip, ip6, macAddress, interface: link, publish = [], gwPriority } = options
    const aliases = (options.alias ?? []).map(parseHostName)
    const netns = await findNamespace(namespace)
    await change(terminal, options, async ({ networks }) => {
      const { name } = findNetwork(await networks.list(), network)
      const endpoint = await networks.connect(name, {
        netns,
        ports: publish,
        ...(ip === undefined ? {} : { address: ip }),
        ...(ip6 === undefined ? {} : { address6: ip6 }),
        ...(macAddress === undefined ? {} : { mac: macAddress }),
        ...(link === undefined ? {} : { interface: link }),
        ...(options.defaultRoute === false ? { defaultRoute: false } : {}),
        ...(gwPriority === undefined
          ? {}
          : { gatewayPriority: integerOf('--gw-priority', gwPriority) }),
        ...(aliases.length === 0 ? {} : { labels: { [aliasLabel]: aliases.join(',') } }),
      })
      for (const family of endpoint.foreignDefaultRoutes ?? [])
        terminal.writeError(
          `note: ${namespace} keeps the default route of IPv${family} that it had; ${name} adds none\n`,
        )
      if (!options.dryRun) await refreshHosts(networks)
    })
  },
}

/** The label that keeps the other names of an endpoint, separated by commas. */
const aliasLabel = 'netdojo.aliases'

type DisconnectOptions = ChangeFlags & { readonly force?: true }

/** Also disconnects a namespace that no longer exists. */
export const disconnect: CommandFile = {
  define: (command) => {
    addChangeOptions(command)
      .argument('<network>', 'a name, an ID, or the beginning of an ID')
      .argument('<namespace>', 'as for connect, or the ID of an endpoint')
      .option('-f, --force', 'succeed if it is not connected')
      .addHelpText('after', '\nExample:\n  netdojo network disconnect testbridge c1')
  },
  run: async (terminal, [network = '', word = ''], options: DisconnectOptions) => {
    await change(terminal, options, async ({ networks }) => {
      const { name } = findNetwork(await networks.list(), network)
      const found = matching(
        await networks.endpoints({ network: name }),
        word,
        await namespacePath(word),
      )
      const [only] = found
      if (!only && options.force) return
      if (!only || found.length > 1) throw notOne(name, word, found)
      await networks.disconnect(name, only.id)
      if (!options.dryRun) await refreshHosts(networks)
    })
  },
}

function matching(
  endpoints: readonly Endpoint[],
  word: string,
  path: string | undefined,
): readonly Endpoint[] {
  const inode = inodeAt(path)
  const inIt = endpoints.filter(
    ({ netns, netnsInode }) => netns !== undefined && (netns === path || netnsInode === inode),
  )
  if (inIt.length > 0 || word === '') return inIt
  return endpoints.filter(({ id }) => id.startsWith(word))
}

function inodeAt(path: string | undefined): number | undefined {
  try {
    return path === undefined ? undefined : statSync(path).ino
  } catch {
    return undefined // No file has this path, or the path is too long to have one.
  }
}

function notOne(network: string, word: string, found: readonly Endpoint[]): NetdojoError {
  return new NetdojoError({
    code: 'endpoint-missing',
    operation: 'disconnect',
    object: `${quoted(word)} from ${network}`,
    reason:
      found.length === 0
        ? 'it is not connected'
        : `it has ${found.length} endpoints in the network`,
    advice: [
      ...found.map(
        ({ id, interface: link }) =>
          `netdojo network disconnect ${network} ${id} disconnects its ${link}`,
      ),
      `netdojo network inspect ${network} shows the endpoints`,
    ],
  })
}

/** Writes the new names into the hosts files of the containers. */
async function refreshHosts({ store }: Networks): Promise<void> {
  const { refreshHosts } = await import('../../../container/names.ts')
  await refreshHosts(store, (id) => `${stateDirectory()}/containers/${id}`)
}
