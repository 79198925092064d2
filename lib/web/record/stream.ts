// Turns what happens in a lab into its stream of moments: states and journeys are shared, and each new network is laid out.
import type { Snapshot } from '../../observe/snapshot/snapshot.ts'
import type { Topology } from '../../observe/topology/topology.ts'
import type { Journey } from '../../observe/journey/journey.ts'
import type { ScenarioEvent } from '../../scenario/events.ts'
import { lessonTopology } from '../../workshop/pictures.ts'
import type { AddressPool, After, Followed, Moment, Picture, RunEvent } from '../moments.ts'
import { Writer } from '../sharing.ts'

export type StreamOptions = {
  readonly emit: (moment: Moment) => void
  readonly layOut: (topology: Topology) => Promise<Picture>
  /** Whether the pictures show the node `outside`. */
  readonly hasOutside: boolean
}

/** A moment before the stream adds the time. */
export type Untimed<Each = Moment> = Each extends Moment ? Omit<Each, 'at'> : never

export class MomentStream {
  readonly #options: StreamOptions
  readonly #writer: Writer
  readonly #began = performance.now()
  /** A layout takes a while, and what comes after it waits. */
  #queue: Promise<unknown> = Promise.resolve()
  #at = 0
  #drawn = ''
  #pools: number | undefined
  #journeys = 0

  constructor(options: StreamOptions) {
    this.#options = options
    this.#writer = new Writer((part) => options.emit({ at: this.#at, ...part }))
  }

  /** For moments without shared values. */
  add(moment: Untimed): void {
    this.#later(() => this.#options.emit({ ...moment, at: this.#at }))
  }

  /** Journeys and changes of the scenario's stream become moments of their own kinds. */
  event(event: ScenarioEvent): void {
    if (event.type === 'journey') this.journey(event, null)
    else if (event.type !== 'network-changed' && event.type !== 'packets')
      this.add({ kind: 'event', event: event satisfies RunEvent })
  }

  state(snapshot: Snapshot, after: After): void {
    this.#later(async () => {
      const state = this.#writer.share(snapshot)
      this.#options.emit({ at: this.#at, kind: 'state', state, after })
      const topology = lessonTopology(snapshot, this.#options.hasOutside)
      const text = JSON.stringify(topology)
      if (text === this.#drawn) return
      this.#drawn = text
      const laidOut = await this.#options.layOut(topology).catch(() => undefined)
      // Without it, the page keeps the picture before, and the next state is tried again.
      if (!laidOut) this.#drawn = ''
      else
        this.#options.emit({ at: this.#at, kind: 'layout', picture: this.#writer.share(laidOut) })
    })
  }

  pools(pools: readonly AddressPool[]): void {
    if (this.#pools === undefined && pools.length === 0) return
    this.#later(() => {
      const shared = this.#writer.share(pools)
      if (shared.part === this.#pools) return
      this.#pools = shared.part
      this.#options.emit({ at: this.#at, kind: 'ipam', pools: shared })
    })
  }

  journey(
    followed: Pick<Followed, 'node' | 'line' | 'error'> & { readonly journey: Journey | null },
    check: number | null,
  ): void {
    const { node, line, error } = followed
    this.#later(() => {
      const journey = followed.journey && this.#writer.share(followed.journey)
      const number = (this.#journeys += 1)
      this.#options.emit({
        at: this.#at,
        kind: 'journey',
        number,
        check,
        node,
        line,
        journey,
        error,
      })
    })
  }

  /** Waits until all moments so far were emitted. */
  async ended(): Promise<void> {
    await this.#queue
  }

  /** Later moments do not refer to these parts. */
  forget(parts: readonly number[]): void {
    this.#writer.forget(parts)
  }

  #later(emit: () => void | Promise<void>): void {
    const at = Math.round(performance.now() - this.#began)
    this.#queue = this.#queue.then(() => {
      this.#at = at
      return emit()
    })
    // The error reaches `ended`.
    this.#queue.catch(() => {})
  }
}
