// Runs another program in a running container, with Docker's exit codes.
import { NetdojoError } from '../../errors.ts'
import { passSignals, useContainers } from '../shared/containers.ts'
import { endWith, errorParagraph, exitCodes, usageError } from '../shared/errors.ts'
import { many } from '../shared/options.ts'
import type { CommandFile } from '../shared/command.ts'

type Options = {
  readonly interactive?: true
  readonly tty?: true
  readonly env?: readonly string[]
  readonly workdir?: string
}

export const exec: CommandFile = {
  define: (command) => {
    command
      .usage('[OPTIONS] CONTAINER COMMAND [ARG…]')
      .argument('<container>')
      .argument('<command...>')
      .option('-i, --interactive', 'keep standard input open')
      .option('-t, --tty', 'allocate a terminal')
      .option('-e, --env <variable>', 'NAME=VALUE', many)
      .option('-w, --workdir <directory>', 'the working directory')
      .addHelpText('after', after)
      .passThroughOptions()
  },
  run: async (terminal, [name = '', ...command], options: Options) => {
    const { interactive = false, tty = false, workdir, env = [] } = options
    if (tty && !terminal.inputIsTerminal) {
      terminal.writeError(errorParagraph(noTerminal()))
      endWith(exitCodes.checkFailed)
    }
    try {
      const { exitCode } = await useContainers((containers) => {
        // The program gets Ctrl-C from the terminal itself.
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
  },
}

const after = `
Examples:
  netdojo exec -it web sh
  netdojo exec web ip -brief address

Exit codes: the code of the program; 126 if it could not be started, 127 if
there is no such program.`

function noTerminal(): NetdojoError {
  return usageError(
    '-t needs a terminal on standard input',
    'leave -t away: -i alone works with pipes',
  )
}
