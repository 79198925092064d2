// Runs a program in a fresh sandbox on this machine, either on our terminal or with its output read line by line.
import { join } from 'node:path'
import { startChannelled, type Channelled } from '../exec/channelled.ts'
import { handOver, type OnLine } from '../exec/hand-over.ts'
import { isInstalled } from '../exec/search-path.ts'
import { NetdojoError } from '../errors.ts'
import { inHere } from './here.ts'
import { inNamespaces, type Command } from './namespaces.ts'
import { sandboxName, type Inside, type LocalBackend } from './backend.ts'
import { startError } from './start-error.ts'

/**
 * The first process of a PID namespace becomes the parent of all orphans. A shell reaps them while it waits for the program; Node does not.
 * With a second command, no shell replaces itself by the first.
 */
const reaping = ['sh', '-c', '"$@"; exit $?', 'sh']

const foreground = join(import.meta.dirname, 'foreground.pl')

/** Perl would warn about a locale that is not installed, as after `ssh` from another machine: perllocale(1). */
const quietPerl = { PERL_BADLANG: '0' }

export type EnterOptions = {
  /** Called with each line that the program writes to descriptor 4: results to keep, and requests to the program outside. */
  readonly onLine?: OnLine
  /** Whether the program reads from the terminal again after a shell that it started. */
  readonly hasShells?: boolean
}

/**
 * Runs `inside` on the node `host` of a fresh world, with our terminal.
 * @returns its exit code.
 * @throws NetdojoError `sandbox-refused`, `sandbox-failed`, or `program-missing`.
 */
export async function enter(
  inside: Inside,
  backend: LocalBackend = 'namespaces',
  { onLine, hasShells = false }: EnterOptions = {},
): Promise<number> {
  requireTools(backend)
  const { program, args, env } = commandFor(inside, backend, hasShells ? ['perl', foreground] : [])
  const { exitCode, startErrors } = await handOver({
    program,
    args,
    env: { ...env, ...quietPerl },
    keepStartErrors: true,
    ...(onLine ? { onLine } : {}),
  })
  if (hasShells) await handOver({ program: 'perl', args: [foreground, '--back'], env: quietPerl })
  if (exitCode !== 0 && startErrors !== '') throw startError(startErrors, backend)
  return exitCode
}

/**
 * Runs `inside` on the node `host` of a fresh world, without a terminal.
 * @param onLine called with each line of its standard output as it arrives.
 * @returns its exit code.
 * @throws NetdojoError as `enter`.
 */
export async function enterQuietly(
  inside: Inside,
  onLine: (line: string) => void,
  backend: LocalBackend = 'namespaces',
): Promise<number> {
  requireTools(backend)
  // Only these runs need it.
  const { run } = await import('../exec/run.ts')
  const { program, args, env } = commandFor(inside, backend)
  let begun = false
  const { exitCode, stderr } = await run(program, args, {
    env,
    allowFailure: true,
    onLine: (line) => {
      begun = true
      onLine(line)
    },
  })
  if (!begun && exitCode !== 0) throw startError(stderr, backend)
  return exitCode
}

/**
 * Starts `inside` without a terminal; it speaks with us over its descriptor 4. It may run for hours, so its orphans are reaped.
 * `ended` is rejected as `enter` is.
 */
export function enterChannelled(inside: Inside, backend: LocalBackend = 'namespaces'): Channelled {
  requireTools(backend)
  const started = startChannelled(commandFor(inside, backend, reaping))
  const ended = started.ended.then((end) => {
    if (end.exitCode !== 0 && end.startErrors !== '') throw startError(end.startErrors, backend)
    return end
  })
  ended.catch(() => {})
  return { ...started, ended }
}

function commandFor(
  [script, ...args]: Inside,
  backend: LocalBackend,
  before: readonly string[] = [],
): Command {
  const file = join(import.meta.dirname, '../..', script)
  const command = [...before, process.execPath, file, ...args]
  return backend === 'here' ? inHere(command) : inNamespaces(command)
}

/** The world is built with these. A scenario looks for its own tools when it uses them. */
function requireTools(backend: LocalBackend): void {
  const missing = ['setpriv', 'unshare', 'ip', 'mount'].filter((tool) => !isInstalled(tool))
  if (missing.length === 0) return
  throw new NetdojoError({
    code: 'program-missing',
    operation: 'start',
    object: sandboxName(backend),
    reason: `these programs are not installed: ${missing.join(', ')}`,
    advice: ['sh scripts/setup.sh installs them, or prints the command that installs them'],
  })
}
