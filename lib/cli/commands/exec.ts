// `netdojo exec …`: one more program in a running container.
import { Command } from 'commander'
import { endWith, errorParagraph, paragraph } from '../shared/errors.ts'
import { many } from '../shared/options.ts'
import type { Terminal } from '../shared/terminal.ts'

type ExecFlags = {
  readonly interactive?: true
  readonly tty?: true
  readonly env?: readonly string[]
  readonly workdir?: string
}

export function execCommand(terminal: Terminal): Command {
  return new Command('exec')
    .usage('[OPTIONS] CONTAINER COMMAND [ARG…]')
    .description('Run one more program in a container.')
    .argument('<container>')
    .argument('<command...>')
    .option('-i, --interactive', 'keep its standard input open')
    .option('-t, --tty', 'give it a terminal')
    .option('-e, --env <variable>', 'NAME=VALUE', many)
    .option('-w, --workdir <directory>', 'where it starts')
    .addHelpText('after', after)
    .passThroughOptions()
    .action(async (name: string, command: readonly string[], flags: ExecFlags) =>
      exec(name, command, flags, terminal),
    )
}

const after = `
Examples:
  netdojo exec -it web sh
  netdojo exec web ip -brief address

Exit codes: the program's own; 126 when it cannot be started, 127 when there is
no such program.`

async function exec(
  name: string,
  command: readonly string[],
  flags: ExecFlags,
  terminal: Terminal,
): Promise<void> {
  const { NetdojoError } = await import('../../index.ts')
  const { useContainers } = await import('../shared/containers.ts')
  const { passSignals } = await import('../shared/containers.ts')
  const { interactive = false, tty = false, workdir, env = [] } = flags
  if (tty && !process.stdin.isTTY) {
    terminal.writeError(
      paragraph(
        'netdojo: the input device is not a TTY.',
        'leave -t away: -i alone works with pipes',
      ),
    )
    endWith(1)
  }
  try {
    const { exitCode } = await useContainers((containers) => {
      // Ctrl-C is the program's, which has it from the terminal.
      using _ = passSignals(async () => {})
      return containers.exec(name, {
        command,
        interactive,
        terminal: tty,
        attach: true,
        env: Object.fromEntries(
          env.map((text) => [text.replace(/=.*/s, ''), text.replace(/^[^=]*=?/, '')]),
        ),
        ...(workdir === undefined ? {} : { workingDirectory: workdir }),
      })
    })
    if (exitCode !== 0) endWith(exitCode)
  } catch (error) {
    if (!(error instanceof NetdojoError) || !error.code.startsWith('command-')) throw error
    terminal.writeError(errorParagraph(error))
    endWith(error.code === 'command-missing' ? 127 : 126)
  }
}
