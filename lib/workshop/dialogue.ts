// Asks the learner. Every menu also has tools, which only show something: afterwards, the question is asked again.
import type { Dialect } from '../scenario/events.ts'
import type { Outline } from './outline.ts'
import type { Update } from './progress.ts'
import type { Begun } from './rebuild.ts'
import type { Snapshot } from '../observe/snapshot/snapshot.ts'
import { takeSnapshot } from '../observe/snapshot/take.ts'
import { Stopped } from '../scenario/play.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { Probe } from '../scenario/probe.ts'
import { GoneAway, type Menu } from './ask/asker.ts'
import {
  hasPackets,
  openNodeShell,
  showChanges,
  showGlossary,
  showJourney,
  toolChoices,
} from './tools.ts'
import { showPicture, type Looking } from './pictures.ts'

/** What one way through a scenario is made of. */
export type GuideOptions = Looking & {
  readonly scenario: string
  readonly state: NonNullable<Scenario['state']>
  readonly dialect: Dialect
  /** The first step for the learner; earlier steps are rebuilt. */
  readonly from: number
  /** Whether the learner types all commands. */
  readonly byHand: boolean
  /** The earlier steps that are already being rebuilt. */
  readonly begun: Begun
  readonly outline: Outline
  readonly emit: (update: Update) => void
}

/** How the learner left the scenario before its end. */
export type Left = { readonly to: 'leave' } | { readonly to: 'step'; readonly step: number }

export class Dialogue {
  readonly #looking: Looking
  /** The current step, and the network at its beginning. */
  step = 0
  /** What the learner has read in this step, for the glossary. */
  text = ''
  atStep: Snapshot | null = null
  /** The probe of the last question, whose packets can be followed. */
  asked: Probe | null = null
  /** The node of the current commands, which the tool `node` offers first. */
  node = 'host'
  /** Shows the hint for the current commands. */
  hint: () => void | Promise<void> = () => {}
  /** Whether the learner was in a shell since the network was last compared with the goal, and may have changed it. */
  isTouched = false
  /** Whether a verdict stands on the screen that no key has answered yet. */
  hasVerdict = false
  left: Left | null = null
  /** The error that ended the scenario, if it does not concern the network. */
  error: unknown = null

  constructor(looking: Looking) {
    this.#looking = looking
  }

  /** @returns the value of one of the menu's own options. @throws Stopped if the learner leaves */
  async ask(menu: Menu): Promise<string> {
    for (;;) {
      const tools = [
        ...menu.tools,
        ...toolChoices(this.#looking.translate, this.#canFollow() !== null),
      ]
      const answer = await this.#unlessGone(() => this.#looking.asker.ask({ ...menu, tools }))
      if (answer === null) return this.#leave({ to: 'leave' })
      this.hasVerdict = false
      if (menu.options.some(({ value }) => value === answer)) return answer
      await this.#use(answer)
    }
  }

  async #isSure(): Promise<boolean> {
    const { asker, translate } = this.#looking
    const question = translate(
      'Start step {step} again? Its network is built again: what you changed by hand is lost.',
      { step: this.step },
    )
    const options = [
      { value: 'no', key: 'enter', label: translate('no, go on here') },
      { value: 'yes', key: 'y', label: translate('yes, start again') },
    ]
    return (await this.#unlessGone(() => asker.ask({ question, options, tools: [] }))) === 'yes'
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
        this.isTouched = true
        await this.#unlessGone(() => openNodeShell(this.#looking, this.node))
        return
      case 'glossary':
        return showGlossary(this.#looking, this.text)
      case 'over':
        return (await this.#isSure()) ? this.#leave({ to: 'step', step: this.step }) : undefined
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
    const sender = this.asked?.during ?? this.asked
    return sender && hasPackets(sender) ? sender : null
  }

  #leave(left: Left): never {
    this.left = left
    throw new Stopped()
  }
}
