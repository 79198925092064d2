// `netdojo reconcile`: brings back what others took away, frees what cannot come back, and says what it did.
import type { Command } from 'commander'
import { changeCommand, type ChangeFlags } from '../options.ts'
import type { Terminal } from '../terminal.ts'

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
      await (await import('../reconcile.ts')).reconcile(terminal, options)
    })
}
