// Asks in whole lines, for screen readers and simple terminals: numbered options, and no escape sequences.
import type { Translate } from '../../language/translate.ts'
import { listed } from '../../scenario/render/picture.ts'
import { hanging } from '../../language/wrap.ts'
import { GoneAway, type Asker, type Choice, type Menu } from './asker.ts'

export function plainAsker(write: (text: string) => void, translate: Translate): Asker {
  const readLine = lineReader()
  const print = (text: string, indent = 0) =>
    write(`${hanging(text, indent, indent + 3).join('\n')}\n`)
  return {
    ask: async (menu) => {
      print(menu.question)
      menu.options.forEach(({ label }, index) => print(`${index + 1}. ${label}`, 2))
      if (menu.tools.length > 0)
        print(
          translate('Also: {tools}.', {
            tools: listed(
              menu.tools.map(({ key, label }) => `${key} (${label})`),
              translate,
            ),
          }),
          2,
        )
      for (;;) {
        write(`${translate('Your choice (a number or a letter):')} `)
        const line = await readLine()
        // Piped input echoes no Enter.
        if (!process.stdin.isTTY) write('\n')
        if (line === null) throw new GoneAway()
        const choice = chosen(menu, line.trim())
        if (choice) return choice.value
        print(translate("'{answer}' is not one of the choices.", { answer: line.trim() }))
      }
    },
    shellInput: () => undefined,
  }
}

/** An empty line chooses the option whose key is Enter. */
function chosen({ options, tools }: Menu, word: string): Choice | undefined {
  if (word === '') return options.find(({ key }) => key === 'enter')
  const number = /^\d+$/.test(word) ? Number(word) : 0
  return (
    options[number - 1] ??
    [...options, ...tools].find(({ key, value }) => word === key || word === value)
  )
}

/**
 * Reads standard input one line at a time and takes no more of it: the rest is for the shell that comes next.
 * @returns a function that gives null at the end of the input.
 */
function lineReader(): () => Promise<string | null> {
  const { stdin } = process
  let ahead = ''
  return async () => {
    while (!ahead.includes('\n')) {
      const text = await next(stdin)
      if (text === null) {
        const last = ahead
        ahead = ''
        return last === '' ? null : last
      }
      ahead += text
    }
    const end = ahead.indexOf('\n')
    const line = ahead.slice(0, end)
    ahead = ahead.slice(end + 1)
    return line
  }
}

function next(stdin: NodeJS.ReadStream): Promise<string | null> {
  return new Promise((resolve) => {
    const settle = (text: string | null) => {
      stdin.pause().off('data', onData).off('end', onEnd)
      resolve(text)
    }
    const onData = (text: string | Buffer) => settle(String(text))
    const onEnd = () => settle(null)
    if (stdin.readableEnded) return resolve(null)
    stdin.once('data', onData).once('end', onEnd).resume()
  })
}
