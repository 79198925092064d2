// Joins the page and the world: one page at a time, one world at a time, and the user's files, which the page never touches itself.
import { NetdojoError } from '../../errors.ts'
import { glossary, isIn } from '../../workshop/glossary.ts'

import { advance, nextStep, reset } from '../../workshop/progress.ts'
import { readProgress, updateProgress } from '../../workshop/progress-file.ts'
import { keepResult, readResults, resultsFile } from '../../fix/results.ts'
import type { Ask, Choose, FromPage, Home, Opened, ToPage } from '../protocol.ts'
import { protocolVersion } from '../protocol.ts'
import { smallTopology } from '../../observe/topology/topology.ts'
import { pictureOf } from '../record/picture.ts'
import type { ToInside, WorldRequest } from '../inside/messages.ts'
import { keepChoice, readChoices } from './choices.ts'
import type { PageConnection } from './serve.ts'
import { World, type Kept, type WorldOptions } from './world.ts'
import { forgetWorld, readWorld, savedWorlds, saveWorld } from './worlds.ts'

export type LabOptions = {
  readonly backend: string
  readonly start: WorldOptions['start']
  readonly lessons: () => Promise<readonly Omit<Home['lessons'][number], 'progress'>[]>
  readonly broken: () => Promise<readonly Omit<Home['broken'][number], 'score'>[]>
  /** What stands in the page at first. */
  readonly opened: Opened | null
  /** Called when the page has been gone for the grace time. */
  readonly onAbandoned: () => void
  /** In milliseconds. */
  readonly grace: number
}

/** When the browser has not taken so many bytes, the sandbox waits. */
const mostWaiting = 4 * 1024 * 1024

export class Lab {
  readonly #options: LabOptions
  #page: PageConnection | undefined
  #world: World | undefined
  #grace: NodeJS.Timeout | undefined
  #flow: NodeJS.Timeout | undefined

  constructor(options: LabOptions) {
    this.#options = options
    // The thread that draws starts with the first picture, which takes ten times as long as the second.
    void pictureOf(smallTopology).catch(() => {})
    if (options.opened) this.#open(options.opened)
  }

