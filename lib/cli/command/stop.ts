// `netdojo stop …`: asks containers to end, and ends them when they do not.
import { Command } from 'commander'
import type { Terminal } from '../terminal.ts'

export function stopCommand(terminal: Terminal): Command {
  return new Command('stop')
    .usage('[OPTIONS] CONTAINER…')
    .description('Stop containers: SIGTERM, and SIGKILL when that was not enough.')
    .argument('<container...>')
    .option('-t, --time <seconds>', 'how long to wait before the second, 10 unless told', Number)
    .addHelpText('after', '\nExample:\n  netdojo stop -t 2 web db')
    .action(async (names: readonly string[], { time }: { time?: number }) => {
      const { useContainers } = await import('../open-containers.ts')
      const { forEach } = await import('../container/each.ts')
      await useContainers((containers) =>
        forEach(names, terminal, (name) =>
          containers.stop(name, time === undefined ? {} : { seconds: time }),
        ),
      )
    })
}
