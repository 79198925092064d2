// Describes what the file of a command exports, and turns commander's errors into usage errors: the fact, the value in quotes, and what to do next.
import type { Command, CommanderError } from 'commander'
import type { NetdojoError } from '../../errors.ts'
import { Ending, exitCodes, quoted, usageError } from './errors.ts'
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

/** Makes the command and all commands below it throw their errors as usage errors. Printed help ends with an `Ending`. */
export function throwUsageErrors(command: Command): void {
  command.configureOutput({ outputError: () => {} }).exitOverride((error) => {
    throw error.exitCode === 0 ? new Ending(exitCodes.held) : misuse(error, command)
  })
  for (const sub of command.commands) throwUsageErrors(sub)
}

/** The command as it is typed: `netdojo network create`. */
export function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name()
}

type Parts = readonly (string | undefined)[]
type Rule = readonly [message: RegExp, reason: (...parts: Parts) => string]

/** The messages of commander 15, as its lib/command.js writes them. */
const rules: readonly Rule[] = [
  [/^unknown option '([^]*)'$/, (option = '') => `unknown option ${quoted(option)}`],
  [/^unknown command '([^]*)'$/, (name = '') => `unknown command ${quoted(name)}`],
  [/^missing required argument '(.*)'$/, (name) => `the argument <${name}> is missing`],
  [/^option '(.*)' argument missing$/, (flags) => `the option ${flags} needs a value`],
  [
    /^option '(.*)' argument '([^]*)' is invalid\. ([^]*)$/,
    (flags = '', value = '', rule = '') => `${longOf(flags)} ${ruleOf(rule)}, not ${quoted(value)}`,
  ],
  [
    /^command-argument value '([^]*)' is invalid for argument '(.*)'\. ([^]*)$/,
    (value = '', name = '', rule = '') => `<${name}> ${ruleOf(rule)}, not ${quoted(value)}`,
  ],
]

function misuse({ message }: CommanderError, command: Command): NetdojoError {
  const [, text = message, nearest] =
    /^(?:error: )?([^]*?)(?:\n\(Did you mean ([^]*)\?\))?$/.exec(message) ?? []
  const help = `${nameOf(command)} --help shows how to use it`
  const advice = nearest === undefined ? [help] : [`did you mean ${nearest}?`, help]
  if (text.startsWith('too many arguments')) return usageError(tooMany(command), ...advice)
  for (const [pattern, reason] of rules) {
    const [match, ...parts] = pattern.exec(text) ?? []
    if (match !== undefined) return usageError(reason(...parts), ...advice)
  }
  return usageError(text.replace(/\.$/, ''), ...advice)
}

function tooMany({ args, registeredArguments: { length: most } }: Command): string {
  const takes = most === 0 ? 'no argument' : most === 1 ? '1 argument' : `${most} arguments`
  const given = args.slice(0, mostShown).map(quoted).join(', ')
  const more = args.length > mostShown ? ' …' : ''
  return `the command takes ${takes}, but ${args.length} ${args.length === 1 ? 'is' : 'are'} given: ${given}${more}`
}

const mostShown = 5

/** `-f, --format <format>` -> `--format` */
function longOf(flags: string): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags
}

/** Commander's sentence for choices as a rule; parsers of our own throw the rule itself. */
function ruleOf(sentence: string): string {
  return sentence.replace(/^Allowed choices are (.*)\.$/, 'must be one of $1')
}
