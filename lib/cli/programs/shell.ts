// `npm run shell`: a root shell in a fresh world, or the commands given to it.
import { NetdojoError } from '../../errors.ts'
import { chooseLanguage } from '../../language/choose.ts'
import { translator } from '../../language/translate.ts'
import { enter } from '../../sandbox/enter.ts'
import { inPlace, takePlace } from '../shared/backend.ts'
import { exitCodes } from '../shared/errors.ts'
import { insideCommand } from './request.ts'

export async function main(words: readonly string[]): Promise<number> {
  const { options, rest: args } = takePlace(words)
  const [option, commands, ...rest] = args
  if (option === '-h' || option === '--help') {
    console.log(await help())
    return exitCodes.held
  }
  if (option !== undefined && (option !== '-c' || commands === undefined || rest.length > 0))
    throw usage()
  return inPlace(options, ['shell', ...args], async (place) => {
    if (option === undefined && process.stdin.isTTY) console.log(await hint())
    return enter(insideCommand({ kind: 'shell', args }), place)
  })
}

async function hint(): Promise<string> {
  const say = await translator(chooseLanguage())
  const where = say('You are root on host, a machine of its own; your computer is not touched.')
  const outside = say('outside, the rest of the Internet:')
  return `${where}\n  ${outside} ip netns exec outside bash     ${say('leave:')} exit`
}

async function help(): Promise<string> {
  const say = await translator(chooseLanguage())
  return [
    `npm run shell                   ${say('a root shell in a fresh world')}`,
    `npm run shell -- -c 'COMMANDS'  ${say('runs them there; so does piped standard input')}`,
    `npm run shell -- --in PLACE     ${say('elsewhere: see npm run scenario -- --help')}`,
    '',
    await hint(),
  ].join('\n')
}

function usage(): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'open',
    object: 'the shell',
    reason: "it takes nothing, or -c and one argument: npm run shell -- -c 'COMMANDS'",
  })
}
