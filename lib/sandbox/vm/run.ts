// Runs a program of the project in the virtual machine, on our terminal; what it started there ends when we do, however we end.
import { setTimeout as sleep } from 'node:timers/promises'
import { NetdojoError } from '../../errors.ts'
import { handOver } from '../../exec/hand-over.ts'
import { run } from '../../exec/run.ts'
import { isInstalled } from '../../exec/search-path.ts'
import { shellQuote } from '../../exec/shell-quote.ts'
import { terminalEnvironment, type Inside, type SideChannel } from '../backend.ts'
import { bringUp, isEmulated, sshConfig, wasUp } from './machine.ts'
import { sync } from './sync.ts'

/** Where the repository is in the machine. */
const repository = '/netdojo'

/** What ssh answers when it is the connection that failed. */
const noConnection = 255

const graceForLastLines = 2000

/**
 * The program runs as root of the machine, with the repository as it is now.
 * @param say told what takes long.
 * @param sideChannel for a program that tells something besides.
 * @returns its exit code.
 * @throws NetdojoError `sandbox-refused`, `sandbox-failed`
 */
export async function runInVm(
  inside: Inside,
  say: (text: string) => void,
  sideChannel?: SideChannel,
): Promise<number> {
  await ready(say)
  const [script, ...args] = inside
  const environment = Object.entries({
    ...terminalEnvironment(),
    NODE_COMPILE_CACHE: '/var/cache/netdojo/compiled',
    // An emulated processor has no time to spare while a scenario waits.
    ...(isEmulated() ? { NETDOJO_AT_ONCE: '2', NETDOJO_PATIENCE: '10' } : {}),
  }).map(([name, value]) => `${name}=${value}`)
  const session = `${repository}/lib/sandbox/vm/session.sh`
  const asRoot = ['sudo', '--non-interactive', 'sh', session, 'env', ...environment]
  const enough = new AbortController()
  const told = sideChannel && listen(sideChannel, enough.signal)
  const exitCode = await remote([...asRoot, 'node', `${repository}/${script}`, ...args])
  // The last that it has told is on its way; one that could not even begin has told nothing.
  await Promise.race([told, sleep(graceForLastLines, null, { ref: false })])
  enough.abort()
  if (exitCode !== noConnection) return exitCode
  throw new NetdojoError({
    code: 'sandbox-failed',
    operation: 'reach',
    object: 'the virtual machine',
    reason: 'the connection was lost: its message is above',
    advice: ['npm run vm -- status'],
  })
}

/** Opens a shell of the machine itself: no sandbox, its own network. @returns its exit code. */
export async function shellInVm(say: (text: string) => void): Promise<number> {
  await ready(say)
  return remote([])
}

/** Up, and with the repository of now. */
export async function ready(say: (text: string) => void): Promise<void> {
  if (wasUp() && (await sync())) return
  say('bringing up the virtual machine (some minutes for the first time)')
  await bringUp()
  if (!(await sync())) throw unreachable()
  await ensureNode(say)
}

/** Ends when the program that tells has ended. */
async function listen({ pipe, onLine }: SideChannel, signal: AbortSignal): Promise<void> {
  // Whoever is first makes it; to open it, each waits for the other.
  const line = `sudo --non-interactive sh -c 'mkfifo ${pipe} 2>/dev/null; cat ${pipe}; rm ${pipe}'`
  const ssh = ['-F', sshConfig, '-q', '-T', 'default', line]
  await run('ssh', ssh, { allowFailure: true, onLine, signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}

function remote(words: readonly string[]): Promise<number> {
  // Both ends or none: on half a terminal the standard error could not be told from the output.
  const terminal = process.stdin.isTTY && process.stdout.isTTY
  // ssh makes one line of all its words, for a shell over there.
  const line = words.length === 0 ? [] : [words.map(shellQuote).join(' ')]
  const ssh = ['ssh', '-F', sshConfig, '-q', terminal ? '-tt' : '-T', 'default', ...line]
  // It must not go on without us. Where there is no such tool, a SIGKILL to us leaves it until the program ends.
  const command = isInstalled('setpriv') ? ['setpriv', '--pdeathsig=KILL', ...ssh] : ssh
  const [program = '', ...args] = command
  return handOver({ program, args }).then(({ exitCode }) => exitCode)
}

/** Official boxes have no Node, or an old one: they get the one that we run on, or its twin for Linux. */
async function ensureNode(say: (text: string) => void): Promise<void> {
  const there = await run('ssh', ['-F', sshConfig, 'default', 'node --version'], {
    allowFailure: true,
  })
  if (Number(/^v(\d+)/.exec(there.stdout)?.[1] ?? 0) >= 24) return
  say('copying Node into it')
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
    reason: 'it is up, and rsync cannot reach it by ssh',
    advice: ['npm run vm -- ssh', 'start anew: npm run vm -- destroy'],
  })
}
