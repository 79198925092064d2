// Completes a line of `netdojo` for a shell, and prints the script for the shell; typed words are compared and never run.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Argument, Command, Option } from 'commander'
import { isCheckout } from '../../errors.ts'
import { stateDirectory } from '../shared/state-directory.ts'
import type { CommandFile } from '../shared/command.ts'

export const completion: CommandFile = {
  define: (command) => {
    command
      .addArgument(command.createArgument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
      .addHelpText('after', after)
  },
  run: (terminal, [shell]) =>
    terminal.write(readFileSync(join(import.meta.dirname, `completion/netdojo.${shell}`))),
}

const after = `
${isCheckout ? 'Inside npm run shell, completion is on. Elsewhere, each line turns it on in the\ncurrent shell:' : 'Each line turns completion on in the current shell:'}
  source <(netdojo completion bash)
  source <(netdojo completion zsh)
  netdojo completion fish | source`

type Candidate = readonly [value: string, description: string]

/** @returns every value that can replace the last word and begins with it. */
export async function complete(
  program: Command,
  words: readonly string[],
): Promise<readonly Candidate[]> {
  const typed = words.at(-1) ?? ''
  const found = await candidatesAt(positionAfter(program, words.slice(0, -1)), typed)
  return found.filter(([value]) => value.startsWith(typed))
}

type Position = {
  readonly command: Command
  /** The option that waits for its value. */
  readonly option: Option | undefined
  /** The number of arguments of the command before this position. */
  readonly argument: number
}

function positionAfter(program: Command, words: readonly string[]): Position {
  let command = program
  let option: Option | undefined
  let argument = 0
  for (const word of words) {
    if (option) option = undefined
    else if (word.startsWith('-') && word !== '-') option = optionWithValue(command, word)
    else {
      const sub = command.commands.find((sub) => isCalled(sub, word))
      if (sub) command = sub
      else argument++
    }
  }
  return { command, option, argument }
}

/** Undefined for an option without a value, and for `--option=value`. */
function optionWithValue(command: Command, word: string): Option | undefined {
  const option = command.options.find(({ long, short }) => word === long || word === short)
  return option?.required ? option : undefined
}

function isCalled(command: Command, word: string): boolean {
  return command.name() === word || command.aliases().includes(word)
}

async function candidatesAt(
  { command, option, argument }: Position,
  typed: string,
): Promise<readonly Candidate[]> {
  if (option) return valuesOf(/<(.*?)>/.exec(option.flags)?.[1], option.argChoices)
  if (typed.startsWith('-')) return optionsOf(command)
  if (command.commands.length > 0)
    return argument > 0 ? [] : command.commands.map((sub) => [sub.name(), sub.description()])
  const next = argumentAt(command.registeredArguments, argument)
  return next ? valuesOf(next.name(), next.argChoices) : []
}

function argumentAt(all: readonly Argument[], index: number): Argument | undefined {
  const last = all.at(-1)
  return all[index] ?? (last?.variadic ? last : undefined)
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

/** The values of an argument or option by its name in the help: `<network>`, `[network...]`, `--net <network>`. */
const candidates: Readonly<Record<string, () => Promise<readonly Candidate[]>>> = {
  network: async () => {
    const { readRecords } = await import('../../network/read-records.ts')
    const { networks } = await readRecords(stateDirectory())
    return networks.map(({ name, subnets }) => [
      name,
      subnets.map(({ subnet }) => subnet).join(', '),
    ])
  },
  container: async () =>
    (await containers()).map(({ name, command }) => [name, command.join(' ')] as const),
  namespace: async () => {
    const found = await containers()
    const own = new Set(found.map(({ netns }) => netns))
    const names = existsSync('/run/netns') ? readdirSync('/run/netns') : []
    return [
      ...found.map(({ name }) => [name, 'container'] as const),
      ...names
        .filter((name) => !own.has(`/run/netns/${name}`))
        .map((name) => [name, 'namespace'] as const),
    ]
  },
  driver: async () => [['bridge', 'a Linux bridge']],
  format: async () => [
    ['table', 'for people'],
    ['json', 'one object per line'],
  ],
}

async function containers() {
  const { readContainers } = await import('../../container/read-containers.ts')
  return (await readContainers(stateDirectory())) ?? []
}
