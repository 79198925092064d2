// Stops, starts and removes containers one after the other; an error with one container does not stop the work on the others.
import { NetdojoError } from '../../errors.ts'
import type { Containers } from '../../index.ts'
import { useContainers } from '../shared/containers.ts'
import { endWith, errorParagraph, exitCodeOf, quoted, usageError } from '../shared/errors.ts'
import { addChangeOptions, type ChangeFlags } from '../shared/options.ts'
import type { Terminal } from '../shared/terminal.ts'
import type { CommandFile } from '../shared/command.ts'

type StopOptions = ChangeFlags & { readonly time?: string }

export const stop: CommandFile = {
  define: (command) => {
    addChangeOptions(command)
      .usage('[OPTIONS] CONTAINER…')
      .argument('<container...>')
      .option('-t, --time <seconds>', 'send SIGKILL so long after SIGTERM (default: 10)')
      .addHelpText('after', '\nExample:\n  netdojo stop -t 2 web db')
  },
  run: (terminal, names, options: StopOptions) => {
    const wait = options.time === undefined ? {} : { seconds: secondsOf(options.time) }
    return endEach(names, terminal, options, {
      plan: (containers, name) => containers.planEnd(name, wait),
      act: (containers, name) => containers.stop(name, wait),
    })
  },
}

const longestWait = 86_400

function secondsOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= longestWait) return Number(text)
  throw usageError(
    `--time must be a number of seconds from 0 to ${longestWait}, not ${quoted(text)}`,
  )
}

export const restart: CommandFile = {
  define: (command) => {
    command
      .usage('[OPTIONS] CONTAINER…')
      .argument('<container...>')
      .option('-t, --time <seconds>', 'send SIGKILL so long after SIGTERM (default: 10)')
      .addHelpText('after', '\nExample:\n  netdojo restart web')
  },
  run: (terminal, names, { time }: { readonly time?: string }) => {
    const wait = time === undefined ? {} : { seconds: secondsOf(time) }
    return actOnEach(names, terminal, (containers, name) =>
      containers.restart(name, { ...wait, leave: true }),
    )
  },
}

export const start: CommandFile = {
  define: (command) => {
    command
      .usage('CONTAINER…')
      .argument('<container...>')
      .addHelpText(
        'after',
        `
The program runs again with the same options, name, ports and networks, and with
a fresh root file system: what a container writes goes when its program ends.

Example:
  netdojo start web`,
      )
  },
  run: (terminal, names) =>
    actOnEach(names, terminal, (containers, name) => containers.start(name, { leave: true })),
}

export const rename: CommandFile = {
  define: (command) => {
    command
      .argument('<container>', 'a name, an ID, or the beginning of an ID')
      .argument('<name>', 'letters, digits, _, . and -')
      .addHelpText(
        'after',
        `
Containers on its networks find it by the new name at once. Its host name stays.

Example:
  netdojo rename web shop`,
      )
  },
  run: (_, [name = '', to = '']) =>
    useContainers(async (containers) => void (await containers.rename(name, to))),
}

function actOnEach(names: readonly string[], terminal: Terminal, act: End['act']): Promise<void> {
  return useContainers((containers) =>
    forEach(names, terminal, (name) => act(containers, name), false),
  )
}

type RemoveOptions = ChangeFlags & { readonly force?: true }

export const rm: CommandFile = {
  define: (command) => {
    addChangeOptions(command)
      .usage('[OPTIONS] CONTAINER…')
      .argument('<container...>')
      .option('-f, --force', 'kill the program of a running container')
      .addHelpText('after', '\nExample:\n  netdojo rm -f web')
  },
  run: (terminal, names, options: RemoveOptions) => {
    const { force = false } = options
    return endEach(names, terminal, options, {
      plan: (containers, name) => containers.planEnd(name, { remove: true, force }),
      act: (containers, name) => containers.remove(name, { force }),
    })
  },
}

type End = {
  readonly plan: (containers: Containers, name: string) => Promise<void>
  readonly act: (containers: Containers, name: string) => Promise<unknown>
}

async function endEach(
  names: readonly string[],
  terminal: Terminal,
  { dryRun = false, explain = dryRun }: ChangeFlags,
  { plan, act }: End,
): Promise<void> {
  const print = (paragraph: string) => terminal.write(`${paragraph}\n\n`)
  // The explanation is made from a copy before the work: the container's monitor does most of it, and reports no steps.
  const explained = (name: string) =>
    useContainers((containers) => plan(containers, name), { dryRun: true }, print)
  if (dryRun) print('# Nothing is changed: these are the commands that would be run.')
  const each = (act: (name: string) => Promise<unknown>) => forEach(names, terminal, act, explain)
  // A dry run does not open the state itself.
  if (dryRun) return each(explained)
  await useContainers((containers) =>
    each(async (name) => {
      if (explain) await explained(name)
      await act(containers, name)
    }),
  )
}

/** Prints each name when its work is done, as Docker does; in a script the name is a comment. */
async function forEach(
  names: readonly string[],
  terminal: Terminal,
  act: (name: string) => Promise<unknown>,
  isScript: boolean,
): Promise<void> {
  let code = 0
  for (const name of names) {
    try {
      await act(name)
      terminal.write(isScript ? `# ${name}\n` : `${name}\n`)
    } catch (error) {
      if (!(error instanceof NetdojoError)) throw error
      terminal.writeError(errorParagraph(error))
      code = exitCodeOf(error)
    }
  }
  if (code !== 0) endWith(code)
}
