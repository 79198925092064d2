// What a packet asked of a node's routing tables.
import type { Pass } from './passes.ts'
import type { RouteQuestion } from './route-answers.ts'
import type { World } from './world.ts'

/** What the routing decision of a pass is asked: with the addresses that it had by then. */
export function questionOf(world: World, { node, visits, input }: Pass): RouteQuestion | undefined {
  const [first] = visits
  if (first?.hook === 'output') {
    const { source, destination } = first.after ?? first.before
    return { node, destination, ...(world.isOwn(node, source) ? { source } : {}) }
  }
  const device = world.device(node, input)
  if (!first?.after || !device) return undefined
  const { source, destination } = first.after
  return { node, destination, source, input: device.name }
}
