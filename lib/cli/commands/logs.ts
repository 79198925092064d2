// `netdojo logs …`: what a container has written.
import { Command } from 'commander'
import type { Terminal } from '../shared/terminal.ts'

export function logsCommand(_terminal: Terminal): Command {
  return new Command('logs')
    .usage('[OPTIONS] CONTAINER')
    .description('Print what a container has written, on both of its streams.')
    .argument('<container>')
    .option('-f, --follow', 'go on until it ends')
    .addHelpText('after', '\nExample:\n  netdojo logs -f web')
    .action(async (name: string, { follow = false }: { follow?: boolean }) => {
      const { useContainers } = await import('../shared/containers.ts')
      await useContainers(async (containers) => {
        // As they are: not every program writes text.
        for await (const data of containers.logs(name, { follow })) process.stdout.write(data)
      })
    })
}
