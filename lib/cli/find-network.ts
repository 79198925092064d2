// Finds what a word on the command line means: a name first, then an id, then the beginning of one.
import { quote } from '../address/quote.ts'
import { NetdojoError } from '../errors.ts'

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
