// `npm run shell`: a root shell in a fresh world, or the commands given to it.
import { enter } from '../sandbox/enter.ts'
import { NetdojoError } from '../errors.ts'
import { exitCodes } from './exit-codes.ts'
import { inPlace, takePlace } from './place.ts'
import { insideCommand } from './request.ts'

const hint = `You are root on host, a machine of its own; your computer is not touched.
  outside, the rest of the Internet: ip netns exec outside bash     leave: exit`

export async function main(words: readonly string[]): Promise<number> {
  const { options, rest: args } = takePlace(words)
  const [option, commands, ...rest] = args
  if (option === '-h' || option === '--help') {
    console.log(
      `npm run shell                   a root shell in a fresh world\nnpm run shell -- -c 'COMMANDS'  runs them there; so does piped standard input\nnpm run shell -- --in PLACE     in a container or vm, or here: see npm run scenario -- --help\n\n${hint}`,
    )
    return exitCodes.held
  }
  if (option !== undefined && (option !== '-c' || commands === undefined || rest.length > 0))
    throw usage()
  return inPlace(options, ['shell', ...args], (place) => {
    if (option === undefined && process.stdin.isTTY) console.log(hint)
    return enter(insideCommand({ kind: 'shell', args }), place)
  })
}

function usage(): NetdojoError {
  return new NetdojoError({
    code: 'usage',
    operation: 'open',
    object: 'the shell',
    reason: "it takes nothing, or -c and one argument: npm run shell -- -c 'COMMANDS'",
  })
}
