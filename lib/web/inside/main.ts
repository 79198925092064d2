// Runs one world of the page as the first process of a sandbox: it speaks with the server over a channel, and everything ends with it.
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { NetdojoError } from '../../errors.ts'
import { run } from '../../exec/run.ts'
import { shellQuote } from '../../exec/shell-quote.ts'
import type { BrokenNetwork } from '../../fix/broken.ts'
import { nodesOf, typeOn } from '../../fix/world.ts'
import { message } from '../../language/message.ts'
import type { Snapshot } from '../../observe/snapshot/snapshot.ts'
import { takeSnapshot } from '../../observe/snapshot/take.ts'
import { enterQuietly } from '../../sandbox/enter.ts'
import type { Inside } from '../../sandbox/backend.ts'
import { followed } from '../../scenario/followed.ts'
import type { Probe } from '../../scenario/probe.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { lookAhead } from '../../workshop/look-ahead.ts'
import { Outline, type OutlineLine } from '../../workshop/outline.ts'
import { brokenTexts } from '../broken-texts.ts'
import { Channel } from '../channel.ts'
import type { Ask, Question } from '../protocol.ts'
import { Fix } from './fix.ts'
import { followCommand, type FollowedLine } from './follow.ts'
import { Lesson } from './lesson.ts'
import type { FromInside, ToInside, WebRequest, WorldRequest } from './messages.ts'
import { Network } from './network.ts'
import { Terminals, type TypedLine } from './terminals.ts'
import type { Without, WithoutRequest } from './without.ts'

/** What the world is made of; the catalogues belong to the programs. */
export type Catalogue = {
  readonly scenario: (name: string) => Promise<Scenario>
  /** The lesson after this one. */
  readonly nextScenario: (name: string) => string | null
  readonly broken: (name: string) => Promise<BrokenNetwork>
  readonly numberOf: (broken: BrokenNetwork) => number
  /** The command that lists a lesson's commands with the networks after them, one by one. */
  readonly outline: (lesson: Extract<WorldRequest, { readonly kind: 'lesson' }>) => Inside
  readonly without: (request: WithoutRequest) => Inside
}

const descriptor = 4

/** In seconds: a command that is followed is interrupted then. */
const longest = 20

export async function runWorld(request: WebRequest, catalogue: Catalogue): Promise<number> {
  const inside = new InsideWorld(new Socket({ fd: descriptor }), request.world, catalogue)
  try {
    await inside.begin()
  } catch (error) {
    inside.fail(error)
  }
  await inside.ended
  return 0
}

class InsideWorld {
  readonly #channel: Channel<ToInside, FromInside>
  readonly #request: WorldRequest
  readonly #catalogue: Catalogue
  readonly #network: Network
  readonly #terminals: Terminals
  #lesson: Lesson | undefined
  #fix: Fix | undefined
  /** A free world before anything was done in it. */
  #fresh: Snapshot | undefined
  /** Fulfilled when the server is gone. */
  readonly ended: Promise<void>

