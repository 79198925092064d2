// Finds a container by what users call it: its name, its id, or the beginning of its id.
import { quote } from '../address/quote.ts'
import { NetdojoError } from '../errors.ts'
import type { ReadTransaction } from '../store/store.ts'
import { allContainers, containerNameKey, containerOf, type ContainerRecord } from './records.ts'

/** @throws NetdojoError `container-missing` */
export function findContainer(transaction: ReadTransaction, name: string): ContainerRecord {
  const containers = allContainers(transaction)
  // What cannot be a name is not looked up: a key made of it could be another record's.
  if (typeof name === 'string' && /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(name)) {
    const id = transaction.record<string>(containerNameKey(name)) ?? name
    const found = containerOf(transaction, id)
    if (found) return found
    const beginning = containers.filter((container) => container.id.startsWith(name))
    if (beginning[0] && beginning.length === 1) return beginning[0]
    if (beginning.length > 1) throw missing(name, 'the ids of several begin with it', containers)
  }
  throw missing(name, 'there is none of that name', containers)
}

function missing(
  name: string,
  reason: string,
  containers: readonly ContainerRecord[],
): NetdojoError {
  const names = containers.slice(0, 10).map((container) => container.name)
  return new NetdojoError({
    code: 'container-missing',
    operation: 'find the container',
    object: quote(name),
    reason,
    advice: [names.length === 0 ? 'there is no container' : `there are: ${names.join(', ')}`],
  })
}
