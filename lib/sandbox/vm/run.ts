// Runs a program of the project in the virtual machine, on our terminal. Everything that it started there ends with us, however we end.
import { setTimeout as sleep } from 'node:timers/promises'
import { NetdojoError } from '../../errors.ts'
import { startChannelled, type Channelled } from '../../exec/channelled.ts'
import { handOver } from '../../exec/hand-over.ts'
import { run } from '../../exec/run.ts'
import { isInstalled } from '../../exec/search-path.ts'
import { shellQuote } from '../../exec/shell-quote.ts'
import { terminalEnvironment, type Inside, type SideChannel } from '../backend.ts'
import { bringUp, isEmulated, requireVagrant, sshConfig, wasUp } from './machine.ts'
import { sync } from './sync.ts'

/** Where the repository is in the machine. */
const repository = '/netdojo'

/** The exit code of ssh when the connection fails: ssh(1). */
const noConnection = 255

const graceForLastLines = 2000

/**
 * The program runs as root of the machine, with the repository as it is now.
 * @param report called with what takes long.
 * @param sideChannel a second output of the program.
 * @returns its exit code.
 * @throws NetdojoError `sandbox-refused`, `sandbox-failed`
 */
export async function runInVm(
  inside: Inside,
  report: (text: string) => void,
  sideChannel?: SideChannel,
): Promise<number> {
  await ready(report)
  const enough = new AbortController()
  const lines = sideChannel && listen(sideChannel, enough.signal)
  const exitCode = await remote(wordsOf(inside))
  // Its last lines may still be on their way. A program that could not start has written none.
  await Promise.race([lines, sleep(graceForLastLines, null, { ref: false })])
  enough.abort()
  if (exitCode !== noConnection) return exitCode
  throw new NetdojoError({
    code: 'sandbox-failed',
    operation: 'reach',
    object: 'the virtual machine',
    reason: 'the ssh connection was lost: its message is above',
    advice: ['see whether the machine runs: npm run vm -- status'],
  })
}

/** Starts a program there with its standard streams as a channel. @throws NetdojoError `sandbox-refused`, `sandbox-failed` */
export async function channelInVm(
  inside: Inside,
  report: (text: string) => void,
): Promise<Channelled> {
  await ready(report)
  const [program = '', ...args] = sshCommand(wordsOf(inside), false)
  return startChannelled({ program, args, isStandard: true })
}

/** The command that runs a program of the project as root of the machine. */
function wordsOf([script, ...args]: Inside): readonly string[] {
  const environment = Object.entries({
    ...terminalEnvironment(),
    NODE_COMPILE_CACHE: '/var/cache/netdojo/compiled',
    // An emulated processor is slow: fewer scenarios at once, and more patience.
    ...(isEmulated() ? { NETDOJO_AT_ONCE: '2', NETDOJO_PATIENCE: '10' } : {}),
  }).map(([name, value]) => `${name}=${value}`)
  const session = `${repository}/lib/sandbox/vm/session.sh`
  const asRoot = ['sudo', '--non-interactive', 'sh', session, 'env', ...environment]
  return [...asRoot, 'node', `${repository}/${script}`, ...args]
}

/** Opens a shell of the machine itself: no sandbox, its own network. @returns its exit code. */
export async function shellInVm(report: (text: string) => void): Promise<number> {
  await ready(report)
  return remote([])
}

/** Makes sure that the machine is up, with the repository as it is now. */
export async function ready(report: (text: string) => void): Promise<void> {
  requireVagrant()
  if (wasUp() && (await sync())) return
  report('bringing up the virtual machine (some minutes for the first time)')
  await bringUp()
  if (!(await sync())) throw unreachable()
  await ensureNode(report)
}

/** Returns when the program that writes to the pipe has ended. */
async function listen({ pipe, onLine }: SideChannel, signal: AbortSignal): Promise<void> {
  // The first of the two creates the pipe. Opening it waits for the other side.
  const line = `sudo --non-interactive sh -c 'mkfifo ${pipe} 2>/dev/null; cat ${pipe}; rm ${pipe}'`
  const ssh = ['-F', sshConfig, '-q', '-T', 'default', line]
  await run('ssh', ssh, { allowFailure: true, onLine, signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}

async function remote(words: readonly string[]): Promise<number> {
  // Both streams or neither: with a terminal on one of them, standard error could not be separated from the output.
  const terminal = process.stdin.isTTY && process.stdout.isTTY
  const [program = '', ...args] = sshCommand(words, terminal)
  const { exitCode } = await handOver({ program, args })
  return exitCode
}

function sshCommand(words: readonly string[], terminal: boolean): readonly string[] {
  // ssh joins its words to one line for the shell of the machine.
  const line = words.length === 0 ? [] : [words.map(shellQuote).join(' ')]
  const ssh = ['ssh', '-F', sshConfig, '-q', terminal ? '-tt' : '-T', 'default', ...line]
  // ssh must end with us. Without setpriv, a SIGKILL to us leaves it until the program ends.
  return isInstalled('setpriv') ? ['setpriv', '--pdeathsig=KILL', ...ssh] : ssh
}

/** Official boxes have no Node, or an old one. */
async function ensureNode(report: (text: string) => void): Promise<void> {
  const there = await run('ssh', ['-F', sshConfig, 'default', 'node --version'], {
    allowFailure: true,
  })
  if (Number(/^v(\d+)/.exec(there.stdout)?.[1] ?? 0) >= 24) return
  report('copying Node into it')
  const { linuxNode } = await import('./linux-node.ts')
  await run('rsync', ['-e', `ssh -F ${sshConfig}`, await linuxNode(), 'default:/tmp/node'])
  const install = 'sudo install -m 755 /tmp/node /usr/local/bin/node && rm /tmp/node'
  await run('ssh', ['-F', sshConfig, 'default', install])
}

function unreachable(): NetdojoError {
  return new NetdojoError({
    code: 'sandbox-failed',
    operation: 'copy the repository into',
    object: 'the virtual machine',
    reason: 'it is up, but rsync cannot reach it by ssh',
    advice: [
      'try ssh by hand: npm run vm -- ssh',
      'start again from nothing: npm run vm -- destroy',
    ],
  })
}
