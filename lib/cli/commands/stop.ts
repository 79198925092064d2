// `netdojo stop …`: asks containers to end, and ends them when they do not.
import type { Command } from 'commander'
import { type Containers, NetdojoError } from '../../index.ts'
import { useContainers } from '../shared/containers.ts'
import { endWith, errorParagraph, exitCodeOf } from '../shared/errors.ts'
import { type ChangeFlags, changeCommand } from '../shared/options.ts'
import type { Terminal } from '../shared/terminal.ts'

type StopFlags = ChangeFlags & { readonly time?: number }

export function stopCommand(terminal: Terminal): Command {
  return changeCommand('stop', 'Stop containers: SIGTERM, and SIGKILL when that was not enough.')
    .usage('[OPTIONS] CONTAINER…')
    .argument('<container...>')
    .option('-t, --time <seconds>', 'how long to wait before the second, 10 unless told', Number)
    .addHelpText('after', '\nExample:\n  netdojo stop -t 2 web db')
    .action(async (names: readonly string[], flags: StopFlags) => {
      const options = flags.time === undefined ? {} : { seconds: flags.time }
      await endEach(names, terminal, flags, {
        plan: (containers, name) => containers.planEnd(name, options),
        act: (containers, name) => containers.stop(name, options),
      })
    })
}

type RemoveFlags = ChangeFlags & { readonly force?: true }

export function rmCommand(terminal: Terminal): Command {
  return changeCommand('rm', 'Remove containers, their records and logs.')
    .usage('[OPTIONS] CONTAINER…')
    .argument('<container...>')
    .option('-f, --force', 'also one that runs: its program is ended')
    .addHelpText('after', '\nExample:\n  netdojo rm -f web')
    .action(async (names: readonly string[], flags: RemoveFlags) => {
      const { force = false } = flags
      await endEach(names, terminal, flags, {
        plan: (containers, name) => containers.planEnd(name, { remove: true, force }),
        act: (containers, name) => containers.remove(name, { force }),
      })
    })
}

type Ending = {
  readonly plan: (containers: Containers, name: string) => Promise<void>
  readonly act: (containers: Containers, name: string) => Promise<unknown>
}

async function endEach(
  names: readonly string[],
  terminal: Terminal,
  flags: ChangeFlags,
  { plan, act }: Ending,
): Promise<void> {
  const dryRun = flags.dryRun ?? false
  const isScript = flags.explain ?? dryRun
  const tell = (paragraph: string) => terminal.write(`${paragraph}\n\n`)
  // Told from a copy, and before it is done: most of it is done by the container's monitor, which tells nobody.
  const told = (name: string) =>
    useContainers((containers) => plan(containers, name), { dryRun: true }, tell)
  if (dryRun) terminal.write('# Nothing is changed: these are the commands that would be run.\n\n')
  const all = (act: (name: string) => Promise<unknown>) =>
    forEach(names, terminal, act, { isScript })
  // The state itself is not even opened.
  if (dryRun) return all(told)
  await useContainers((containers) =>
    all(async (name) => {
      if (isScript) await told(name)
      await act(containers, name)
    }),
  )
}

/** Prints each name that it was done for, as Docker does; among commands that can be pasted, as a comment. */
async function forEach(
  names: readonly string[],
  terminal: Terminal,
  act: (name: string) => Promise<unknown>,
  { isScript = false }: { readonly isScript?: boolean } = {},
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
