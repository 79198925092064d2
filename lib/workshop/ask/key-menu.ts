// Draws the prompt of a menu with @inquirer/core. After the choice, one line stays on the screen and the options are cleared.
import { createPrompt, isEnterKey, useKeypress, useState, type KeypressEvent } from '@inquirer/core'
import type { ChalkInstance } from 'chalk'
import { flow } from '../../language/wrap.ts'
import type { Choice, Menu } from './asker.ts'

export const keyMenu = createPrompt<string, Menu & { readonly chalk: ChalkInstance }>(
  (menu, done) => {
    const [chosen, choose] = useState<Choice | null>(null)
    const { chalk, question, options, tools } = menu
    useKeypress((key) => {
      const choice = [...options, ...tools].find((each) => isKeyOf(each, key))
      if (!choice) return
      choose(choice)
      done(choice.value)
    })
    if (chosen) return `${chalk.bold(question)} ${chalk.cyan(chosen.label)}`
    const shown = ({ key, label }: Choice) => `${chalk.cyan(nameOf(key))} ${label}`
    return [
      chalk.bold(question),
      ...options.map((choice) => `  ${shown(choice)}`),
      ...flow(tools.map(shown), 2),
    ].join('\n')
  },
)

function isKeyOf({ key }: Choice, event: KeypressEvent & { sequence?: string }): boolean {
  if (key === 'enter') return isEnterKey(event)
  return !event.ctrl && (event.name === key || event.sequence === key)
}

function nameOf(key: string): string {
  return key === 'enter' ? 'Enter' : key
}
