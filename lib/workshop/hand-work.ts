// Lets the learner do one group of commands in a shell, until the goal is reached or the workshop runs the commands.
import { namespaceTarget } from '../exec/target.ts'
import { findNodes } from '../observe/nodes.ts'
import { takeSnapshot } from '../observe/snapshot/take.ts'
import { topologyOf } from '../observe/topology/topology.ts'
import type { Menu } from './ask/asker.ts'
import type { AskedCheck } from '../scenario/guide.ts'
import type { LabCommand } from '../scenario/node.ts'
import { goalLines, judge, promptWords, shellText, type Judged } from './by-hand.ts'
import type { Dialogue, GuideOptions } from './dialogue.ts'
import type { Task } from './outline.ts'
import { missingLines } from './page.ts'
import { watchedShell } from './watched-shell.ts'

export class HandWork {
  readonly #options: GuideOptions
  readonly #dialogue: Dialogue
  readonly #task: Task
  readonly #check: AskedCheck | null
  #hints = 0

  /** @param check the next check, or null. */
  constructor(
    options: GuideOptions,
    dialogue: Dialogue,
    { task, check }: { readonly task: Task; readonly check: AskedCheck | null },
  ) {
    this.#options = options
    this.#dialogue = dialogue
    this.#task = task
    this.#check = check
  }

  /**
   * @param held the commands, in case the learner lets the workshop run them.
   * @param asked whether the learner has asked for the shell, which then opens at once.
   */
  async untilDone(held: readonly LabCommand[], asked: boolean): Promise<void> {
    const { page, scenario, translate, emit } = this.#options
    this.#dialogue.hint = () => page.output(this.#nextHint(), 3)
    page.goal(goalLines(this.#task, translate))
    let judged: Judged | null = null
    for (;;) {
      const isFirst = judged === null
      const answer = asked && isFirst ? 'open' : await this.#dialogue.ask(this.#menu(judged))
      if (answer === 'run') {
        for (const { run } of held) await run()
        judged = await this.#look()
        if (judged.state !== 'not-yet')
          return page.good(translate('The workshop ran the commands.'))
        page.missing(judged.missing)
        page.prose(
          translate(
            'The commands did not reach the goal: something else in the network prevents it. Press o to start this step again.',
          ),
        )
        continue
      }
      if (answer === 'open') {
        await this.#openShell(held)
        judged = await this.#look()
      }
      if (answer === 'done' || judged?.state === 'reached') {
        if (answer === 'open') page.good(translate('The goal is reached.'))
        return emit({ kind: 'by-hand', scenario, step: this.#dialogue.step })
      }
      if (judged?.state === 'unknown')
        page.prose(translate('Only the next check shows whether you have done it.'))
      page.missing(judged?.missing ?? [])
    }
  }

  #menu(judged: Judged | null): Menu {
    const { translate } = this.#options
    const open = judged === null ? translate('open the shell') : translate('back to the shell')
    const isUnknown = judged?.state === 'unknown'
    return {
      question:
        judged === null
          ? translate('Do this in a shell.')
          : isUnknown
            ? translate('Have you done it?')
            : translate('The goal is not reached yet.'),
      options: [
        { value: 'open', key: 'enter', label: open },
        { value: 'run', key: 'r', label: translate('let the workshop run the commands') },
        ...(isUnknown ? [{ value: 'done', key: 'g', label: translate('yes: go on') }] : []),
      ],
      tools: [{ value: 'hint', key: 'h', label: translate('hint') }],
    }
  }

  #look(): Promise<Judged> {
    return judge(this.#task, this.#check)
  }

  /** Opens the shell on the node of the first command, if that node exists already. */
  async #openShell([first]: readonly LabCommand[]): Promise<void> {
    const { asker, page, translate } = this.#options
    const names = this.#task.after.nodes.map(({ name }) => name)
    const there = findNodes().map(({ name }) => name)
    const node = there.find((name) => name === first?.node) ?? 'host'
    const nodes = names.filter((name) => name !== node).join(', ')
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
      hint: async () => this.#nextHint(),
      picture: () => this.#picture(),
    }
    const prompt = promptWords(() => this.#look(), translate)
    const enter = node === 'host' ? [] : namespaceTarget(node).enter
    await watchedShell({ prompt, commands }, { enter, typed: asker.shellInput() })
  }

  async #left(): Promise<string> {
    const { translate } = this.#options
    const { state, missing } = await this.#look()
    if (state === 'reached') return shellText([translate('The goal is reached.')])
    return shellText(
      state === 'unknown' ? goalLines(this.#task, translate) : missingLines(missing, translate),
    )
  }

  /** Shows one more command each time. */
  #nextHint(): string {
    const { scenario, emit } = this.#options
    const { commands } = this.#task
    emit({ kind: 'hint', scenario })
    this.#hints = Math.min(this.#hints + 1, commands.length)
    const shown = commands.slice(0, this.#hints)
    return shown.map(({ node, line }) => `  ${node}$ ${line}\n`).join('')
  }

  async #picture(): Promise<string> {
    const { draw, translate } = this.#options
    const topology = topologyOf(await takeSnapshot())
    if (draw) return draw(topology)
    const { describe } = await import('./describe.ts')
    return shellText(describe(topology, translate))
  }
}
