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
  // Each of the process's streams is made when it is first looked at, which takes milliseconds.
  return {
    write: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
    get isInteractive() {
      return process.stdin.isTTY && process.stderr.isTTY
    },
    get hasColor() {
      return wantsColor(true)
    },
    get columns() {
      return process.stdout.columns || usualColumns
    },
    ask: async (question) => {
      const { stdin, stderr } = process
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

/**
 * https://no-color.org: NO_COLOR, when it is not empty, whatever its value. FORCE_COLOR is for CI.
 * `asked` is false after --no-color.
 */
export function wantsColor(asked: boolean): boolean {
  if (!asked || process.env.NO_COLOR) return false
  if (process.env.FORCE_COLOR) return process.env.FORCE_COLOR !== '0'
  return process.stdout.isTTY && process.env.TERM !== 'dumb'
}

/** The text of a table, with its last line end. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows]
  const widths = headings.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  )
  return lines
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}
