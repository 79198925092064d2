// `netdojo rm …`: removes containers, with their records and logs.
import { Command } from 'commander'
import type { Terminal } from '../terminal.ts'

export function rmCommand(terminal: Terminal): Command {
  return new Command('rm')
    .usage('[OPTIONS] CONTAINER…')
    .description('Remove containers, their records and logs.')
    .argument('<container...>')
    .option('-f, --force', 'also one that runs: its program is ended')
    .addHelpText('after', '\nExample:\n  netdojo rm -f web')
    .action(async (names: readonly string[], { force = false }: { force?: boolean }) => {
      const { useContainers } = await import('../open-containers.ts')
      const { forEach } = await import('../container/each.ts')
      await useContainers((containers) =>
        forEach(names, terminal, (name) => containers.remove(name, { force })),
      )
    })
}
