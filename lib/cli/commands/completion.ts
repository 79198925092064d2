// What could stand in the place of the last of these words: commands, options, and the live names of what there is.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Argument, Command, type Option } from 'commander'
import { readContainers } from '../../container/read-containers.ts'
import { readRecords } from '../../network/read-records.ts'
import { stateDirectory } from '../shared/state-directory.ts'
import type { Terminal } from '../shared/terminal.ts'

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

export function completionCommand(terminal: Terminal): Command {
  return new Command('completion')
    .description('Print the completion script of a shell.')
    .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      `
Inside npm run shell it is on already. Elsewhere, for as long as the shell runs:
  source <(netdojo completion bash)
  source <(netdojo completion zsh)
  netdojo completion fish | source`,
    )
    .action((shell: string) => {
      const path = join(import.meta.dirname, `completion/netdojo.${shell}`)
      terminal.write(readFileSync(path, 'utf8'))
    })
}

/** A value, and a few words about it. */
export type Candidate = readonly [value: string, description: string]

/** Of `<network>`, `[network...]`, `--net <network>` and so on. */
export const candidates: Readonly<Record<string, () => Promise<readonly Candidate[]>>> = {
  network: async () => {
    const { networks } = await readRecords(stateDirectory())
    return networks.map(({ name, subnets }) => [
      name,
      subnets.map(({ subnet }) => subnet).join(', '),
    ])
  },
  container: async () => {
    const containers = await readContainers(stateDirectory())
    return (containers ?? []).map(({ name, command }) => [name, command.join(' ')])
  },
  namespace: async () => {
    const containers = (await readContainers(stateDirectory())) ?? []
    const own = new Set(containers.map(({ netns }) => netns))
    const names = existsSync('/run/netns') ? readdirSync('/run/netns') : []
    return [
      ...containers.map(({ name }) => [name, 'container'] as const),
      ...names
        .filter((name) => !own.has(`/run/netns/${name}`))
        .map((name) => [name, 'namespace'] as const),
    ]
  },
  driver: async () => [['bridge', 'a Linux bridge']],
  format: async () => [
    ['table', 'for people'],
    ['json', 'an object a line'],
  ],
}
