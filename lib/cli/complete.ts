// What could stand in the place of the last of these words: commands, options, and the live names of what there is.
import type { Argument, Command, Option } from 'commander'
import { candidates, type Candidate } from './candidates.ts'

/** Those that begin with what was typed of the word. */
export async function complete(
  program: Command,
  words: readonly string[],
): Promise<readonly Candidate[]> {
  const typed = words.at(-1) ?? ''
  const { command, option, position } = walk(program, words.slice(0, -1))
  const found = await candidatesFor(command, option, position, typed)
  return found.filter(([value]) => value.startsWith(typed))
}

type Place = {
  readonly command: Command
  /** Whose value comes next. */
  readonly option: Option | undefined
  /** How many arguments of the command have been. */
  readonly position: number
}

function walk(program: Command, words: readonly string[]): Place {
  let command = program
  let option: Option | undefined
  let position = 0
  for (const word of words) {
    if (option) option = undefined
    else if (word.startsWith('-') && word !== '-') option = optionOf(command, word)
    else {
      const sub = command.commands.find((sub) => isCalled(sub, word))
      if (sub) command = sub
      else position++
    }
  }
  return { command, option, position }
}

/** Undefined for one that takes no value, or has brought it along. */
function optionOf(command: Command, word: string): Option | undefined {
  const option = command.options.find(({ long, short }) => word === long || word === short)
  return option?.required ? option : undefined
}

function isCalled(command: Command, word: string): boolean {
  return command.name() === word || command.aliases().includes(word)
}

async function candidatesFor(
  command: Command,
  option: Option | undefined,
  position: number,
  typed: string,
): Promise<readonly Candidate[]> {
  if (option) return valuesOf(/<(.*?)>/.exec(option.flags)?.[1], option.argChoices)
  if (typed.startsWith('-')) return optionsOf(command)
  if (command.commands.length > 0)
    return position > 0 ? [] : command.commands.map((sub) => [sub.name(), sub.description()])
  const argument = argumentAt(command.registeredArguments, position)
  return argument ? valuesOf(argument.name(), argument.argChoices) : []
}

function argumentAt(all: readonly Argument[], position: number): Argument | undefined {
  const last = all.at(-1)
  return all[position] ?? (last?.variadic ? last : undefined)
}

async function valuesOf(
  name: string | undefined,
  choices: readonly string[] | undefined,
): Promise<readonly Candidate[]> {
  if (choices) return choices.map((choice) => [choice, ''])
  if (name === undefined || !Object.hasOwn(candidates, name)) return []
  return (await candidates[name]?.()) ?? []
}

function optionsOf(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map((option) => [option.long ?? option.short ?? '', option.description])
}
