// Sorts the frames of several nodes by the kernel's clock: they arrive node by node.
import type { Frame } from './packet-listener.ts'

// In milliseconds: much longer than the listener needs to drain one node, and short for a person who watches.
const patience = 60

export class InOrder {
  readonly #emit: (frame: Frame) => void
  #waiting: Frame[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(emit: (frame: Frame) => void) {
    this.#emit = emit
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
    for (const frame of frames) this.#emit(frame)
  }
}

/** Frames of one node with the same time keep the kernel's order: the sort is stable. */
export function inOrder(frames: readonly Frame[]): readonly Frame[] {
  return frames.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}
