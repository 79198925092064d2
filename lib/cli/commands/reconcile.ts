// Makes the kernel match the records, frees what cannot come back, and prints one line for each repair.
import type { Networks, Reconciliation } from '../../index.ts'
import { change } from '../shared/change.ts'
import { addChangeOptions, type ChangeFlags } from '../shared/options.ts'
import { stateDirectory } from '../shared/state-directory.ts'
import type { CommandFile } from '../shared/command.ts'

export const reconcile: CommandFile = {
  define: (command) => {
    addChangeOptions(
      command.option('--remove-strays', 'remove interfaces of netdojo that no record knows'),
    ).addHelpText(
      'after',
      `
Use it after another program flushed the firewall, deleted a bridge, or removed
a connected namespace. After a crash or a reboot, every change does the same.

An interface of netdojo without a record stays, since a container may still use
it: records can be lost with a damaged disk. It is named, and --remove-strays
removes it.

Examples:
  netdojo reconcile
  netdojo reconcile --dry-run`,
    )
  },
  run: (terminal, _, options: ChangeFlags & { readonly removeStrays?: boolean }) =>
    change(terminal, options, async ({ networks, report }) => {
      // Containers come first: the networks then find what the containers left behind.
      const ended = options.dryRun ? [] : await endAbandoned(networks)
      if (!options.dryRun) await removeTraceTables()
      const lines = [
        ...ended,
        ...linesOf(await networks.reconcile({ removeStrays: options.removeStrays ?? false })),
      ]
      if (lines.length === 0) lines.push('The kernel matches the records.')
      for (const line of lines) report(line)
    }),
}

async function endAbandoned(networks: Networks): Promise<readonly string[]> {
  const { openContainers } = await import('../../container/open-containers.ts')
  await using containers = await openContainers({ networks, stateDirectory: stateDirectory() })
  const { recovered } = await containers.reconcile()
  return recovered.map(({ container, outcome }) =>
    outcome === 'never happened'
      ? `Removed the container ${container}, whose program had not started.`
      : `Ended the container ${container}, whose owner had died: it is ${outcome}.`,
  )
}

/** A trace that was killed on a real host leaves its tables. */
async function removeTraceTables(): Promise<void> {
  const { removeTraces } = await import('../../observe/journey/trace-table.ts')
  await removeTraces()
}

function linesOf({ recovered, lost, repaired, strays, unheard }: Reconciliation): string[] {
  return [
    ...recovered.map(({ change, network }) =>
      change === 'create' || change === 'connect'
        ? `Undid the interrupted ${change} of ${network}.`
        : `Finished the interrupted ${change} of ${network}.`,
    ),
    ...lost.map(
      ({ id, network, netns, addresses }) =>
        `Freed ${addresses.join(', ')} of ${network}: the ${netns === undefined ? 'interface' : `namespace ${netns}`} of endpoint ${id} is gone.`,
    ),
    ...repaired.map((title) => `${title}.`),
    ...unheard.map(({ message }) => `${message}.`),
    ...(strays.length === 0
      ? []
      : [
          `Left ${strays.join(', ')}: no record knows them. If no container uses them: netdojo reconcile --remove-strays`,
        ]),
  ]
}
