// Asks in whole lines, for a screen reader and for terminals that can do nothing else: numbered options, and no escape sequence.
import type { Translate } from '../../language/translate.ts'
import { hanging } from '../../language/wrap.ts'
import { GoneAway, type Asker, type Choice, type Menu } from './asker.ts'
import { lineReader } from './line.ts'

export function plainAsker(write: (text: string) => void, translate: Translate): Asker {
  const readLine = lineReader()
  const say = (text: string, indent = 0) =>
    write(`${hanging(text, indent, indent + 3).join('\n')}\n`)
  return {
    ask: async (menu) => {
      say(menu.question)
      menu.options.forEach(({ label }, index) => say(`${index + 1}. ${label}`, 2))
      if (menu.tools.length > 0)
        say(
          translate('Also: {tools}.', {
            tools: menu.tools.map(({ key, label }) => `${key} (${label})`).join(', '),
          }),
          2,
        )
      for (;;) {
        write(`${translate('Your choice (a number or a letter):')} `)
        const line = await readLine()
        // Nobody's Enter has ended the line.
        if (!process.stdin.isTTY) write('\n')
        if (line === null) throw new GoneAway()
        const choice = chosen(menu, line.trim())
        if (choice) return choice.value
        say(translate("'{answer}' is not one of the choices.", { answer: line.trim() }))
      }
    },
    shellInput: () => undefined,
  }
}

/** An empty line is the first option, where Enter is its key. */
function chosen({ options, tools }: Menu, word: string): Choice | undefined {
  if (word === '') return options.find(({ key }) => key === 'enter')
  const number = /^\d+$/.test(word) ? Number(word) : 0
  return (
    options[number - 1] ??
    [...options, ...tools].find(({ key, value }) => word === key || word === value)
  )
}
