// `netdojo rm …`: removes containers, with their records and logs.
import type { Command } from 'commander'
import { changeCommand, type ChangeFlags } from '../options.ts'
import type { Terminal } from '../terminal.ts'

type Flags = ChangeFlags & { readonly force?: true }

export function rmCommand(terminal: Terminal): Command {
  return changeCommand('rm', 'Remove containers, their records and logs.')
    .usage('[OPTIONS] CONTAINER…')
    .argument('<container...>')
    .option('-f, --force', 'also one that runs: its program is ended')
    .addHelpText('after', '\nExample:\n  netdojo rm -f web')
    .action(async (names: readonly string[], flags: Flags) => {
      const { force = false } = flags
      const { endEach } = await import('../container/end-each.ts')
      await endEach(names, terminal, flags, {
        plan: (containers, name) => containers.planEnd(name, { remove: true, force }),
        act: (containers, name) => containers.remove(name, { force }),
      })
    })
}
