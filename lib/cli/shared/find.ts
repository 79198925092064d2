// What can be plugged into a network, by what people call it: a path, a name as in `ip netns`, or a container.
import { existsSync, readdirSync } from 'node:fs'
import { quote } from '../../address/quote.ts'
import { NetdojoError } from '../../errors.ts'
import { stateDirectory } from './state-directory.ts'

const directory = '/run/netns'

/** The path that the word stands for, whether or not anything is there; a path stands for itself. */
function namespacePath(word: string): string | undefined {
  if (word.startsWith('/')) return word
  // What cannot be a file's name is not looked up.
  return /^[A-Za-z0-9_@%+-][A-Za-z0-9_.:@%+-]*$/.test(word) ? `${directory}/${word}` : undefined
}

/** A container's namespace by the container's name or id, where no namespace is called so. */
export async function placePath(word: string): Promise<string | undefined> {
  const path = namespacePath(word)
  if (path === undefined || word.startsWith('/') || existsSync(path)) return path
  const { readContainers } = await import('../../container/read-containers.ts')
  const containers = (await readContainers(stateDirectory())) ?? []
  const found = containers.find(({ id, name }) => name === word || id === word)
  return found?.netns ?? path
}

/** @throws NetdojoError `netns-missing` */
export async function findNamespace(word: string): Promise<string> {
  const path = await placePath(word)
  if (path !== undefined && existsSync(path)) return path
  throw new NetdojoError({
    code: 'netns-missing',
    operation: 'find the network namespace',
    object: quote(word),
    reason: word.startsWith('/')
      ? 'there is nothing at that path'
      : `there is none of that name in ${directory}, nor a container`,
    advice: [
      ...namesOfNamespaces(),
      'ip netns add NAME makes one',
      'netdojo ps lists the containers',
    ],
  })
}

function namesOfNamespaces(): readonly string[] {
  const names = existsSync(directory) ? readdirSync(directory) : []
  return names.length === 0 ? [] : [`there are: ${names.slice(0, 20).join(', ')}`]
}

type Known = { readonly id: string; readonly name: string }

/** @throws NetdojoError `network-missing`, also for the beginning of several ids */
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
    object: quote(word),
    reason: only
      ? `${begun.length} ids begin with it`
      : 'there is none with that name, or with an id that begins so',
    advice: [
      only
        ? `say more of the id: ${begun.map(({ id, name }) => `${id} (${name})`).join(', ')}`
        : whatThereIs(networks),
    ],
  })
}

const longestList = 20

function whatThereIs(networks: readonly Known[]): string {
  if (networks.length === 0) return 'there is no network yet: netdojo network create NAME'
  const names = networks.slice(0, longestList).map(({ name }) => name)
  return `there are: ${names.join(', ')}${networks.length > longestList ? ' …' : ''}`
}
