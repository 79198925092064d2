// Places boxes and routes wires by ELK. ELK sees only sizes, so a graph in which nothing but texts of the same length have changed is the
// same graph: its placement is kept, and ELK, which takes most of the time of a picture, does not run.
import elk, { type ElkNode } from 'elkjs/lib/elk.bundled.js'

const most = 36

class Placer {
  readonly #engine = new elk.default()
  /** The oldest is first. */
  readonly #kept = new Map<string, Promise<ElkNode>>()
  /** How many graphs ELK has placed. */
  placed = 0

  /** The caller must not change the result. */
  place(graph: ElkNode): Promise<ElkNode> {
    const key = JSON.stringify(graph)
    const known = this.#kept.get(key)
    this.#kept.delete(key)
    const placing = known ?? this.#place(graph)
    this.#kept.set(key, placing)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > most && oldest !== undefined) this.#kept.delete(oldest)
    return placing
  }

  #place(graph: ElkNode): Promise<ElkNode> {
    this.placed += 1
    return this.#engine.layout(graph)
  }
}

export const placer = new Placer()
