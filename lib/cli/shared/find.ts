// Finds the network, namespace or container that a word of the command line names: a name comes first, then an id or a path.
import { existsSync, readdirSync } from 'node:fs'
import { NetdojoError } from '../../errors.ts'
import { quoted } from './errors.ts'
import { stateDirectory } from './state-directory.ts'

const namespaces = '/run/netns'

type Known = { readonly id: string; readonly name: string }

/** @throws NetdojoError `network-missing`, also when the word begins several ids */
export function findNetwork<Network extends Known>(
  networks: readonly Network[],
  word: string,
): Network {
  const named = networks.find(({ name }) => name === word)
  if (named) return named
  const begun = word === '' ? [] : networks.filter(({ id }) => id.startsWith(word))
  const [only, ...others] = begun
  if (only && others.length === 0) return only
  throw new NetdojoError({
    code: 'network-missing',
    operation: 'find the network',
    object: quoted(word),
    reason: only
      ? `${begun.length} networks have an id that begins with ${quoted(word)}`
      : 'no network has this name, or an id that begins with it',
    advice: [
      only
        ? `give more of the id: ${begun.map(({ id, name }) => `${id} (${name})`).join(', ')}`
        : whatThereIs(networks),
    ],
  })
}

const longestList = 20

function whatThereIs(networks: readonly Known[]): string {
  if (networks.length === 0)
    return 'there is no network yet: netdojo network create NAME creates one'
  const names = networks.slice(0, longestList).map(({ name }) => name)
  return `existing networks: ${names.join(', ')}${networks.length > longestList ? ' …' : ''}`
}

/** The path of the namespace that the word names, whether or not it exists; a container's name or id counts where no namespace has that name. */
export async function namespacePath(word: string): Promise<string | undefined> {
  if (word.startsWith('/')) return word
  // Other words cannot be the name of a file.
  if (!/^[A-Za-z0-9_@%+-][A-Za-z0-9_.:@%+-]*$/.test(word)) return undefined
  const path = `${namespaces}/${word}`
  if (existsSync(path)) return path
  const { readContainers } = await import('../../container/read-containers.ts')
  const containers = (await readContainers(stateDirectory())) ?? []
  const found = containers.find(({ id, name }) => name === word || id === word)
  return found?.netns ?? path
}

/** @throws NetdojoError `netns-missing` */
export async function findNamespace(word: string): Promise<string> {
  const path = await namespacePath(word)
  if (path !== undefined && existsSync(path)) return path
  if (path !== undefined && path !== word && path !== `${namespaces}/${word}`)
    throw new NetdojoError({
      code: 'container-stopped',
      operation: 'find the network namespace of',
      object: `the container ${word}`,
      reason: 'the container must be running, since its namespace ends with its program',
      advice: [`start it first: netdojo start ${word}`],
    })
  throw new NetdojoError({
    code: 'netns-missing',
    operation: 'find the network namespace',
    object: quoted(word),
    reason: word.startsWith('/')
      ? 'no file exists at this path'
      : `neither a namespace in ${namespaces} nor a container has this name`,
    advice: [
      ...existingNamespaces(),
      'ip netns add NAME creates a namespace',
      'netdojo ps lists the containers',
    ],
  })
}

function existingNamespaces(): readonly string[] {
  const names = existsSync(namespaces) ? readdirSync(namespaces) : []
  return names.length === 0
    ? []
    : [`existing namespaces: ${names.slice(0, longestList).join(', ')}`]
}
