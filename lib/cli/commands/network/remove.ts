// Removes networks by name, or all networks without endpoints; it goes on after a network that it cannot remove.
import { NetdojoError } from '../../../errors.ts'
import type { Network, Networks } from '../../../index.ts'
import { change, type Change } from '../../shared/change.ts'
import { endWith, errorParagraph, exitCodeOf } from '../../shared/errors.ts'
import { findNetwork } from '../../shared/find.ts'
import {
  addChangeOptions,
  filterOf,
  hasLabel,
  many,
  type ChangeFlags,
} from '../../shared/options.ts'
import type { Terminal } from '../../shared/terminal.ts'
import type { CommandFile } from '../../shared/command.ts'

type RemoveOptions = ChangeFlags & { readonly force?: true }

export const rm: CommandFile = {
  define: (command) => {
    addChangeOptions(command)
      .argument('<network...>', 'names, IDs, or the beginnings of IDs')
      .option('-f, --force', 'disconnect all endpoints; succeed if a network is missing')
      .addHelpText(
        'after',
        '\nExamples:\n  netdojo network rm web back\n  netdojo network rm -f testbridge',
      )
  },
  run: async (terminal, words, options: RemoveOptions) => {
    const force = options.force ?? false
    const errors: NetdojoError[] = []
    await change(terminal, options, async ({ networks, report }) => {
      for (const word of words) {
        try {
          const { name } = findNetwork(await networks.list(), word)
          await networks.remove(name, { force })
          report(name)
        } catch (error) {
          if (!(error instanceof NetdojoError)) throw error
          if (!(force && error.code === 'network-missing')) errors.push(error)
        }
      }
    })
    for (const error of errors) terminal.writeError(errorParagraph(error))
    if (errors[0]) endWith(exitCodeOf(errors[0]))
  },
}

type PruneOptions = ChangeFlags & { readonly force?: true; readonly filter?: readonly string[] }

/** Asks for confirmation on a terminal. */
export const prune: CommandFile = {
  define: (command) => {
    addChangeOptions(command)
      .option('-f, --force', 'do not ask')
      .option('--filter <key=value>', 'only networks with label=KEY or without label!=KEY', many)
      .addHelpText(
        'after',
        '\nExamples:\n  netdojo network prune\n  netdojo network prune -f --filter label!=keep',
      )
  },
  run: async (terminal, _, options: PruneOptions) => {
    const passes = filterOf<Network>(
      { label: hasLabel, 'label!': (network, wanted) => !hasLabel(network, wanted) },
      options.filter,
    )
    await change(terminal, options, async (change) => {
      const unused = (await unusedOf(change.networks)).filter(passes)
      if (unused.length === 0) return
      if (!(await mayRemove(terminal, options, unused))) return
      for (const { name } of unused) await removeIfUnused(change, name)
    })
  },
}

async function unusedOf(networks: Networks): Promise<readonly Network[]> {
  const used = new Set((await networks.endpoints()).map(({ network }) => network))
  return (await networks.list()).filter(({ name }) => !used.has(name))
}

async function mayRemove(
  terminal: Terminal,
  { force, dryRun }: PruneOptions,
  unused: readonly Network[],
): Promise<boolean> {
  if (force || dryRun || !terminal.isInteractive) return true
  const names = unused.map(({ name }) => name).join(', ')
  const answer = await terminal.ask(`Remove ${names}? [y/N] `)
  return /^y(es)?$/i.test(answer ?? '')
}

async function removeIfUnused({ networks, report }: Change, name: string): Promise<void> {
  try {
    await networks.remove(name)
    report(name)
  } catch (error) {
    // In the meantime, another process has connected an endpoint, or removed the network.
    const isOver = error instanceof NetdojoError && /^network-(in-use|missing)$/.test(error.code)
    if (!isOver) throw error
  }
}
