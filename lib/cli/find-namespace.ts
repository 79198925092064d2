// What can be plugged into a network, by what people call it: a path, or a name as in `ip netns`.
import { existsSync, readdirSync } from 'node:fs'
import { quote } from '../address/quote.ts'
import { NetdojoError } from '../errors.ts'

const directory = '/run/netns'

/** The path that the word stands for, whether or not anything is there; a path stands for itself. */
export function namespacePath(word: string): string | undefined {
  if (word.startsWith('/')) return word
  // What cannot be a file's name is not looked up.
  return /^[A-Za-z0-9_@%+-][A-Za-z0-9_.:@%+-]*$/.test(word) ? `${directory}/${word}` : undefined
}

/** @throws NetdojoError `netns-missing` */
export function findNamespace(word: string): string {
  const path = namespacePath(word)
  if (path !== undefined && existsSync(path)) return path
  throw new NetdojoError({
    code: 'netns-missing',
    operation: 'find the network namespace',
    object: quote(word),
    reason: word.startsWith('/')
      ? 'there is nothing at that path'
      : `there is none of that name in ${directory}`,
    advice: [...whatThereIs(), 'ip netns add NAME makes one'],
  })
}

function whatThereIs(): readonly string[] {
  const names = existsSync(directory) ? readdirSync(directory) : []
  return names.length === 0 ? [] : [`there are: ${names.slice(0, 20).join(', ')}`]
}
