// Captures on all nodes while nodes come and go: for a scenario, which makes them one after the other.
import type { ObservedNode } from '../nodes.ts'
import { findNodes } from '../nodes.ts'
import { compileFilter } from './filter.ts'
import { inOrder } from './in-order.ts'
import { startPacketListener, type Frame, type PacketListener } from './packet-listener.ts'

// What every kernel says by itself to find its neighbours and groups, whether anybody uses the network or not.
const chatter = 'not igmp and not ip6 multicast'

export class Recorder {
  readonly #filter: string
  readonly #listeners = new Map<number, PacketListener>()
  #frames: Frame[] = []

  private constructor(filter: string) {
    this.#filter = filter
  }

  /** Hears all nodes that there are. */
  static async start(): Promise<Recorder> {
    const recorder = new Recorder(await compileFilter(chatter))
    await recorder.refresh()
    return recorder
  }

  /** Hears those that are new, too. */
  async refresh(): Promise<void> {
    const fresh = findNodes().filter(({ inode }) => !this.#listeners.has(inode))
    await Promise.all(fresh.map((node) => this.#listen(node)))
  }

  /** What has passed since the last time. */
  async take(): Promise<readonly Frame[]> {
    await Promise.all([...this.#listeners.values()].map((listener) => listener.sync()))
    const frames = inOrder(this.#frames)
    this.#frames = []
    return frames
  }

  async end(): Promise<void> {
    await Promise.all([...this.#listeners.values()].map((listener) => listener.stop()))
  }

  async #listen(node: ObservedNode): Promise<void> {
    const onFrame = (frame: Frame) => void this.#frames.push(frame)
    const options = { snapLength: 65535, filter: this.#filter, onFrame }
    this.#listeners.set(node.inode, await startPacketListener([node], options))
  }
}
