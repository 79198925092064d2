// Starts a second machine: a sandbox of its own, in which a script is pasted into a shell and the state is read.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { inNamespaces } from '../../lib/sandbox/namespaces.ts'
import type { KernelState } from './kernel-state.ts'

/** The state of the host and of new namespaces of these names, after the script. @throws Error when a command complains. */
export async function elsewhere(
  namespaces: readonly string[],
  script: string,
): Promise<KernelState> {
  const { program, args, env } = inNamespaces([
    process.execPath,
    join(import.meta.dirname, 'paste.process.ts'),
    ...namespaces,
  ])
  // Descriptor 3 becomes the standard error of the inside: see world.sh.
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit', 2],
    env: { ...process.env, ...env },
  })
  let state = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (state += text))
  child.stdin?.end(script)
  const status = await new Promise((resolve) => child.once('close', resolve))
  if (status !== 0) throw new Error(`the second sandbox ended with ${String(status)}`)
  return JSON.parse(state)
}
