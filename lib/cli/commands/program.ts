// Parses one line of `netdojo` with commander: only the command that the line names is defined, the others have a name and a description.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { nameOf, throwUsageErrors } from '../shared/command.ts'
import { exitCodes, usageError } from '../shared/errors.ts'
import type { Terminal } from '../shared/terminal.ts'
import { commands, type CommandEntry, type CommandGroup } from './index.ts'

/** @returns the exit code. */
export async function runLine(words: readonly string[], terminal: Terminal): Promise<number> {
  const args = asOptions(words)
  if (args[0] === 'complete') return answerShell(args.slice(1), terminal)
  const program = await programFor(args, terminal)
  await program.parseAsync(args, { from: 'user' })
  return exitCodes.held
}

/** `help network create` is `network create --help`; an empty line asks for help, too. */
function asOptions(words: readonly string[]): readonly string[] {
  if (words.length === 0) return ['--help']
  return words[0] === 'help' ? [...words.slice(1), '--help'] : words
}

/** Answers the scripts of `netdojo completion`, which send `complete -- WORD…`: one line per candidate, its description after a tab. */
async function answerShell(args: readonly string[], terminal: Terminal): Promise<number> {
  const words = args[0] === '--' ? args.slice(1) : args
  const { complete } = await import('./completion.ts')
  // The last word is still being typed, and names no command yet.
  const program = await programFor(words.slice(0, -1), terminal)
  for (const [value, description] of await complete(program, words))
    terminal.write(`${value}\t${description}\n`)
  return exitCodes.held
}

async function programFor(words: readonly string[], terminal: Terminal): Promise<Command> {
  const program = new Command('netdojo')
    .description('Makes container networks on the real Linux kernel.')
    .usage('COMMAND …')
    .version(version(), '-V, --version', 'print the version')
    .helpCommand(false)
    .enablePositionalOptions()
    .addHelpText('after', after)
  await addCommands(program, commands, words, terminal)
  frame(program, terminal)
  throwUsageErrors(program)
  return program
}

async function addCommands(
  parent: Command,
  entries: Readonly<Record<string, CommandEntry | CommandGroup>>,
  [first = '', ...rest]: readonly string[],
  terminal: Terminal,
): Promise<void> {
  for (const [name, entry] of Object.entries(entries)) {
    const command = new Command(name).description(entry.description)
    const alias = 'alias' in entry ? entry.alias : undefined
    if (alias !== undefined) command.alias(alias)
    if (first === name || first === alias) {
      if ('commands' in entry)
        await addCommands(command.helpCommand(false), entry.commands, rest, terminal)
      else await define(command, entry, terminal)
    }
    parent.addCommand(command)
  }
}

async function define(command: Command, entry: CommandEntry, terminal: Terminal): Promise<void> {
  const { define, run } = await entry.load()
  define(command)
  command.action(async () => run(terminal, command.args, command.opts<never>()))
}

function version(): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'),
  )
  return version
}

const after = `
netdojo COMMAND --help shows the options of a command, with examples.

Exit codes: 0 done, 1 refused, 2 wrong usage, 3 no privilege or a missing tool.`

/** Sends all output of the command and of the commands below it to the terminal. */
function frame(command: Command, terminal: Terminal): void {
  command
    .helpOption('-h, --help', 'print this help')
    .configureHelp({ subcommandTerm: (sub) => [sub.name(), ...sub.aliases()].join(', ') })
    .configureOutput({
      writeOut: (text) => terminal.write(text),
      // Commander writes help here when a group is typed without a command.
      writeErr: () => {
        throw usageError(
          `${nameOf(command)} must be followed by a command`,
          `one of these: ${command.commands.map((sub) => sub.name()).join(', ')}`,
          `${nameOf(command)} --help describes them`,
        )
      },
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
      getOutHasColors: () => terminal.hasColor,
      getErrHasColors: () => false,
    })
  for (const sub of command.commands) frame(sub, terminal)
}
