// Writes a command's output and asks its questions; every program of netdojo writes through a `Terminal`, so that a test can read it.

export type Terminal = {
  /** Writes a result to standard output. */
  readonly write: (data: string | Uint8Array) => void
  /** Writes errors, notes and questions to standard error. */
  readonly writeError: (text: string) => void
  /** Whether standard input and standard error are terminals, so that a question reaches a person. */
  readonly isInteractive: boolean
  readonly inputIsTerminal: boolean
  readonly outputIsTerminal: boolean
  /** Whether standard output shows colours. */
  readonly hasColor: boolean
  readonly columns: number
  /** @returns the answer without spaces around it; undefined after Ctrl-C and Ctrl-D. */
  readonly ask: (question: string) => Promise<string | undefined>
}

const usualColumns = 80

/** The terminal of this process. */
export function processTerminal(): Terminal {
  // These are getters because Node creates each standard stream at its first use, which takes milliseconds.
  return {
    write: (data) => void process.stdout.write(data),
    writeError: (text) => void process.stderr.write(text),
    get isInteractive() {
      return process.stdin.isTTY && process.stderr.isTTY
    },
    get inputIsTerminal() {
      return process.stdin.isTTY
    },
    get outputIsTerminal() {
      return process.stdout.isTTY
    },
    get hasColor() {
      return hasColor()
    },
    get columns() {
      return process.stdout.columns || usualColumns
    },
    ask,
  }
}

async function ask(question: string): Promise<string | undefined> {
  const { stdin: input, stderr: output } = process
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input, output })
  // Ctrl-D closes the interface, and the promise of the question then never settles.
  const closed = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)))
  try {
    const answer = await Promise.race([lines.question(question), closed])
    if (answer === undefined) output.write('\n')
    return answer?.trim()
  } catch {
    // Ctrl-C rejects the question.
    output.write('\n')
    return undefined
  } finally {
    lines.close()
  }
}

/** Applies https://no-color.org: NO_COLOR counts with any value but the empty one. FORCE_COLOR is for CI. */
function hasColor(): boolean {
  if (process.env.NO_COLOR) return false
  if (process.env.FORCE_COLOR) return process.env.FORCE_COLOR !== '0'
  return process.stdout.isTTY && process.env.TERM !== 'dumb'
}

/** Lays rows out under headings as Docker does: each column is as wide as its widest cell, with three spaces between columns. */
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
