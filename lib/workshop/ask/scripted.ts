// Answers from a script: each line has the word or the key of a choice; lines that begin with '$ ' are typed into the shell.
import { NetdojoError } from '../../errors.ts'
import { flow } from '../../language/wrap.ts'
import { GoneAway, type Asker, type Choice, type Menu } from './asker.ts'

export type Script = {
  readonly file: string
  readonly lines: readonly string[]
}

/**
 * @param at the index of the next line.
 * @param onLine is called with the new index after each line.
 */
export function scriptedAsker(
  { file, lines }: Script,
  at: number,
  write: (text: string) => void,
  onLine: (at: number) => void,
): Asker {
  let next = at
  const take = (): string | undefined => {
    while (next < lines.length && /^\s*(#|$)/.test(lines[next] ?? '')) next += 1
    const line = lines[next]
    if (line !== undefined) onLine((next += 1))
    return line?.trim()
  }
  return {
    ask: async ({ question, options, tools, isPause }) => {
      if (isPause && lines[next]?.trim() !== options[0]?.value) return options[0]?.value ?? ''
      const all = [...options, ...tools]
      write(`${question}\n`)
      const shown = ({ value, label }: Choice) => (value === label ? label : `${value}: ${label}`)
      for (const option of options) write(`  ${shown(option)}\n`)
      for (const line of flow(tools.map(shown), 2)) write(`${line}\n`)
      // A line with a question mark is skipped if its choice is not offered.
      let word = take()
      while (word?.startsWith('?') && !all.some(({ value }) => `?${value}` === word)) word = take()
      word = word?.replace(/^\?/, '')
      if (word === undefined) throw new GoneAway()
      const choice = all.find(({ value, key }) => word === value || word === key)
      if (!choice) throw noSuchAnswer(file, next, word, { question, options, tools })
      write(`> ${choice.value}\n`)
      return choice.value
    },
    shellInput: () => {
      const typed: string[] = []
      while (lines[next]?.startsWith('$ ')) {
        typed.push(lines[next]?.slice(2) ?? '')
        onLine((next += 1))
      }
      return typed
    },
  }
}

function noSuchAnswer(file: string, line: number, word: string, menu: Menu): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'answer',
    object: `'${menu.question}'`,
    reason: `line ${line} of ${file} must be one of the choices, not '${word}'`,
    advice: [
      `the choices are: ${[...menu.options, ...menu.tools].map(({ value }) => value).join(', ')}`,
      ...(word.startsWith('$ ')
        ? ["a line that begins with '$ ' is typed into a shell, which 'by-hand' opens"]
        : []),
    ],
  })
}
