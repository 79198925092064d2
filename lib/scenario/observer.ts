// Looks at the kernel's network state before a scenario and after each of its steps, and tells what the step changed.
import { changeLine, difference, type Change } from '../observe/difference/difference.ts'
import type { Snapshot } from '../observe/snapshot/snapshot.ts'
import { takeSnapshot } from '../observe/snapshot/take.ts'
import { topologyOf, type Topology } from '../observe/topology/topology.ts'
import type { NetworkChanged, Untimed } from './events.ts'

export type Observer = {
  /** To be awaited before the first command. */
  readonly begin: () => Promise<void>
  readonly afterStep: (step: number) => Promise<Untimed<NetworkChanged>>
}

/** @param draw makes the picture, when somebody looks at pictures. */
export function observer(draw?: (topology: Topology) => Promise<string>): Observer {
  let before: Snapshot | undefined
  let drawn = ''
  // Neighbours are forgotten and found again, bridges forget and learn again by the chatter of IPv6, when nobody does
  // anything: forgetting is never told, and so nothing is told twice.
  const told = new Set<string>()
  const isNews = (change: Change) => {
    const line = changeLine(change)
    if (change.sign === '+' && told.has(line)) return false
    told.add(line)
    return true
  }
  const pictureOf = async (topology: Topology) => {
    const shown = JSON.stringify(topology)
    if (!draw || shown === drawn) return null
    drawn = shown
    return draw(topology)
  }
  return {
    begin: async () => {
      before = await takeSnapshot()
      // The world is drawn by every scenario's own opening.
      drawn = JSON.stringify(topologyOf(before))
    },
    afterStep: async (step) => {
      const started = performance.now()
      const after = await takeSnapshot()
      const { changes, traffic } = difference(before ?? after, after)
      before = after
      const topology = topologyOf(after)
      const picture = await pictureOf(topology)
      const milliseconds = performance.now() - started
      return {
        type: 'network-changed',
        step,
        changes,
        traffic: traffic.filter(isNews),
        topology,
        picture,
        milliseconds,
      }
    },
  }
}
