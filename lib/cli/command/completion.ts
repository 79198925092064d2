// `netdojo completion SHELL`: the script that teaches a shell to complete the command.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Argument, Command } from 'commander'
import type { Terminal } from '../terminal.ts'

export function completionCommand(terminal: Terminal): Command {
  return new Command('completion')
    .description('Print the completion script of a shell.')
    .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      `
Inside npm run shell it is on already. Elsewhere, for as long as the shell runs:
  source <(netdojo completion bash)
  source <(netdojo completion zsh)
  netdojo completion fish | source`,
    )
    .action((shell: string) => {
      const path = join(import.meta.dirname, `../completion/netdojo.${shell}`)
      terminal.write(readFileSync(path, 'utf8'))
    })
}
