// Plays a scenario, ours or that of a file, in the default sandbox: what leaves the repository with the installed package.
import { resolve } from 'node:path'
import { chooseLanguage } from '../../language/translate.ts'
import { enter } from '../../sandbox/enter.ts'
import { loadScenario } from '../programs/catalogue.ts'
import { insideCommand, toPlayRequest } from '../programs/request.ts'
import type { CommandFile } from '../shared/command.ts'
import { endWith } from '../shared/errors.ts'

type Options = { readonly verbose?: true; readonly json?: true }

export const scenario: CommandFile = {
  define: (command) => {
    command
      .argument('<file>', 'a path with a / in it, or the name of a scenario of netdojo')
      .option('--verbose', 'show the output of every command and check')
      .option('--json', 'print one JSON event per line')
      .addHelpText(
        'after',
        `
The file's default export is what scenario() of 'netdojo/scenario' returns.

Exit codes: 0 all checks hold, 1 a check failed, 2 wrong usage, 3 the lab could
not run.

Examples:
  netdojo scenario ./mine.js
  netdojo scenario veth-pair`,
      )
  },
  run: async (terminal, [file = ''], options: Options) => {
    await loadScenario(file)
    const name = file.includes('/') ? resolve(file) : file
    const request = toPlayRequest(
      name,
      { dialect: 'ip', color: true, ...options },
      { language: chooseLanguage(), backend: 'namespaces', terminal },
    )
    endWith(await enter(insideCommand(request)))
  },
}
