// Runs a program in a fresh sandbox, with our terminal as its own or with its output read line by line.
import { handOver } from '../exec/hand-over.ts'
import { isInstalled } from '../exec/search-path.ts'
import { NetdojoError } from '../errors.ts'
import { inNamespaces } from './namespaces.ts'
import { startError } from './start-error.ts'

/**
 * Runs `inside` on the node `host` of a fresh world, with our terminal.
 * @returns its exit code.
 * @throws NetdojoError `sandbox-refused`, `sandbox-failed`, or `program-missing`.
 */
export async function enter(inside: readonly string[]): Promise<number> {
  requireTools()
  const { exitCode, startErrors } = await handOver({
    ...inNamespaces(inside),
    keepStartErrors: true,
  })
  if (exitCode !== 0 && startErrors !== '') throw startError(startErrors)
  return exitCode
}

/**
 * Runs `inside` on the node `host` of a fresh world, without a terminal.
 * @param onLine called with each line of its standard output as it arrives.
 * @returns its exit code.
 * @throws NetdojoError as `enter`.
 */
export async function enterQuietly(
  inside: readonly string[],
  onLine: (line: string) => void,
): Promise<number> {
  requireTools()
  // execa takes as long to load as Node itself: only these runs, of which there are many, need it.
  const { run } = await import('../exec/program.ts')
  const { program, args, env } = inNamespaces(inside)
  let begun = false
  const { exitCode, stderr } = await run(program, args, {
    env,
    allowFailure: true,
    onLine: (line) => {
      begun = true
      onLine(line)
    },
  })
  if (!begun && exitCode !== 0) throw startError(stderr)
  return exitCode
}

/** What the world itself is built with; what a scenario uses is looked for when it is used. */
function requireTools(): void {
  const missing = ['setpriv', 'unshare', 'ip', 'mount'].filter((tool) => !isInstalled(tool))
  if (missing.length === 0) return
  throw new NetdojoError({
    code: 'program-missing',
    operation: 'start',
    object: 'the namespaces sandbox',
    reason: `not installed: ${missing.join(', ')}`,
    advice: ['sh scripts/setup.sh installs what is missing, or prints the command that does'],
  })
}
