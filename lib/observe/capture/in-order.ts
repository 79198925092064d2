// Puts the frames of several nodes in the order of the kernel's clock: they are told node by node.
import type { Frame } from './packet-listener.ts'

// Long against what the packet listener needs to tell what waits on one node, short for a person who looks on.
const patience = 60

export class InOrder {
  readonly #tell: (frame: Frame) => void
  #waiting: Frame[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(tell: (frame: Frame) => void) {
    this.#tell = tell
  }

  add(frame: Frame): void {
    this.#waiting.push(frame)
    this.#timer ??= setTimeout(() => this.flush(), patience)
  }

  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const frames = inOrder(this.#waiting)
    this.#waiting = []
    for (const frame of frames) this.#tell(frame)
  }
}

/** Within a node they are in the kernel's own order, also where the stamp is the same: the sort is stable. */
export function inOrder(frames: readonly Frame[]): readonly Frame[] {
  return frames.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}
