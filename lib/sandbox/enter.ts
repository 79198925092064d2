// Runs a program in a fresh sandbox on this machine, with our terminal as its own or with its output read line by line.
import { join } from 'node:path'
import { handOver, type OnLine } from '../exec/hand-over.ts'
import { isInstalled } from '../exec/search-path.ts'
import { NetdojoError } from '../errors.ts'
import { inHere } from './here.ts'
import { inNamespaces, type Command } from './namespaces.ts'
import { sandboxName, type Inside, type LocalBackend } from './backend.ts'
import { startError } from './start-error.ts'

const foreground = join(import.meta.dirname, 'foreground.pl')

/** A locale that is not installed, as after `ssh` from another machine, is no matter of ours: perllocale(1). */
const quietPerl = { PERL_BADLANG: '0' }

export type EnterOptions = {
  /** Called with each line that it writes to its descriptor 4: what is to outlive the sandbox, or to be done outside of it. */
  readonly onLine?: OnLine
  /** Whether it reads from the terminal again after a shell of its own. */
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
  // execa takes as long to load as Node itself: only these runs, of which there are many, need it.
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

function commandFor(
  [script, ...args]: Inside,
  backend: LocalBackend,
  before: readonly string[] = [],
): Command {
  const file = join(import.meta.dirname, '../..', script)
  const command = [...before, process.execPath, file, ...args]
  return backend === 'here' ? inHere(command) : inNamespaces(command)
}

/** What the world itself is built with; what a scenario uses is looked for when it is used. */
function requireTools(backend: LocalBackend): void {
  const missing = ['setpriv', 'unshare', 'ip', 'mount'].filter((tool) => !isInstalled(tool))
  if (missing.length === 0) return
  throw new NetdojoError({
    code: 'program-missing',
    operation: 'start',
    object: sandboxName(backend),
    reason: `not installed: ${missing.join(', ')}`,
    advice: ['sh scripts/setup.sh installs what is missing, or prints the command that does'],
  })
}
