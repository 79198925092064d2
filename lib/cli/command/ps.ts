// `netdojo ps …`: the containers, in Docker's columns.
import { Command } from 'commander'
import type { PsFlags } from '../container/list.ts'
import type { Terminal } from '../terminal.ts'

export function psCommand(terminal: Terminal): Command {
  return new Command('ps')
    .usage('[OPTIONS]')
    .description('List the containers that run.')
    .option('-a, --all', 'also those that have ended')
    .option('-q, --quiet', 'ids only')
    .option('--no-trunc', 'whole ids and commands')
    .option('--format <format>', 'table (unless told) or json: an object a line')
    .addHelpText('after', '\nExamples:\n  netdojo ps -a\n  netdojo ps --format json')
    .action(async (flags: PsFlags) => {
      await (await import('../container/list.ts')).list(terminal, flags)
    })
}
