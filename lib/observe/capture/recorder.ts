// Captures on all nodes while a scenario creates one after the other.
import { findNodes } from '../nodes.ts'
import { compileFilter } from './filter.ts'
import { inOrder } from './in-order.ts'
import { startPacketListener, type Frame, type PacketListener } from './packet-listener.ts'

// What every kernel sends by itself to find its neighbours and groups, whether anybody uses the network or not.
const chatter = 'not igmp and not ip6 multicast'

export class Recorder {
  readonly #listener: PacketListener
  readonly #frames: Frame[]
  /** The inodes of the namespaces. */
  readonly #known = new Set<number>()

  private constructor(listener: PacketListener, frames: Frame[]) {
    this.#listener = listener
    this.#frames = frames
  }

  /** Listens on all nodes that exist. */
  static async start(): Promise<Recorder> {
    const frames: Frame[] = []
    const listener = await startPacketListener([], {
      snapLength: 65535,
      filter: await compileFilter(chatter),
      onFrame: (frame) => void frames.push(frame),
    })
    const recorder = new Recorder(listener, frames)
    recorder.refresh()
    return recorder
  }

  /** Listens on new nodes, too. */
  refresh(): void {
    const fresh = findNodes().filter(({ inode }) => !this.#known.has(inode))
    this.#listener.add(fresh)
    for (const { inode } of fresh) this.#known.add(inode)
  }

  /** @returns the frames since the last call */
  async take(): Promise<readonly Frame[]> {
    await this.#listener.sync()
    return inOrder(this.#frames.splice(0))
  }
}