  /** A page that has sent the token. The page before it is told. */
  connect(page: PageConnection) {
    clearTimeout(this.#grace)
    this.#page?.send({ type: 'taken-over' })
    this.#page?.close()
    this.#page = page
    const { backend } = this.#options
    page.send({ type: 'welcome', version: protocolVersion, backend, choices: this.#choices() })
    this.#world?.replay()
    // Also after a reload in a world: a solved network offers the next one.
    void this.#sendHome()
    return {
      onMessage: (received: FromPage) => {
        if (this.#page !== page) return
        try {
          this.#receive(received)
        } catch (error) {
          // A message with a field that is wrong does not end the lab.
          this.#notice(error)
        }
      },
      onClosed: () => {
        if (this.#page !== page) return
        this.#page = undefined
        this.#resume()
        this.#grace = setTimeout(this.#options.onAbandoned, this.#options.grace)
      },
    }
  }

  close(): void {
    // The end of its connection starts no grace time.
    this.#page = undefined
    clearTimeout(this.#grace)
    clearInterval(this.#flow)
    this.#world?.close()
  }

  #send(sent: ToPage | string): void {
    const page = this.#page
    if (!page) return
    page.send(sent)
    if (page.waiting() <= mostWaiting || this.#flow) return
    this.#world?.pause()
    this.#flow = setInterval(() => {
      if ((this.#page?.waiting() ?? 0) <= mostWaiting) this.#resume()
    }, 20)
  }

  #resume(): void {
    clearInterval(this.#flow)
    this.#flow = undefined
    this.#world?.resume()
  }

  #receive(received: FromPage): void {
    switch (received.type) {
      case 'hello':
        return
      case 'choose':
        return this.#choose(received)
      case 'open':
        if (received.what) return this.#open(received.what)
        this.#world?.close()
        this.#world = undefined
        return void this.#sendHome()
      case 'ask':
        return void this.#ask(received)
      default:
        this.#world?.receive(received satisfies ToInside)
    }
  }

  #open(what: Opened): void {
    try {
      const { start } = this.#options
      // The world that is open stays if the next one cannot be opened.
      const request = requestOf(what)
      this.#world?.close()
      const world = new World({
        what,
        request,
        start,
        send: (sent) => {
          if (this.#world === world) this.#send(sent)
        },
        keep: (kept) => this.#keep(kept),
      })
      this.#world = world
      world.replay()
      world.begin()
    } catch (error) {
      this.#notice(error)
    }
  }

  async #sendHome(): Promise<void> {
    try {
      const [lessons, broken] = await Promise.all([this.#options.lessons(), this.#options.broken()])
      const progress = readProgress().scenarios
      const results = readResults(resultsFile())
      this.#send({
        type: 'home',
        lessons: lessons.map((each) =>
          Object.assign({}, each, { progress: progress[each.name] ?? null }),
        ),
        broken: broken.map((each) =>
          Object.assign({}, each, { score: results[each.name] ?? null }),
        ),
        worlds: savedWorlds(),
      })
    } catch (error) {
      this.#notice(error)
    }
  }

  /** What concerns the user's files is answered here, and the rest in the sandbox. */
  async #ask(asked: Ask): Promise<void> {
    const { id, about } = asked
    try {
      switch (about.kind) {
        case 'glossary': {
          const found = glossary.filter((entry) => isIn(entry, about.text))
          const terms = (found.length > 0 ? found : glossary).map(({ term, meaning }) => ({
            term,
            meaning,
          }))
          return this.#send({ type: 'reply', id, answer: { kind: 'glossary', terms } })
        }
        case 'save': {
          const kept = savedWorlds().find(({ name }) => name === about.name)
          if (kept && about.replace !== true) {
            const { lines } = kept
            return this.#send({ type: 'reply', id, answer: { kind: 'world-exists', lines } })
          }
          return this.#askWorld(asked)
        }
        case 'forget-world':
          forgetWorld(about.name)
          break
        case 'forget-progress':
          updateProgress((progress) => reset(progress, about.lesson))
          break
        default:
          return this.#askWorld(asked)
      }
      this.#send({ type: 'reply', id, answer: { kind: 'done' } })
      await this.#sendHome()
    } catch (error) {
      this.#send({ type: 'failed', id, error: textOf(error) })
    }
  }

  #askWorld(asked: Ask): void {
    if (!this.#world) throw new Error('no world is open')
    this.#world.receive(asked)
  }

  #keep(kept: Kept): void {
    try {
      if (kept.type === 'progress') updateProgress((progress) => advance(progress, kept.update))
      if (kept.type === 'score') {
        keepResult(resultsFile(), kept.name, kept.score)
        // The page offers the next network that is not solved.
        void this.#sendHome()
      }
      if (kept.type !== 'save') return
      const { id, name, script } = kept
      try {
        const path = saveWorld(name, script)
        const lines = script.trimEnd().split('\n').length
        this.#send({ type: 'reply', id, answer: { kind: 'save', path, lines } })
        void this.#sendHome()
      } catch (error) {
        this.#send({ type: 'failed', id, error: textOf(error) })
      }
    } catch (error) {
      // A file that cannot be written does not end the lesson.
      this.#notice(error)
    }
  }

  #choices(): Readonly<Record<string, string>> {
    try {
      return readChoices()
    } catch (error) {
      this.#notice(error)
      return {}
    }
  }

  #choose({ name, value }: Choose): void {
    try {
      if (typeof name === 'string' && typeof value === 'string') keepChoice(name, value)
    } catch (error) {
      this.#notice(error)
    }
  }

  #notice(error: unknown): void {
    this.#send({ type: 'notice', text: textOf(error) })
  }
}

function requestOf(what: Opened): WorldRequest {
  if (what.kind === 'free')
    return { kind: 'free', script: what.world === null ? null : readWorld(what.world) }
  if (what.kind === 'fix') return what
  if (what.kind !== 'lesson') throw new Error('a world must be a lesson, a broken network or free')
  const own = readProgress().scenarios[what.name]
  return { ...what, from: what.from ?? (own ? nextStep(own) : 1) }
}

function textOf(error: unknown): string {
  if (error instanceof NetdojoError) return error.toText()
  return error instanceof Error ? error.message : String(error)
}
