// Lets the learner do one group of commands in a shell, until the goal is reached or the workshop runs the commands.
import { namespaceTarget } from '../exec/target.ts'
import { findNodes } from '../observe/nodes.ts'
import { takeSnapshot } from '../observe/snapshot/take.ts'
import { listed } from '../scenario/render/picture.ts'
import type { Menu } from './ask/asker.ts'
import type { LabCommand } from '../scenario/node.ts'
import { goalLines, hintLines, judge, promptWords, shellText } from './by-hand.ts'
import type { Dialogue, GuideOptions } from './dialogue.ts'
import type { Missing } from './goal/goal.ts'
import type { Task } from './outline.ts'
import { missingLines } from './page.ts'
import { lessonTopology } from './pictures.ts'
import { watchedShell } from './watched-shell.ts'

export class HandWork {
  readonly #options: GuideOptions
  readonly #dialogue: Dialogue
  readonly #task: Task

  constructor(options: GuideOptions, dialogue: Dialogue, task: Task) {
    this.#options = options
    this.#dialogue = dialogue
    this.#task = task
  }

  /**
   * @param held the commands, in case the learner lets the workshop run them.
   * @param asked whether the learner has asked for the shell, which then opens at once.
   */
  async untilDone(held: readonly LabCommand[], asked: boolean): Promise<void> {
    const { page, scenario, translate, emit } = this.#options
    this.#dialogue.hint = async () => page.output(await this.#hint(), 1)
    page.goal(goalLines(this.#task, translate))
    let missing: readonly Missing[] | null = null
    for (;;) {
      const isFirst = missing === null
      const answer = asked && isFirst ? 'open' : await this.#dialogue.ask(this.#menu(isFirst))
      if (answer === 'run') {
        for (const { run } of held) await run()
        missing = await this.#look()
        if (missing.length === 0) return page.good(translate('The workshop ran the commands.'))
        page.missing(missing)
        page.prose(
          translate(
            'The commands did not reach the goal: something else in the network prevents it. Press o to start this step again.',
          ),
        )
        continue
      }
      await this.#openShell(held)
      missing = await this.#look()
      if (missing.length === 0) {
        page.good(translate('The goal is reached.'))
        return emit({ kind: 'by-hand', scenario, step: this.#dialogue.step })
      }
      page.missing(missing)
    }
  }

  #menu(isFirst: boolean): Menu {
    const { translate } = this.#options
    const open = translate(isFirst ? 'open the shell' : 'back to the shell')
    return {
      question: translate(isFirst ? 'Do this in a shell.' : 'The goal is not reached yet.'),
      options: [
        { value: 'open', key: 'enter', label: open },
        { value: 'run', key: 'r', label: translate('let the workshop run the commands') },
      ],
      tools: [{ value: 'hint', key: 'h', label: translate('hint') }],
    }
  }

  #look(): Promise<readonly Missing[]> {
    return judge(this.#task, this.#options.state)
  }

  /** Opens the shell on the node of the first command, if that node exists already. */
  async #openShell([first]: readonly LabCommand[]): Promise<void> {
    const { asker, page, translate } = this.#options
    const names = this.#task.after.nodes.map(({ name }) => name)
    const there = findNodes().map(({ name }) => name)
    const node = there.find((name) => name === first?.node) ?? 'host'
    const nodes = listed(
      names.filter((name) => name !== node),
      translate,
    )
    page.prose(
      translate(
        'Commands that help you: goal (what is left to do), hint, picture. To come back: exit or Ctrl-D.',
      ),
    )
    page.prose(
      translate('You are root on {node}. To enter another node: on NAME ({nodes}).', {
        node,
        nodes,
      }),
    )
    const commands = {
      goal: () => this.#left(),
      hint: () => this.#hint(),
      picture: () => this.#picture(),
    }
    const prompt = promptWords(() => this.#look(), translate, page.width)
    const enter = node === 'host' ? [] : namespaceTarget(node).enter
    this.#dialogue.isTouched = true
    await watchedShell({ prompt, commands }, { enter, typed: asker.shellInput() })
  }

  async #left(): Promise<string> {
    const { translate } = this.#options
    const missing = await this.#look()
    if (missing.length === 0) return this.#shellText([translate('The goal is reached.')])
    return this.#shellText(missingLines(missing, translate))
  }

  #shellText(lines: readonly string[]): string {
    return shellText(lines, this.#options.page.width)
  }

  async #hint(): Promise<string> {
    const { scenario, translate, emit } = this.#options
    emit({ kind: 'hint', scenario })
    const lines = hintLines(await this.#look(), this.#task.commands, translate)
    return this.#shellText(lines)
  }

  async #picture(): Promise<string> {
    const { draw, hasOutside, page, translate } = this.#options
    const topology = lessonTopology(await takeSnapshot(), hasOutside)
    const picture = draw && (await draw(topology))
    if (picture !== null && page.fits(picture)) return picture
    const { describe } = await import('./describe.ts')
    return this.#shellText(describe(topology, translate))
  }
}
