// What holds for every command: where it writes, that it returns instead of ending the process, how it speaks of mistakes.
import type { Command } from 'commander'
import { NetdojoError } from '../errors.ts'
import { paragraph } from './paragraph.ts'
import type { Terminal } from './terminal.ts'

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
