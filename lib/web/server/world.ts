// Runs one world: a sandbox, what has happened in it so far, and its terminals. A page that comes later is told everything again.
import type { NodeState, Unread } from '../../kernel/state/state.ts'
import { message } from '../../language/message.ts'
import { snapshotVersion, type Snapshot } from '../../observe/snapshot/snapshot.ts'
import type { Channelled } from '../../exec/channelled.ts'
import { NetdojoError } from '../../errors.ts'
import { Channel } from '../channel.ts'
import type { FromInside, ToInside, WorldRequest } from '../inside/messages.ts'
import { momentsVersion, type Moment } from '../moments.ts'
import {
  mostTerminals,
  type Failed,
  type Opened,
  type Reply,
  type TerminalInput,
  type ToPage,
} from '../protocol.ts'
import { History } from './history.ts'
import { MomentStream } from '../record/stream.ts'
import { pictureOf } from '../record/picture.ts'

export type WorldOptions = {
  readonly what: Opened
  readonly request: WorldRequest
  /** Starts the sandbox. */
  readonly start: (request: WorldRequest) => Promise<Channelled>
  readonly send: (message: ToPage | string) => void
  /** What is for the user's files. */
  readonly keep: (message: Kept) => void
}

export type Kept = Extract<FromInside, { readonly type: 'progress' | 'score' | 'save' }>

type Terminal = {
  readonly node: string
  /** The last output, for a page that is loaded again. */
  output: string
  /** Characters that the page has not acknowledged. */
  waiting: number
}

/** The last message of these kinds is for later pages, too. */
type Lasting = 'building' | 'turn' | 'goal' | 'notice' | 'ended'

const mostOutput = 100_000

export class World {
  readonly #options: WorldOptions
  #channel: Channel<FromInside, ToInside> | undefined
  #kill: (() => void) | undefined
  readonly #history = new History()
  readonly #last = new Map<Lasting, string>()
  readonly #terminals = new Map<string, Terminal>()
  #stream: MomentStream | undefined
  readonly #states = new Map<string, NodeState>()
  /** What packets have changed since the last state. */
  #now: { readonly names: Set<string>; unread: readonly Unread[] } | undefined
  #journeys = 0
  #isClosed = false

  constructor(options: WorldOptions) {
    this.#options = options
  }

  begin(): void {
    this.#show('building', { type: 'building', doing: message('Building host and outside …') })
    void this.#run()
  }

