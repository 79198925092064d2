// Where a command writes and asks, as a value: it never looks at the process itself, so that it can be called in a test.

export type Terminal = {
  /** To standard output: what was asked for, and nothing else. */
  write(text: string): void
  /** To standard error: what went wrong, and questions. */
  writeError(text: string): void
  /** Whether a person can be asked. */
  readonly isInteractive: boolean
  /** Whether standard output shows colours. */
  readonly hasColor: boolean
  readonly columns: number
  /** The answer to a question, without its line end. */
  ask(question: string): Promise<string>
}

const usualColumns = 80

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process
  return {
    write: (text) => stdout.write(text),
    writeError: (text) => stderr.write(text),
    isInteractive: stdin.isTTY && stderr.isTTY,
    hasColor: wantsColor(),
    columns: stdout.columns || usualColumns,
    ask: async (question) => {
      const { createInterface } = await import('node:readline/promises')
      const lines = createInterface({ input: stdin, output: stderr })
      try {
        return await lines.question(question)
      } catch {
        // Ctrl-C and Ctrl-D: no answer is one, too.
        stderr.write('\n')
        return ''
      } finally {
        lines.close()
      }
    },
  }
}

/** https://no-color.org: NO_COLOR, when it is not empty, whatever its value. FORCE_COLOR is for CI. */
function wantsColor(): boolean {
  if (process.env.NO_COLOR) return false
  if (process.env.FORCE_COLOR) return process.env.FORCE_COLOR !== '0'
  return process.stdout.isTTY && process.env.TERM !== 'dumb'
}
