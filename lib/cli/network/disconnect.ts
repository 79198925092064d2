// `network disconnect`: unplugs what the word names: a namespace, also one that is gone, a container, or an endpoint by its id.
import { statSync } from 'node:fs'
import { quote } from '../../address/quote.ts'
import { NetdojoError, type Endpoint } from '../../index.ts'
import { change } from '../change.ts'
import { placePath } from '../find-namespace.ts'
import { findNetwork } from '../find-network.ts'
import type { ChangeFlags } from '../options.ts'
import { tellContainers } from '../tell-containers.ts'
import type { Terminal } from '../terminal.ts'

type Options = ChangeFlags & { readonly force?: true }

export async function disconnect(
  terminal: Terminal,
  network: string,
  word: string,
  options: Options,
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
