// Unplugs an endpoint, live; and removes a network. Both are finished by the next one who comes, if they are interrupted.
import { NetdojoError } from '../errors.ts'
import { driverOf, siblings, type Context } from './context.ts'
import { driverEndpoint, driverNetwork } from './driver-view.ts'
import { begin, tearDown } from './journal.ts'
import { findEndpoint, findNetwork } from './lookup.ts'
import { endpointsOf } from './records.ts'

/** @throws NetdojoError `network-missing`, `endpoint-missing` or `teardown-incomplete` */
export async function disconnectEndpoint(
  context: Context,
  name: string,
  id: string,
): Promise<void> {
  const begun = await context.store.update((transaction) => {
    const { network, endpoint } = findEndpoint(transaction, name, id)
    const steps = driverOf(context, network).disconnect(
      driverNetwork(network),
      driverEndpoint(endpoint),
    )
    return begin(transaction, { change: 'disconnect', network, endpoint }, steps)
  })
  await tearDown(context, begun)
}

/** @throws NetdojoError `network-missing`, `network-in-use` unless forced, or `teardown-incomplete` */
export async function removeNetwork(context: Context, name: string, force: boolean): Promise<void> {
  const { network, endpoints } = await context.store.read((transaction) => ({
    network: findNetwork(transaction, name),
    endpoints: endpointsOf(transaction, name),
  }))
  if (endpoints.length > 0 && !force)
    throw inUse(
      name,
      endpoints.map(({ id, netns }) => `${id} (${netns})`),
    )
  for (const { id } of endpoints) await disconnectEndpoint(context, name, id)
  const driver = driverOf(context, network)
  await driver.prepare()
  const begun = await context.store.update((transaction) => {
    const steps = driver.remove(driverNetwork(network), siblings(transaction, network))
    return begin(transaction, { change: 'remove', network }, steps)
  })
  await tearDown(context, begun)
}

function inUse(name: string, endpoints: readonly string[]): NetdojoError {
  return new NetdojoError({
    code: 'network-in-use',
    operation: 'remove',
    object: `the network ${name}`,
    reason: `it has ${endpoints.length === 1 ? 'an endpoint' : `${endpoints.length} endpoints`}: ${endpoints.slice(0, 5).join(', ')}`,
    advice: ['disconnect them first', 'or force the removal, which disconnects them'],
  })
}
