// Runs a program in the sandbox backend that `--in` names, or in the first that works on this machine.
import type { Command } from 'commander'
import { NetdojoError } from '../../errors.ts'
import { isInstalled } from '../../exec/search-path.ts'
import {
  isSandboxBackend,
  sandboxBackends,
  type Inside,
  type LocalBackend,
  type SandboxBackend,
} from '../../sandbox/backend.ts'
import { requireHere } from '../../sandbox/here.ts'
import { quoted, usageError } from './errors.ts'
import type { Terminal } from './terminal.ts'

export type BackendOptions = { readonly in?: SandboxBackend; readonly yes?: true }

export function addBackendOptions(command: Command): Command {
  return command
    .addOption(
      command
        .createOption(
          '--in <backend>',
          'the sandbox backend: namespaces of this machine, a container (Docker), a vm (Vagrant), or here (a virtual machine itself); without it, the first that works',
        )
        .choices(sandboxBackends),
    )
    .option('--yes', 'with --in here: also on a machine that does not look virtual')
}

/** A backend that runs the whole program somewhere else. */
export type RemoteBackend = Exclude<SandboxBackend, LocalBackend>

/**
 * Calls `run` for a backend on this machine; sends the whole program to a container or virtual machine, where it runs in
 * namespaces.
 * @param words the program's name and its arguments, as they were typed.
 * @returns the exit code.
 */
export function inBackend(
  options: BackendOptions,
  words: readonly [string, ...string[]],
  terminal: Terminal,
  run: (backend: LocalBackend) => Promise<number>,
): Promise<number> {
  return inBackendBy(options, terminal, run, (backend) => send(backend, words, terminal))
}

/** The same for a program that calls another program on the other side. */
export async function inBackendBy(
  { in: asked, yes }: BackendOptions,
  terminal: Terminal,
  run: (backend: LocalBackend) => Promise<number>,
  runRemote: (backend: RemoteBackend) => Promise<number>,
): Promise<number> {
  if (asked === 'here') requireHere(yes ?? false)
  if (asked === 'here' || asked === 'namespaces') return run(asked)
  if (asked !== undefined) return runRemote(asked)
  if (process.platform !== 'linux')
    return runRemote(await remoteBackend(terminal, 'this machine does not run Linux'))
  try {
    // Only a try shows reliably whether namespaces work, and it costs nothing if they do.
    return await run('namespaces')
  } catch (error) {
    if (!(error instanceof NetdojoError) || !withoutNamespaces.has(error.code)) throw error
    const [reason = ''] = error.reason.split('\n')
    return runRemote(await remoteBackend(terminal, reason, error))
  }
}

const withoutNamespaces: ReadonlySet<string> = new Set(['sandbox-refused', 'program-missing'])

/** @throws NetdojoError the given error when this machine has neither of the remote backends. */
async function remoteBackend(
  terminal: Terminal,
  reason: string,
  error = noBackend(reason),
): Promise<RemoteBackend> {
  const backend = (await engineAnswers()) ? 'container' : isInstalled('vagrant') ? 'vm' : undefined
  if (backend === undefined) throw error
  const name = backend === 'vm' ? 'virtual machine' : backend
  noteTo(terminal)(`runs in a ${name}, because ${reason} (--in selects another backend)`)
  return backend
}

async function engineAnswers(): Promise<boolean> {
  const { connectToEngine } = await import('../../sandbox/container/engine.ts')
  return connectToEngine().then(
    () => true,
    () => false,
  )
}

async function send(
  backend: RemoteBackend,
  [program, ...args]: readonly [string, ...string[]],
  terminal: Terminal,
): Promise<number> {
  const words = [program, '--in', 'namespaces', ...takeBackendOptions(args).rest]
  const inside: Inside = ['lib/cli/start.js', ...words]
  const note = noteTo(terminal)
  if (backend === 'container')
    return (await import('../../sandbox/container/run.ts')).runInContainer(inside, note)
  return (await import('../../sandbox/vm/run.ts')).runInVm(inside, note)
}

/** Takes `--in BACKEND` and `--yes` out of words that no parser has read. @throws NetdojoError `usage` */
export function takeBackendOptions(args: readonly string[]): {
  readonly options: BackendOptions
  readonly rest: readonly string[]
} {
  const rest: string[] = []
  const options: { in?: SandboxBackend; yes?: true } = {}
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? ''
    if (word === '--yes') options.yes = true
    else if (word === '--in') options.in = backendOf(args[(index += 1)])
    else if (word.startsWith('--in=')) options.in = backendOf(word.slice(5))
    else rest.push(word)
    // The word after -c holds the commands of `npm run shell -- -c 'COMMANDS'`.
    if (word === '-c') rest.push(...args.slice((index += 1), index + 1))
  }
  return { options, rest }
}

function backendOf(name = ''): SandboxBackend {
  if (isSandboxBackend(name)) return name
  throw usageError(`--in must be one of ${sandboxBackends.join(', ')}, not ${quoted(name)}`)
}

function noBackend(reason: string): NetdojoError {
  return new NetdojoError({
    code: 'sandbox-refused',
    operation: 'start',
    object: 'a sandbox',
    reason: `${reason}, no container engine answers, and Vagrant is not installed`,
    advice: [
      'install and start Docker or Docker Desktop: docker info must answer',
      'or install Vagrant and VirtualBox',
    ],
  })
}

/** Prints a note about the sandbox to standard error. */
export function noteTo(terminal: Terminal): (text: string) => void {
  return (text) => terminal.writeError(`netdojo: ${text}\n`)
}
