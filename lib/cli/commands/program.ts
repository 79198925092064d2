// The commands of `netdojo` as commander reads them: the one command that the first word names, the others by their names alone.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { NetdojoError } from '../../errors.ts'
import { exitCodes, paragraph } from '../shared/errors.ts'
import type { Terminal } from '../shared/terminal.ts'
import { commands } from './index.ts'

/** @returns the exit code. */
export async function runLine(words: readonly string[], terminal: Terminal): Promise<number> {
  const args = asOptions(words)
  try {
    if (args[0] === 'complete') return await answerShell(args.slice(1), terminal)
    const program = await programFor(args[0] ?? '', terminal)
    await program.parseAsync(args, { from: 'user' })
    return exitCodes.held
  } catch (error) {
    // Also after --help: what there was to say has been said.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage
    throw error
  }
}

/** `help network create` is `network create --help`; nothing at all asks for help, too. */
function asOptions(words: readonly string[]): readonly string[] {
  if (words.length === 0) return ['--help']
  return words[0] === 'help' ? [...words.slice(1), '--help'] : words
}

/** `complete -- WORD…`, asked by the scripts of `netdojo completion`: a line for each candidate, its description behind a tab. */
async function answerShell(args: readonly string[], terminal: Terminal): Promise<number> {
  const words = args[0] === '--' ? args.slice(1) : args
  const { complete } = await import('./completion.ts')
  const program = await programFor(words.length > 1 ? (words[0] ?? '') : '', terminal)
  for (const [value, description] of await complete(program, words))
    terminal.write(`${value}\t${description}\n`)
  return exitCodes.held
}

async function programFor(first: string, terminal: Terminal): Promise<Command> {
  const program = new Command('netdojo')
    .description('Makes container networks on the real Linux kernel.')
    .usage('COMMAND …')
    .version(version(), '-V, --version', 'print the version')
    .helpCommand(false)
    .enablePositionalOptions()
    .addHelpText('after', after)
  for (const [name, { summary, load }] of Object.entries(commands))
    program.addCommand(
      name === first ? (await load())(terminal) : new Command(name).description(summary),
    )
  frame(program, terminal)
  return program
}

const after = `
netdojo COMMAND --help tells more, with examples.

Exit codes: 0 done, 1 refused, 2 wrong usage, 3 no privilege or a missing tool.`

/** Of the command and of all below it. */
export function frame(command: Command, terminal: Terminal): void {
  command
    .exitOverride()
    .helpOption('-h, --help', 'print this help')
    .configureHelp({
      subcommandTerm: (sub) => `${sub.name()} ${sub.usage()}`.replace('[options] ', ''),
    })
    .configureOutput({
      writeOut: (text) => terminal.write(text),
      // Only for help that nobody asked for: this command is none without another word.
      writeErr: () => {
        throw wordMissing(command)
      },
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
      getOutHasColors: () => terminal.hasColor,
      getErrHasColors: () => false,
      outputError: (text) => terminal.writeError(misuse(text, command)),
    })
  for (const sub of command.commands) frame(sub, terminal)
}

function wordMissing(command: Command): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'run',
    object: nameOf(command),
    reason: 'it needs one more word',
    advice: [
      `one of these: ${command.commands.map((sub) => sub.name()).join(', ')}`,
      `${nameOf(command)} --help tells what they do`,
    ],
  })
}

function misuse(text: string, command: Command): string {
  const reason = text
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .replaceAll(/(?<='[^']{60})[^']+(?=')/g, '…')
    .replace(/\.? *$/, '.')
  return paragraph(`netdojo: ${reason}`, `${nameOf(command)} --help shows how it is used`)
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name()
}

export function version(): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'),
  )
  return version
}
