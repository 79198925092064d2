// Asks the learner of a broken network: by single keys or by lines at a terminal, as the workshop does, or from a script.
import type { TextPage } from '../../../scenario/render/text-page.ts'
import { GoneAway, type Menu } from '../../../workshop/ask/asker.ts'
import { watchedShell, type Words } from '../../../workshop/watched-shell.ts'
import type { Terminal } from '../../shared/terminal.ts'

export type Person = {
  /** @returns the value of a choice, or what a script says instead; undefined when no answer comes any more. */
  readonly ask: (menu: Menu) => Promise<string | undefined>
  /** A script has no shell. */
  readonly shell: ((words: Words) => Promise<unknown>) | undefined
}

/** Asks by single keys, or in whole lines for screen readers, as the workshop does. */
export async function atTerminal({ write }: Terminal, page: TextPage): Promise<Person> {
  const { chalk, translate, plain } = page
  const asker = plain
    ? (await import('../../../workshop/ask/plain.ts')).plainAsker(write, translate)
    : (await import('../../../workshop/ask/keys.ts')).keyAsker(chalk, translate)
  return {
    ask: async (menu) => {
      try {
        return await asker.ask(menu)
      } catch (error) {
        if (error instanceof GoneAway) return undefined
        throw error
      }
    },
    shell: (words) => watchedShell(words, { enter: [], typed: undefined }),
  }
}

/** The choices in the order in which older versions numbered them: their scripts still say the numbers. */
const numbered = ['shell', 'check', 'cause', 'hint', 'solution', 'leave']

export function script(lines: readonly string[], write: (text: string) => void): Person {
  const left = lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  return {
    ask: async ({ question, options, tools }) => {
      const all = [...options, ...tools]
      write(`${question}\n`)
      for (const { value, label } of all) write(`  ${value}: ${label}\n`)
      const answer = left.shift()
      write(`> ${answer ?? ''}\n`)
      if (answer === undefined || answer.startsWith('$')) return answer
      const word = answer.toLowerCase()
      const choice =
        all.find(({ value, key }) => value === word || key === word) ??
        all.find(({ value }) => value === numbered[Number(word) - 1]) ??
        all.find(({ value }) => value.startsWith(word))
      return choice?.value ?? answer
    },
    shell: undefined,
  }
}
