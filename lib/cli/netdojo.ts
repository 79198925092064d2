// The command `netdojo`: does what a line says, and turns every end into an exit code and at most a paragraph.
import { NetdojoError } from '../errors.ts'
import { Ending, exitCodeOf } from './ending.ts'
import { exitCodes } from './exit-codes.ts'
import { processTerminal, type Terminal } from './terminal.ts'

/** @returns the exit code. */
export async function main(
  words: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<number> {
  try {
    return await run(words, terminal)
  } catch (error) {
    if (error instanceof Ending) return error.exitCode
    if (!(error instanceof NetdojoError)) throw error
    const { errorParagraph } = await import('./paragraph.ts')
    terminal.writeError(errorParagraph(error))
    return exitCodeOf(error)
  }
}

async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  const look = looks[words.join(' ')]
  if (!look) return (await import('./program.ts')).runLine(words, terminal)
  await look(terminal)
  return exitCodes.held
}

/** Lines that are typed all day and have no option: loading the parser would be most of what they take. */
const looks: Readonly<Record<string, (terminal: Terminal) => Promise<void>>> = {
  'network ls': async (terminal) =>
    (await import('./network/list.ts')).list(terminal, { trunc: true }),
  ps: async (terminal) => (await import('./container/list.ts')).list(terminal, { trunc: true }),
}
