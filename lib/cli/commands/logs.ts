// Prints the output of a container byte for byte, because it may be binary.
import { useContainers } from '../shared/containers.ts'
import type { CommandFile } from '../shared/command.ts'

export const logs: CommandFile = {
  define: (command) => {
    command
      .usage('[OPTIONS] CONTAINER')
      .argument('<container>')
      .option('-f, --follow', 'go on until its program ends')
      .addHelpText('after', '\nExample:\n  netdojo logs -f web')
  },
  run: (terminal, [name = ''], { follow = false }: { readonly follow?: boolean }) =>
    useContainers(async (containers) => {
      for await (const data of containers.logs(name, { follow })) terminal.write(data)
    }),
}
