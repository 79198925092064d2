// `network connect`: plugs a namespace or a container into a network, with its addresses and published ports.
import { statSync } from 'node:fs'
import { quote } from '../../../address/quote.ts'
import { type Endpoint, NetdojoError } from '../../../index.ts'
import { change } from '../../shared/change.ts'
import { tellContainers } from '../../shared/containers.ts'
import { usageError } from '../../shared/errors.ts'
import { findNamespace, findNetwork, placePath } from '../../shared/find.ts'
import type { ChangeFlags } from '../../shared/options.ts'
import type { Terminal } from '../../shared/terminal.ts'

type ConnectOptions = ChangeFlags & {
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
  options: ConnectOptions,
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

type DisconnectOptions = ChangeFlags & { readonly force?: true }

export async function disconnect(
  terminal: Terminal,
  network: string,
  word: string,
  options: DisconnectOptions,
): Promise<void> {
  await change(terminal, options, async ({ networks }) => {
    const { name } = findNetwork(await networks.list(), network)
    const found = matching(await networks.endpoints(name), word, await placePath(word))
    const [only] = found
    if (!only && options.force) return
    if (!only || found.length > 1) throw notOne(name, word, found)
    await networks.disconnect(name, only.id)
    if (!options.dryRun) await tellContainers(networks)
  })
}

function matching(
  endpoints: readonly Endpoint[],
  word: string,
  path: string | undefined,
): readonly Endpoint[] {
  const inode = inodeAt(path)
  const inIt = endpoints.filter(({ netns, netnsInode }) => netns === path || netnsInode === inode)
  if (inIt.length > 0 || word === '') return inIt
  return endpoints.filter(({ id }) => id.startsWith(word))
}

function inodeAt(path: string | undefined): number | undefined {
  try {
    return path === undefined ? undefined : statSync(path).ino
  } catch {
    return undefined // nothing is there, or nothing can be: the name is too long
  }
}

function notOne(network: string, word: string, found: readonly Endpoint[]): NetdojoError {
  return new NetdojoError({
    code: 'endpoint-missing',
    operation: 'disconnect',
    object: `${quote(word)} from ${network}`,
    reason:
      found.length === 0
        ? 'it is not connected'
        : `it has ${found.length} endpoints in the network`,
    advice: [
      ...found.map(({ id, interface: link }) => `say which one: ${id} is its ${link}`),
      `netdojo network inspect ${network} shows what is connected`,
    ],
  })
}
