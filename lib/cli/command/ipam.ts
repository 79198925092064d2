// `netdojo ipam …`: looks at the addresses of networks.
import { Command } from 'commander'
import type { Terminal } from '../terminal.ts'

export function ipamCommand(terminal: Terminal): Command {
  return new Command('ipam')
    .description('Look at the addresses of networks: who gets which next?')
    .helpCommand(false)
    .addCommand(show(terminal))
}

function show(terminal: Terminal): Command {
  return new Command('show')
    .description('Draw the bitmaps of networks: a character for each address.')
    .argument('[network...]', 'names, ids, or the beginnings of ids; all if not given')
    .option('--format <format>', 'table, or json: an object a line')
    .addHelpText(
      'after',
      `
Addresses are handed out in order, from the one after the last on, so that an
address that was just given back is not given to somebody else at once.

Examples:
  netdojo ipam show
  netdojo ipam show testbridge
  netdojo ipam show --format json testbridge`,
    )
    .action(async (networks, options) => {
      await (await import('../ipam-show.ts')).show(terminal, networks, options)
    })
}
