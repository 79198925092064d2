// Describes what the file of a command exports; the list of commands loads such files, so the type is below both.
import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'

/** What the file of a command exports: its flags and its action. */
export type CommandFile = {
  /** Adds the arguments, the options and the text after them. */
  readonly define: (command: Command) => void
  /** @param options what the parser found; nothing for a line without options. */
  readonly run: (
    terminal: Terminal,
    words: readonly string[],
    options: never,
  ) => void | Promise<void>
}
