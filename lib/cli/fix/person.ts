// Who answers: a person at the terminal, or a script with an answer a line. Either may be gone, which is an answer, too.
import { shell } from '../../sandbox/shell.ts'

export type Person = {
  /** @returns undefined when nobody answers any more. */
  readonly ask: (question: string) => Promise<string | undefined>
  /** Undefined for a script. */
  readonly shell: (() => Promise<unknown>) | undefined
}

export function atTerminal(write: (text: string) => void): Person {
  return {
    ask: async (question) => {
      const { createInterface } = await import('node:readline/promises')
      const { stdin: input, stdout: output } = process
      const lines = createInterface({ input, output })
      // Ctrl-D closes it, and the question is then never settled.
      const closed = new Promise<undefined>((resolve) =>
        lines.once('close', () => resolve(undefined)),
      )
      try {
        const answer = await Promise.race([lines.question(question), closed])
        if (answer === undefined) write('\n')
        return answer?.trim()
      } catch {
        // Ctrl-C.
        write('\n')
        return undefined
      } finally {
        lines.close()
      }
    },
    shell: () => shell(),
  }
}

export function script(lines: readonly string[], write: (text: string) => void): Person {
  const left = lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  return {
    ask: async (question) => {
      const answer = left.shift()
      write(`${question}${answer ?? ''}\n`)
      return answer
    },
    shell: undefined,
  }
}
