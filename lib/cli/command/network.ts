// `netdojo network …`: Docker's commands for networks, with Docker's flags.
import { Command } from 'commander'
import type { Terminal } from '../terminal.ts'

export function networkCommand(terminal: Terminal): Command {
  return new Command('network')
    .description('Make, look at, plug into and remove networks.')
    .addCommand(listCommand(terminal))
}

function listCommand(terminal: Terminal): Command {
  return new Command('ls')
    .description('List the networks.')
    .option('-q, --quiet', 'ids only')
    .action(async ({ quiet }: { quiet?: true }) => {
      const { open } = await import('../open.ts')
      await using networks = await open()
      for (const { id, name } of await networks.list())
        terminal.write(quiet ? `${id}\n` : `${id}  ${name}\n`)
    })
}
