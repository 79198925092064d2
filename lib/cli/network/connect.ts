// `network connect`: plugs a namespace or a container into a network, with its addresses and published ports.
import { change } from '../change.ts'
import { findNamespace } from '../find-namespace.ts'
import { findNetwork } from '../find-network.ts'
import type { ChangeFlags } from '../options.ts'
import { tellContainers } from '../tell-containers.ts'
import type { Terminal } from '../terminal.ts'
import { usageError } from '../usage-error.ts'

type Options = ChangeFlags & {
  readonly ip?: string
  readonly ip6?: string
  readonly macAddress?: string
  readonly interface?: string
  readonly publish?: readonly string[]
  readonly alias?: readonly string[]
}

/** The label that keeps the other names of an endpoint, separated by commas. */
const aliasLabel = 'netdojo.aliases'

export async function connect(
  terminal: Terminal,
  network: string,
  namespace: string,
  options: Options,
): Promise<void> {
  const aliases = (options.alias ?? []).map(aliasOf)
  const netns = await findNamespace(namespace)
  await change(terminal, options, async ({ networks }) => {
    const { name } = findNetwork(await networks.list(), network)
    await networks.connect(name, {
      netns,
      ports: options.publish ?? [],
      ...(options.ip === undefined ? {} : { address: options.ip }),
      ...(options.ip6 === undefined ? {} : { address6: options.ip6 }),
      ...(options.macAddress === undefined ? {} : { mac: options.macAddress }),
      ...(options.interface === undefined ? {} : { interface: options.interface }),
      ...(aliases.length === 0 ? {} : { labels: { [aliasLabel]: aliases.join(',') } }),
    })
    if (!options.dryRun) await tellContainers(networks)
  })
}

/** A host's name: RFC 1123 2.1, and the underscore that people use. */
function aliasOf(word: string): string {
  if (/^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9_])?$/.test(word)) return word
  throw usageError('use as an alias', word, 'it is not the name of a host')
}
