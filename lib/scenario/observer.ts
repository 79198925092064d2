// Reads the kernel's network state before a scenario and after each of its steps, and returns what the step changed.
import { changeLine, difference, type Change } from '../observe/difference/difference.ts'
import type { Snapshot } from '../observe/snapshot/snapshot.ts'
import { takeSnapshot } from '../observe/snapshot/take.ts'
import { topologyOf, type Topology } from '../observe/topology/topology.ts'
import type { NetworkChanged, Untimed } from './events.ts'

export type Observer = {
  /** Must be awaited before the first command. */
  readonly begin: () => Promise<void>
  readonly afterStep: (step: number) => Promise<Untimed<NetworkChanged>>
}

/** @param draw draws the picture of a network, if pictures are wanted. */
export function observer(draw?: (topology: Topology) => Promise<string>): Observer {
  let before: Snapshot | undefined
  let drawn = ''
  // The kernel forgets neighbour and forwarding entries and learns them again by itself (IPv6 sends packets at any time). So nothing
  // that was forgotten is reported, and nothing that was learned is reported twice.
  const reported = new Set<string>()
  const isNews = (change: Change) => {
    const line = changeLine(change)
    if (change.sign === '+' && reported.has(line)) return false
    reported.add(line)
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
      // The first picture would show the world before the first step, which is always the same.
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
