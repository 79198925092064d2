// `netdojo snapshot`: the network state of every node, as JSON for programs.
import { Command } from 'commander'
import type { Terminal } from '../terminal.ts'

export function snapshotCommand(terminal: Terminal): Command {
  return new Command('snapshot')
    .description(
      'Print the network state of the host and of every network namespace as JSON (docs/snapshot.md).',
    )
    .addHelpText('after', '\nExample:\n  netdojo snapshot | jq .nodes')
    .action(async () => {
      const { takeSnapshot } = await import('../../observe/snapshot/take.ts')
      terminal.write(`${JSON.stringify(await takeSnapshot(), null, 2)}\n`)
    })
}
