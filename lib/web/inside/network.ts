// Reads the network for the page, after each command and after each change that somebody makes by hand; only the nodes that have changed
// are read again, and only different states are sent.
import { difference } from '../../observe/difference/difference.ts'
import { watchChanges, type ChangeWatcher } from '../../observe/changes.ts'
import { findNodes } from '../../observe/nodes.ts'
import type { Snapshot } from '../../observe/snapshot/snapshot.ts'
import { snapshots } from '../../observe/snapshot/take.ts'
import type { NodeState } from '../../kernel/state/state.ts'
import type { After } from '../moments.ts'
import { readPools } from '../record/pools.ts'
import type { FromInside } from './messages.ts'

export type NetworkOptions = {
  readonly send: (message: FromInside) => void
  /** Called after each state that was sent, whatever it came from. */
  readonly onState: () => void
}

/** A command changes several things one after the other: they are read together. */
const settle = 15
/** So many nodes are read in a few tens of milliseconds. */
const atOnce = 10
/** What the kernel does not tell by itself is looked at so often, while somebody looks at the page. */
const pollEvery = 1000

export class Network {
  readonly #options: NetworkOptions
  readonly #take = snapshots()
  readonly #sent = new Map<string, { readonly text: string; readonly state: NodeState }>()
  #watcher: ChangeWatcher | undefined
  /** Nodes that have changed since they were read. */
  #changed = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #poll: NodeJS.Timeout | undefined
  #isVisible = true
  /** How many things are under way whose changes are told after them. */
  #held = 0
  #isClosed = false
  #turn: Promise<unknown> = Promise.resolve()
  /** A look that has not begun. */
  #next: Promise<void> | undefined
  #isReading = false
  #readsAgain = false
  #pools = '[]'
  /** The network as it was last sent. */
  state: Snapshot = { version: 1, nodes: [], unread: [] }

  constructor(options: NetworkOptions) {
    this.#options = options
  }

  /** Sends the first state. */
  async begin(): Promise<void> {
    this.#watcher = await watchChanges({ onChange: (nodes) => this.#onChange(nodes) })
    await this.look({ kind: 'start' })
    this.#pollLater(pollEvery)
  }

  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible
    if (isVisible) this.#pollLater(0)
  }

  /** Looks soon at what the kernel does not tell by itself. */
  lookAround(): void {
    if (this.#isReading) this.#readsAgain = true
    else this.#pollLater(0)
  }

  /** Changes from now on belong to what runs, and are told after it. */
  hold(): void {
    this.#held += 1
  }

  release(): void {
    this.#held = Math.max(0, this.#held - 1)
    if (this.#held === 0 && this.#changed.size > 0) this.#soon()
  }

  async during<Result>(run: () => Promise<Result>): Promise<Result> {
    this.hold()
    try {
      return await run()
    } finally {
      this.release()
    }
  }

  /** Reads the nodes that have changed and sends what is different; with `after`, in any case. */
  look(after: After | null = null): Promise<void> {
    if (after !== null) return this.#inTurn(() => this.#look(after))
    // A look that has not begun sees this change, too: while changes come faster than they are read, no queue of looks grows.
    this.#next ??= this.#inTurn(() => this.#look(null))
    return this.#next
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(act)
    this.#turn = turn.catch(() => {})
    return turn
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    clearTimeout(this.#poll)
    this.#watcher?.[Symbol.dispose]()
  }

  async #look(after: After | null): Promise<void> {
    if (this.#isClosed) return
    if (after === null) this.#next = undefined
    const changed = this.#changed
    this.#changed = new Set()
    const nodes = findNodes()
    const before = this.state
    const { nodes: states, ...rest } = await this.#take(nodes, after === null ? changed : undefined)
    if (after === null && this.#held > 0) {
      // What runs by now may have been seen in part.
      this.#changed = this.#changed.union(changed)
      return
    }
    const names = states.map(({ name }) => name)
    const different = states.filter((state) => this.#isNews(state))
    for (const name of this.#sent.keys()) if (!names.includes(name)) this.#sent.delete(name)
    const now = { ...rest, nodes: names.flatMap((name) => this.#sent.get(name)?.state ?? []) }
    const isSame = different.length === 0 && names.length === before.nodes.length
    this.state = now
    if (isSame && after === null) return this.#lookAtPools()
    const isChange = after !== null || difference(before, now).changes.length > 0
    this.#options.send({
      type: 'states',
      names,
      states: different,
      unread: now.unread,
      after: after ?? (isChange ? { kind: 'change' } : null),
    })
    if (isChange) this.#options.onState()
    await this.#lookAtPools()
  }

  /** The pools of addresses are in stores, and no state of the kernel shows them. */
  async #lookAtPools(): Promise<void> {
    const pools = await readPools().catch(() => [])
    const text = JSON.stringify(pools)
    if (text === this.#pools) return
    this.#pools = text
    this.#options.send({ type: 'pools', pools })
  }

  /** Keeps the object of a state that is the same as before. */
  #isNews(state: NodeState): boolean {
    const text = JSON.stringify(state)
    if (this.#sent.get(state.name)?.text === text) return false
    this.#sent.set(state.name, { text, state })
    return true
  }

  #onChange(nodes: ReadonlySet<string>): void {
    this.#changed = this.#changed.union(nodes)
    if (this.#held === 0) this.#soon()
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      if (this.#held === 0) void this.look()
    }, settle)
  }

  /** Reads all nodes, a few at a time: a change that comes meanwhile is read before the next of them. */
  async #readAll(): Promise<void> {
    const names = findNodes().map(({ name }) => name)
    for (let first = 0; first < names.length; first += atOnce) {
      const some = new Set(names.slice(first, first + atOnce))
      await this.#inTurn(async () => {
        // What runs is looked at after it.
        if (this.#held === 0) await this.#take(findNodes(), some)
      })
    }
    if (this.#held === 0) await this.look()
  }

  /** Never takes more than a fifth of the time. */
  #pollLater(after: number): void {
    clearTimeout(this.#poll)
    if (this.#isClosed) return
    this.#poll = setTimeout(() => {
      if (!this.#isVisible || this.#isReading) return
      const started = performance.now()
      this.#isReading = true
      void this.#readAll().finally(() => {
        this.#isReading = false
        const pause = Math.max(pollEvery, 4 * (performance.now() - started))
        this.#pollLater(this.#readsAgain ? 0 : pause)
        this.#readsAgain = false
      })
    }, after)
  }
}
