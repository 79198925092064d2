// Finds what a container must not reach of the machine's own files: what only root may read, and the sockets and FIFOs of daemons,
// to which programs can connect on a read-only mount, too.
import { dirname } from 'node:path'
import { readOrEmpty } from '../exec/processes.ts'
import { run } from '../exec/run.ts'
import { isOwnUserNamespace } from './user-namespace.ts'

const directories = ['/etc', '/opt', '/var']

/** Hidden even where `find` fails. */
const always = [
  '/etc/shadow',
  '/etc/shadow-',
  '/etc/gshadow',
  '/etc/gshadow-',
  '/etc/security/opasswd',
]

/**
 * `find` never follows a symbolic link here, and looks into no directory that it names. In a sandbox the kernel itself keeps
 * what only root may read: its root is an ordinary user.
 */
export async function privatePaths(): Promise<readonly string[]> {
  const doors = ['(', '-type', 's', '-o', '-type', 'p', ')']
  const secrets = ['!', '-type', 'l', '!', '-perm', '-o=r', '!', '-empty']
  const found = async (...test: readonly string[]) => {
    const args = [...directories, ...test, '-prune', '-print0']
    const { stdout } = await run('find', args, { input: '', allowFailure: true })
    return stdout.split('\0').filter((path) => path.startsWith('/'))
  }
  const [open, secret] = await Promise.all([
    found(...doors),
    isOwnUserNamespace() ? [] : found(...secrets),
  ])
  return [
    ...new Set([...always, ...secret, ...[...open, ...socketsElsewhere()].map(hiddenWith)]),
  ].toSorted()
}

/** Sockets of this network namespace below directories that are too large to search: /proc/net/unix ends each line with a path. */
function socketsElsewhere(): readonly string[] {
  const paths = readOrEmpty('/proc/net/unix').match(/(?<= )\/(usr|nix|gnu|lib\w*|s?bin)\/.*$/gm)
  return paths ?? []
}

/**
 * A restarted daemon replaces its socket, and the kernel then removes a mount on the old one. So the whole directory of the
 * socket is hidden, unless it is one that many share, such as /var/lib.
 */
function hiddenWith(socket: string): string {
  const directory = dirname(socket)
  return directory.split('/').length > 3 ? directory : socket
}
