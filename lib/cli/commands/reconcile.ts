// `reconcile`: what the library found and mended, a line each.
import type { Command } from 'commander'
import { type Networks, type Reconciliation, openContainers } from '../../index.ts'
import { removeTraces } from '../../observe/journey/trace-table.ts'
import { change } from '../shared/change.ts'
import { type ChangeFlags, changeCommand } from '../shared/options.ts'
import { stateDirectory } from '../shared/state-directory.ts'
import type { Terminal } from '../shared/terminal.ts'

async function reconcile(terminal: Terminal, options: ChangeFlags): Promise<void> {
  await change(terminal, options, async ({ networks, say }) => {
    const ended = options.dryRun ? [] : await endAbandoned(networks)
    // Of a trace that was killed on a real host.
    if (!options.dryRun) await removeTraces()
    const lines = [...ended, ...linesOf(await networks.reconcile())]
    if (lines.length === 0) lines.push('Everything is as the records say.')
    for (const line of lines) say(line)
  })
}

/** Containers first: what they leave behind is the networks' to find. */
async function endAbandoned(networks: Networks): Promise<readonly string[]> {
  await using containers = await openContainers({ networks, stateDirectory: stateDirectory() })
  const { recovered } = await containers.reconcile()
  return recovered.map(({ container, outcome }) =>
    outcome === 'never happened'
      ? `Took back the container ${container}, which had not come to run.`
      : `Ended the container ${container}, which nobody saw to any more: it is ${outcome}.`,
  )
}

function linesOf({ recovered, lost, repaired }: Reconciliation): string[] {
  return [
    ...recovered.map(({ change, network }) =>
      change === 'create' || change === 'connect'
        ? `Took back what an interrupted ${change} of ${network} had begun.`
        : `Finished the interrupted ${change} of ${network}.`,
    ),
    ...lost.map(
      ({ id, network, netns, addresses }) =>
        `Freed ${addresses.join(', ')} of ${network}: its endpoint ${id} (${netns}) is gone.`,
    ),
    ...repaired.map((title) => `${title}.`),
  ]
}

export function reconcileCommand(terminal: Terminal): Command {
  return changeCommand('reconcile', 'Bring the kernel and the records back together.')
    .addHelpText(
      'after',
      `
For when somebody flushed the firewall, deleted a bridge, or removed a namespace
that was connected. After a crash or a reboot, every change does this by itself.

Examples:
  netdojo reconcile
  netdojo reconcile --dry-run`,
    )
    .action(async (options: ChangeFlags) => {
      await reconcile(terminal, options)
    })
}