  /** Tells a page everything so far. */
  replay(): void {
    const { send, what } = this.#options
    const terminals = [...this.#terminals].map(([terminal, { node }]) => ({ terminal, node }))
    send({ type: 'opened', what, terminals })
    for (const kind of ['building'] as const) this.#sendLast(kind)
    for (const moment of this.#history.replay()) send({ type: 'moment', moment })
    if (this.#now) {
      const { names, unread } = this.#now
      const states = [...names].flatMap((name) => this.#states.get(name) ?? [])
      send({ type: 'now', states, unread })
    }
    for (const kind of ['goal', 'turn', 'notice', 'ended'] as const) this.#sendLast(kind)
    for (const [terminal, each] of this.#terminals) {
      // The page that had this output is gone.
      this.#channel?.send({ type: 'terminal-ack', terminal, characters: each.waiting })
      each.waiting = 0
      if (each.output !== '') send({ type: 'terminal-data', terminal, data: each.output })
    }
  }

  receive(message: ToInside): void {
    if (isOfTerminal(message)) {
      requireFields(message)
      if (!this.#isAllowed(message)) return
    }
    if (message.type === 'ask' && (!this.#channel || this.#last.has('ended'))) {
      const error = this.#channel
        ? 'the lab has ended'
        : 'the lab is not built yet: ask again when its picture is there'
      return this.#options.send({ type: 'failed', id: message.id, error })
    }
    this.#channel?.send(message)
  }

  pause(): void {
    this.#channel?.pause()
  }

  resume(): void {
    this.#channel?.resume()
  }

  close(): void {
    this.#isClosed = true
    this.#channel?.close()
    this.#kill?.()
  }

  #isAllowed(message: TerminalInput): boolean {
    const known = this.#terminals.get(message.terminal)
    if (message.type === 'terminal-open') {
      if (known || this.#terminals.size >= mostTerminals) {
        const text = known
          ? `the terminal '${message.terminal}' is already open`
          : `at most ${mostTerminals} terminals can be open: close one first`
        this.#options.send({ type: 'notice', text })
        return false
      }
      this.#terminals.set(message.terminal, { node: message.node, output: '', waiting: 0 })
    }
    if (message.type === 'terminal-ack' && known)
      known.waiting = Math.max(0, known.waiting - message.characters)
    return message.type === 'terminal-open' || known !== undefined
  }

  async #run(): Promise<void> {
    let error: string | null = null
    try {
      const started = await this.#options.start(this.#options.request)
      this.#kill = started.kill
      if (this.#isClosed) return started.kill()
      const channel = new Channel<FromInside, ToInside>(started.channel, (received) =>
        this.#handle(received),
      )
      this.#channel = channel
      const closed = new Promise<void>((resolve) => channel.onClosed(resolve))
      const { exitCode, startErrors } = await started.ended
      await closed
      if (exitCode !== 0) error = startErrors.trim() || `the sandbox ended with ${exitCode}`
    } catch (thrown) {
      error = thrown instanceof NetdojoError ? thrown.toText() : String(thrown)
    }
    if (this.#isClosed) return
    await this.#stream?.ended().catch(() => {})
    for (const terminal of this.#terminals.keys())
      this.#options.send({ type: 'terminal-ended', terminal, code: null })
    this.#terminals.clear()
    this.#show('ended', { type: 'ended', error })
  }

  #handle(received: FromInside): void {
    const { send, keep } = this.#options
    switch (received.type) {
      case 'begins':
        return this.#begin(received)
      case 'event':
        if (received.event.type === 'journey') this.#journeys += 1
        return this.#stream?.event(received.event)
      case 'add':
        return this.#stream?.add(received.moment)
      case 'states':
        return this.#read(received)
      case 'pools':
        return this.#stream?.pools(received.pools)
      case 'journey':
        this.#journeys += 1
        return this.#stream?.journey(received, received.check)
      case 'progress':
      case 'score':
      case 'save':
        return keep(received)
      case 'tried-without':
        return void this.#reply(received)
      case 'turn':
      case 'goal':
      case 'building':
        return void this.#later(() => this.#show(received.type, received))
      case 'notice':
        // A world can fail before its page is there.
        return this.#show('notice', received)
      case 'reply':
      case 'failed':
        // The moments that belong to it come first.
        return void this.#later(() => send(this.#numbered(received)))
      case 'terminal-data':
        return this.#output(received)
      case 'terminal-ended':
        this.#terminals.delete(received.terminal)
        return send(received)
      default:
        return send(received)
    }
  }

  #begin({ subject, hasOutside }: Extract<FromInside, { readonly type: 'begins' }>): void {
    const emit = (moment: Moment) => {
      const { send } = this.#options
      send({ type: 'moment', moment })
      const forgotten = this.#history.add(moment)
      if (!forgotten) return
      this.#stream?.forget(forgotten.parts)
      send(forgotten)
    }
    emit({ at: 0, kind: 'begins', version: momentsVersion, subject })
    this.#stream = new MomentStream({ emit, layOut: pictureOf, hasOutside })
  }

  /** States of nodes that have not changed stay the same objects. */
  #read({ names, states, unread, after }: Extract<FromInside, { readonly type: 'states' }>): void {
    for (const state of states) this.#states.set(state.name, state)
    for (const name of this.#states.keys()) if (!names.includes(name)) this.#states.delete(name)
    if (after === null) {
      const changed = [...(this.#now?.names ?? []), ...states.map(({ name }) => name)]
      this.#now = { names: new Set(changed), unread }
      return void this.#later(() => this.#options.send({ type: 'now', states, unread }))
    }
    this.#now = undefined
    const nodes = names.flatMap((name) => this.#states.get(name) ?? [])
    const state: Snapshot = { version: snapshotVersion, nodes, unread }
    this.#stream?.state(state, after)
  }

  async #reply({
    id,
    missed,
    followed,
    error,
  }: Extract<FromInside, { readonly type: 'tried-without' }>) {
    const { send } = this.#options
    try {
      const { lessonTopology } = await import('../../workshop/pictures.ts')
      const whole = followed && {
        ...followed,
        picture: await pictureOf(lessonTopology(followed.state, true)),
      }
      send({ type: 'reply', id, answer: { kind: 'without', missed, followed: whole, error } })
    } catch (thrown) {
      send({ type: 'failed', id, error: String(thrown) })
    }
  }

  /** The server alone counts the journeys. */
  #numbered(received: Reply | Failed): Reply | Failed {
    if (received.type === 'failed' || received.answer.kind !== 'follow') return received
    return { ...received, answer: { kind: 'follow', journey: this.#journeys } }
  }

  #output(received: Extract<FromInside, { readonly type: 'terminal-data' }>): void {
    const { terminal, data } = received
    const known = this.#terminals.get(terminal)
    if (!known) return
    known.waiting += data.length
    known.output = (known.output + data).slice(-mostOutput)
    this.#options.send(received)
  }

  /** After all moments so far. */
  async #later(act: () => void): Promise<void> {
    await this.#stream?.ended().catch(() => {})
    act()
  }

  #show(kind: Lasting, shown: ToPage): void {
    const text = JSON.stringify(shown)
    this.#last.set(kind, text)
    this.#options.send(text)
  }

  #sendLast(kind: Lasting): void {
    const text = this.#last.get(kind)
    if (text !== undefined) this.#options.send(text)
  }
}

/** The native part of a pty ends the sandbox by a segmentation fault if it gets anything but text. @throws Error */
function requireFields(message: TerminalInput): void {
  const texts: unknown[] = [message.terminal]
  if (message.type === 'terminal-open') texts.push(message.node)
  if (message.type === 'terminal-data') texts.push(message.data)
  if (texts.some((text) => typeof text !== 'string'))
    throw new Error('the terminal, its node and what is typed must be texts')
  if (message.type === 'terminal-ack' && !(message.characters >= 0))
    throw new Error('the number of characters must not be negative')
}

function isOfTerminal(message: ToInside): message is TerminalInput {
  return message.type.startsWith('terminal-')
}
