// Opens a root shell in a new sandbox for `npm run shell`, or runs the given commands there.
import { chooseLanguage, translator } from '../../language/translate.ts'
import { enter } from '../../sandbox/enter.ts'
import { inBackend, takeBackendOptions } from '../shared/backend.ts'
import { exitCodes, quoted, usageError } from '../shared/errors.ts'
import { mostMachines } from '../../scenario/machines.ts'
import type { Terminal } from '../shared/terminal.ts'
import { insideCommand } from './request.ts'

export async function main(words: readonly string[], terminal: Terminal): Promise<number> {
  const { options, rest } = takeBackendOptions(words)
  const { machines, args } = takeMachines(rest)
  const [option, commands, ...more] = args
  if (option === '-h' || option === '--help') {
    terminal.write(`${await help()}\n`)
    return exitCodes.held
  }
  const [wrong] = option === undefined || option === '-c' ? more : args
  if (wrong !== undefined)
    throw usageError(`the shell takes only -c and its commands, not ${quoted(wrong)}`, example)
  if (option === '-c' && commands === undefined)
    throw usageError('-c must be followed by the commands', example)
  return inBackend(options, ['shell', ...rest], terminal, async (backend) => {
    if (option === undefined && terminal.inputIsTerminal)
      terminal.write(`${await hint(machines)}\n`)
    return enter(insideCommand({ kind: 'shell', args, machines }), backend)
  })
}

/** `--machines N` or `--machines=N`, as the first words. */
function takeMachines(words: readonly string[]) {
  const [option = '', ...rest] = words
  const given = /^--machines(?:=(.*))?$/s.exec(option)
  if (!given) return { machines: 1, args: words }
  const [count = '', args] = given[1] === undefined ? [rest[0], rest.slice(1)] : [given[1], rest]
  const machines = /^\d+$/.test(count) ? Number(count) : 0
  if (machines >= 1 && machines <= mostMachines) return { machines, args }
  throw usageError(
    `--machines must be a whole number from 1 to ${mostMachines}, not ${quoted(count)}`,
    'npm run shell -- --machines 3 opens a shell with three machines on one wire',
  )
}

const example = "npm run shell -- -c 'COMMANDS' runs commands; all of them are one argument"

async function hint(machines = 1): Promise<string> {
  const translate = await translator(chooseLanguage())
  const where = translate(
    'You are root on host, a machine of its own; your computer is not touched.',
  )
  const outside = translate('The node outside is the rest of the Internet:')
  const others = translate('The machine host2, and the others like it:')
  return [
    where,
    `  ${outside} ip netns exec outside bash     ${translate('leave:')} exit`,
    ...(machines > 1 ? [`  ${others} nsenter --net=/run/netns/host2 bash`] : []),
  ].join('\n')
}

async function help(): Promise<string> {
  const translate = await translator(chooseLanguage())
  return [
    `npm run shell                   ${translate('open a root shell in a new sandbox')}`,
    `npm run shell -- -c 'COMMANDS'  ${translate('run these commands there; piped input works, too')}`,
    `npm run shell -- --machines N   ${translate('with N machines on one wire: host, host2, host3 …')}`,
    `npm run shell -- --in BACKEND   ${translate('use another backend: see npm run scenario -- --help')}`,
    '',
    await hint(2),
  ].join('\n')
}
