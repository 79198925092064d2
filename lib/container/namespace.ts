// The network namespace of a container, by name: it is there before the container's program, so that the program finds its network complete.
import { existsSync } from 'node:fs'
import { NetdojoError } from '../errors.ts'
import { runWithInput } from '../exec/run-with-input.ts'

const directory = '/run/netns'

/** Readable in `ip netns list`, and never the name of another. */
export function namespacePath(name: string, id: string): string {
  return `${directory}/nd-${name}-${id.slice(0, 8)}`
}

export function namespaceName(path: string): string {
  return path.slice(directory.length + 1)
}

/** @throws NetdojoError `not-permitted`, or `kernel-refused` when there is one */
export async function addNamespace(path: string): Promise<void> {
  const { exitCode, stderr } = await runWithInput('ip', ['netns', 'add', namespaceName(path)], {
    input: '',
    stdout: false,
  })
  if (exitCode === 0) return
  throw new NetdojoError({
    code: /not permitted|denied/i.test(stderr) ? 'not-permitted' : 'kernel-refused',
    operation: 'make',
    object: `the network namespace ${path}`,
    reason: stderr.trim(),
    advice: ['npm run shell opens a machine of your own, where you are root'],
  })
}

/** What is gone already is no error. */
export async function removeNamespace(path: string): Promise<void> {
  if (!existsSync(path)) return
  const { exitCode, stderr } = await runWithInput('ip', ['netns', 'delete', namespaceName(path)], {
    input: '',
    stdout: false,
  })
  if (exitCode === 0 || !existsSync(path)) return
  throw new NetdojoError({
    code: 'teardown-incomplete',
    operation: 'remove',
    object: `the network namespace ${path}`,
    reason: stderr.trim(),
    advice: ['reconcile tries again'],
  })
}
