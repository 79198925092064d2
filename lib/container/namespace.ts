// Creates and removes the network namespace of a container; it exists before the container's program, so that the program finds its network complete.
import { existsSync } from 'node:fs'
import { NetdojoError, commandFor } from '../errors.ts'
import { run } from '../exec/run.ts'
import { inodeAt } from '../network/namespace-path.ts'
import { containerNameLabel, setNamespaceRecord } from '../network/records.ts'
import type { Store } from '../store/store.ts'
import type { ContainerRecord } from './records.ts'

const directory = '/run/netns'

/** Readable in `ip netns list`, and unique. */
export function namespacePath(name: string, id: string): string {
  return `${directory}/nd-${name}-${id.slice(0, 8)}`
}

export function namespaceName(path: string): string {
  return path.slice(directory.length + 1)
}

/** @throws NetdojoError `not-permitted`, or `kernel-refused` if the namespace exists already */
export async function addNamespace(path: string): Promise<void> {
  const { exitCode, stderr } = await run('ip', ['netns', 'add', namespaceName(path)], {
    input: '',
    stdout: false,
    allowFailure: true,
  })
  if (exitCode === 0) return
  throw new NetdojoError({
    code: /not permitted|denied/i.test(stderr) ? 'not-permitted' : 'kernel-refused',
    operation: 'create',
    object: `the network namespace ${path}`,
    reason: stderr.trim(),
    advice: [`run as root, or in namespaces of your own: ${commandFor.shell}`],
  })
}

/** What the networks must know of the container, whichever connects its namespace: its name, and its ports. */
export function writeNamespaceRecord(store: Store, record: ContainerRecord): Promise<void> {
  const { id, name, netns, publish = [] } = record
  return store.update((transaction) =>
    // A dry run has no namespace; the networks then assume this inode.
    setNamespaceRecord(transaction, inodeAt(netns) ?? 0, {
      labels: { 'netdojo.container': id, [containerNameLabel]: name },
      ports: publish,
    }),
  )
}

export async function forgetNamespaceRecord(store: Store, netns: string): Promise<void> {
  const inode = inodeAt(netns)
  if (inode !== undefined)
    await store.update((transaction) => setNamespaceRecord(transaction, inode, undefined))
}

/** A missing namespace is no error. */
export async function removeNamespace(path: string): Promise<void> {
  if (!existsSync(path)) return
  const { exitCode, stderr } = await run('ip', ['netns', 'delete', namespaceName(path)], {
    input: '',
    stdout: false,
    allowFailure: true,
  })
  if (exitCode === 0 || !existsSync(path)) return
  throw new NetdojoError({
    code: 'teardown-incomplete',
    operation: 'remove',
    object: `the network namespace ${path}`,
    reason: stderr.trim(),
    advice: ['netdojo reconcile tries again'],
  })
}
