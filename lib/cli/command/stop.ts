// `netdojo stop …`: asks containers to end, and ends them when they do not.
import type { Command } from 'commander'
import { changeCommand, type ChangeFlags } from '../options.ts'
import type { Terminal } from '../terminal.ts'

type Flags = ChangeFlags & { readonly time?: number }

export function stopCommand(terminal: Terminal): Command {
  return changeCommand('stop', 'Stop containers: SIGTERM, and SIGKILL when that was not enough.')
    .usage('[OPTIONS] CONTAINER…')
    .argument('<container...>')
    .option('-t, --time <seconds>', 'how long to wait before the second, 10 unless told', Number)
    .addHelpText('after', '\nExample:\n  netdojo stop -t 2 web db')
    .action(async (names: readonly string[], flags: Flags) => {
      const { endEach } = await import('../container/end-each.ts')
      const options = flags.time === undefined ? {} : { seconds: flags.time }
      await endEach(names, terminal, flags, {
        plan: (containers, name) => containers.planEnd(name, options),
        act: (containers, name) => containers.stop(name, options),
      })
    })
}
