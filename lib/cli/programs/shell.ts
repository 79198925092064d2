// Opens a root shell in a new sandbox for `npm run shell`, or runs the given commands there.
import { chooseLanguage, translator } from '../../language/translate.ts'
import { enter } from '../../sandbox/enter.ts'
import { inBackend, takeBackendOptions } from '../shared/backend.ts'
import { exitCodes, quoted, usageError } from '../shared/errors.ts'
import type { Terminal } from '../shared/terminal.ts'
import { insideCommand } from './request.ts'

export async function main(words: readonly string[], terminal: Terminal): Promise<number> {
  const { options, rest: args } = takeBackendOptions(words)
  const [option, commands, ...rest] = args
  if (option === '-h' || option === '--help') {
    terminal.write(`${await help()}\n`)
    return exitCodes.held
  }
  const [wrong] = option === undefined || option === '-c' ? rest : args
  if (wrong !== undefined)
    throw usageError(`the shell takes only -c and its commands, not ${quoted(wrong)}`, example)
  if (option === '-c' && commands === undefined)
    throw usageError('-c must be followed by the commands', example)
  return inBackend(options, ['shell', ...args], terminal, async (backend) => {
    if (option === undefined && terminal.inputIsTerminal) terminal.write(`${await hint()}\n`)
    return enter(insideCommand({ kind: 'shell', args }), backend)
  })
}

const example = "npm run shell -- -c 'COMMANDS' runs commands; all of them are one argument"

async function hint(): Promise<string> {
  const translate = await translator(chooseLanguage())
  const where = translate(
    'You are root on host, a machine of its own; your computer is not touched.',
  )
  const outside = translate('The node outside is the rest of the Internet:')
  return `${where}\n  ${outside} ip netns exec outside bash     ${translate('leave:')} exit`
}

async function help(): Promise<string> {
  const translate = await translator(chooseLanguage())
  return [
    `npm run shell                   ${translate('open a root shell in a new sandbox')}`,
    `npm run shell -- -c 'COMMANDS'  ${translate('run these commands there; piped input works, too')}`,
    `npm run shell -- --in BACKEND   ${translate('use another backend: see npm run scenario -- --help')}`,
    '',
    await hint(),
  ].join('\n')
}
