// Asks the learner, with the tools that every menu has: they only show something, and then it is asked again. To leave ends the scenario.
import type { Outline } from './outline.ts'
import type { Update } from './progress.ts'
import type { Begun } from './rebuild.ts'
import type { Snapshot } from '../observe/snapshot/snapshot.ts'
import { takeSnapshot } from '../observe/snapshot/take.ts'
import { Stopped } from '../scenario/play.ts'
import type { Probe } from '../scenario/probe.ts'
import { GoneAway, type Menu } from './ask/asker.ts'
import {
  hasPackets,
  openNodeShell,
  showChanges,
  showJourney,
  showPicture,
  toolChoices,
  type Looking,
} from './tools.ts'

/** What one way through a scenario is made of. */
export type GuideOptions = Looking & {
  readonly scenario: string
  /** The first step that is gone through; those before are only rebuilt. */
  readonly from: number
  /** Whether every group is done by hand, without being asked. */
  readonly byHand: boolean
  /** What of the steps before is under way. */
  readonly begun: Begun
  readonly outline: Outline
  readonly emit: (update: Update) => void
}

/** How it was left before the scenario's own end. */
export type Left = { readonly to: 'leave' } | { readonly to: 'step'; readonly step: number }

export class Dialogue {
  readonly #looking: Looking
  /** The step that it is in, and the network when that began. */
  step = 0
  atStep: Snapshot | null = null
  /** The last question: its packets can be followed. */
  asked: Probe | null = null
  /** Where the step is at work: a shell is opened there, unless another node is chosen. */
  node = 'host'
  /** What a hint shows at the moment. */
  hint: () => void | Promise<void> = () => {}
  /** Whether the learner was in a shell in which anything could be done. */
  shellWasOpen = false
  left: Left | null = null
  /** What ended it that is no matter of the network. */
  error: unknown = null

  constructor(looking: Looking) {
    this.#looking = looking
  }

  /** @returns the answer that is one of the menu's own options. @throws Stopped */
  async ask(menu: Menu): Promise<string> {
    for (;;) {
      const tools = [
        ...menu.tools,
        ...toolChoices(this.#looking.translate, this.#canFollow() !== null),
      ]
      const answer = await this.#unlessGone(() => this.#looking.asker.ask({ ...menu, tools }))
      if (answer === null) return this.#leave({ to: 'leave' })
      if (menu.options.some(({ value }) => value === answer)) return answer
      await this.#use(answer)
    }
  }

  async #use(tool: string): Promise<void> {
    switch (tool) {
      case 'picture':
        return showPicture(this.#looking, await takeSnapshot())
      case 'changes':
        return this.atStep ? showChanges(this.#looking, this.atStep) : undefined
      case 'journey': {
        const probe = this.#canFollow()
        return probe ? showJourney(this.#looking, probe) : undefined
      }
      case 'hint':
        return this.hint()
      case 'node':
        this.shellWasOpen = true
        await this.#unlessGone(() => openNodeShell(this.#looking, this.node))
        return
      case 'over':
        return this.#leave({ to: 'step', step: this.step })
      case 'leave':
        return this.#leave({ to: 'leave' })
    }
  }

  /** @returns null when nobody answers. */
  async #unlessGone<Answer>(body: () => Promise<Answer>): Promise<Answer | null> {
    try {
      return await body()
    } catch (error) {
      if (error instanceof GoneAway) return null
      this.error = error
      throw new Stopped()
    }
  }

  #canFollow(): Probe | null {
    return this.asked && hasPackets(this.asked) ? this.asked : null
  }

  #leave(left: Left): never {
    this.left = left
    throw new Stopped()
  }
}