  constructor(stream: Duplex, request: WorldRequest, catalogue: Catalogue) {
    this.#request = request
    this.#catalogue = catalogue
    this.#channel = new Channel<ToInside, FromInside>(stream, (received) => {
      try {
        this.#receive(received)
      } catch (error) {
        // A message with a field that is wrong does not end the world.
        this.fail(error)
      }
    })
    this.ended = new Promise((resolve) => this.#channel.onClosed(resolve))
    const send = (sent: FromInside) => void this.#channel.send(sent)
    this.#network = new Network({ send, onState: () => this.#lesson?.onState() })
    this.#terminals = new Terminals({
      send,
      onTyped: (typed) => void this.#typed(typed),
    })
  }

  async begin(): Promise<void> {
    const request = this.#request
    switch (request.kind) {
      case 'lesson':
        return this.#beginLesson(request)
      case 'fix':
        return this.#beginFix(request.name)
      case 'free':
        return this.#beginFree(request.script)
    }
  }

  /** The world stays open, so that what was shown can be read. */
  fail(error: unknown): void {
    const text = error instanceof NetdojoError ? error.toText() : String(error)
    this.#channel.send({ type: 'notice', text })
  }

  async #beginLesson(request: Extract<WorldRequest, { readonly kind: 'lesson' }>): Promise<void> {
    const { name, from, dialect } = request
    const scenario = await this.#catalogue.scenario(name)
    const hasOutside = scenario.topology.includes('outside')
    this.#channel.send({ type: 'begins', subject: { kind: 'scenario', name }, hasOutside })
    if (from > 1) this.#doing('The earlier steps are rebuilt first.')
    const ahead = await lookAhead(scenario, from, dialect)
    await ahead.begun.ended
    await this.#network.begin()
    const lesson = new Lesson({
      scenario,
      dialect,
      from,
      ahead,
      outline: new Outline(ahead.listed, (add) => this.#runAhead(request, add)),
      network: this.#network,
      send: (sent) => void this.#channel.send(sent),
      next: this.#catalogue.nextScenario(name),
    })
    this.#lesson = lesson
    await lesson.play()
  }

  async #beginFix(name: string): Promise<void> {
    const broken = await this.#catalogue.broken(name)
    const nodes = nodesOf()
    const seed = 0
    const texts = brokenTexts(broken, this.#catalogue.numberOf(broken), nodes, seed)
    const subject = { kind: 'broken', ...texts } as const
    this.#channel.send({ type: 'begins', subject, hasOutside: true })
    this.#doing('Building the broken network …')
    const send = (sent: FromInside) => void this.#channel.send(sent)
    const fix = new Fix({ broken, nodes, network: this.#network, send })
    await fix.build()
    await this.#network.begin()
    this.#fix = fix
    await fix.begin()
  }

  async #beginFree(script: string | null): Promise<void> {
    this.#channel.send({ type: 'begins', subject: { kind: 'free' }, hasOutside: true })
    this.#fresh = await takeSnapshot()
    if (script !== null) {
      this.#doing('Building the saved world …')
      const built = await run('bash', ['--norc', '-c', script], { input: '', allowFailure: true })
      if (built.exitCode !== 0)
        this.#channel.send({ type: 'notice', text: built.stderr || built.stdout })
    }
    await this.#network.begin()
    this.#channel.send({ type: 'turn', kind: 'free' })
  }

  async #typed(typed: TypedLine): Promise<void> {
    // The line may have started a server, of which the kernel tells nothing.
    this.#network.lookAround()
    if (this.#lesson) return this.#lesson.onTyped(typed)
    await this.#network.look()
    const { node, line } = typed
    const moment = { kind: 'typed', node, line, commands: [], isOtherWay: false } as const
    this.#channel.send({ type: 'add', moment })
  }

  #doing(text: string): void {
    this.#channel.send({ type: 'building', doing: message(text) })
  }

  #receive(received: ToInside): void {
    switch (received.type) {
      case 'ask':
        return void this.#ask(received)
      case 'visible':
        return this.#network.setVisible(received.visible)
      case 'terminal-open':
      case 'terminal-data':
      case 'terminal-ack':
      case 'terminal-resize':
      case 'terminal-close':
        return this.#terminals.receive(received)
      case 'symptom':
      case 'diagnose':
      case 'judge':
      case 'fix-hint':
      case 'solution':
        return void this.#fix?.receive(received)
      default:
        return this.#lesson?.receive(received)
    }
  }

  async #ask({ id, about }: Ask): Promise<void> {
    try {
      await this.#answer(id, about)
    } catch (error) {
      const text = error instanceof NetdojoError ? error.toText() : String(error)
      this.#channel.send({ type: 'failed', id, error: text })
    }
  }

  async #answer(id: number, about: Question): Promise<void> {
    switch (about.kind) {
      case 'follow': {
        const { node, line } = about
        const labNode = node === 'host' ? nodesOf().host : nodesOf().namespace(node)
        // Nobody can press Ctrl-C: a ping without -c would never end.
        const ask = () =>
          typeOn(
            labNode,
            `timeout --preserve-status -s INT -k 2 ${longest} bash -c ${shellQuote(line)}`,
          )
        return this.#journey(id, node, line, null, () => followCommand(node, line, ask))
      }
      case 'follow-check': {
        const probe = this.#probeOf(about.check)
        if (!probe) throw new Error(`the packets of check ${about.check} cannot be followed`)
        const { node, line } = probe.during ?? probe
        return this.#journey(id, node.name, line, about.check, () => followed(probe))
      }
      case 'why': {
        const { missed } = await this.#without(about.command, null)
        this.#channel.send({ type: 'add', moment: missed })
        this.#channel.send({ type: 'reply', id, answer: { kind: 'done' } })
        return
      }
      case 'without': {
        const tried = await this.#without(about.command, about.check)
        this.#channel.send({ type: 'tried-without', id, ...tried })
        return
      }
      case 'save': {
        if (!this.#fresh) throw new Error('only a free world can be saved')
        const { worldScript } = await import('../world-script.ts')
        const script = await worldScript(this.#fresh)
        this.#channel.send({ type: 'save', id, name: about.name, script })
        return
      }
      default:
        throw new Error(`the world cannot answer '${about.kind}'`)
    }
  }

  #probeOf(check: number): Probe | undefined {
    return this.#lesson?.probeOf(check) ?? this.#fix?.probeOf(check)
  }

  async #journey(
    id: number,
    node: string,
    line: string,
    check: number | null,
    follow: () => Promise<FollowedLine>,
  ): Promise<void> {
    const { journey, error } = await this.#network.during(follow)
    if (!journey) throw new Error(error ?? 'no packet was seen')
    this.#channel.send({ type: 'journey', node, line, check, journey, error })
    await this.#network.look()
    this.#channel.send({ type: 'reply', id, answer: { kind: 'follow', journey: 0 } })
  }

  async #without(command: number, check: number | null): Promise<Without> {
    const request = this.#request
    if (request.kind !== 'lesson') throw new Error('only a lesson has commands to leave out')
    const { name: scenario, dialect } = request
    const { askWithout, leastPatience: patience } = await import('./without.ts')
    const asked = { scenario, dialect, command, check, patience, stopAtFailure: false }
    return askWithout(this.#catalogue.without({ kind: 'web-without', ...asked }), command)
  }

  /** Plays the lesson ahead in a sandbox within this one, where nothing else sees it. @returns the error, or null. */
  async #runAhead(
    request: Extract<WorldRequest, { readonly kind: 'lesson' }>,
    add: (line: OutlineLine) => void,
  ): Promise<string | null> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by inside.ts
    const read = (line: string) => add(JSON.parse(line) as OutlineLine)
    try {
      await enterQuietly(this.#catalogue.outline(request), read)
      return null
    } catch (error) {
      return error instanceof NetdojoError ? error.toText() : String(error)
    }
  }
}
