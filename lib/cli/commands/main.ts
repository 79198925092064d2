// Runs one line of `netdojo`: loads the file of the named command, and returns an exit code in every case.
import { NetdojoError } from '../../errors.ts'
import { Ending, errorParagraph, exitCodeOf, exitCodes } from '../shared/errors.ts'
import { processTerminal, type Terminal } from '../shared/terminal.ts'
import { commands, type CommandEntry } from './index.ts'

/** @returns the exit code. */
export async function main(
  words: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<number> {
  try {
    const plain = plainLine(words)
    if (!plain) return await (await import('./program.ts')).runLine(words, terminal)
    const { run } = await plain.entry.load()
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every option of every command is optional
    await run(terminal, plain.words, {} as never)
    return exitCodes.held
  } catch (error) {
    if (error instanceof Ending) return error.exitCode
    if (!(error instanceof NetdojoError)) throw error
    terminal.writeError(errorParagraph(error, ...helpAdvice(error, words)))
    return exitCodeOf(error)
  }
}

/** Wrong usage without an advice of its own: the command's help describes what it accepts. */
function helpAdvice({ code, advice }: NetdojoError, [first = '', second = '']: readonly string[]) {
  if (code !== 'usage' || advice.length > 0) return []
  const found = own(commands, first)
  const group = found && 'commands' in found && entryOf(found.commands, second) && ` ${second}`
  return [`netdojo${found ? ` ${first}` : ''}${group || ''} --help shows how to use it`]
}

/** A line that names a command and has no option: it skips the parser, which takes a third of Node's own start to load. */
function plainLine([first = '', ...rest]: readonly string[]) {
  const found = own(commands, first)
  const group = found && 'commands' in found ? found.commands : undefined
  const [name = '', ...others] = rest
  const entry = group ? entryOf(group, name) : found
  const words = group ? others : rest
  if (!entry || !('load' in entry) || !entry.words) return undefined
  const [least, most] = entry.words
  if (words.length < least || words.length > most) return undefined
  return words.some((word) => word.startsWith('-')) ? undefined : { entry, words }
}

function entryOf(
  group: Readonly<Record<string, CommandEntry>>,
  name: string,
): CommandEntry | undefined {
  return own(group, name) ?? Object.values(group).find(({ alias }) => alias === name)
}

function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
