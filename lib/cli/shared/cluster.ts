// Reads from the environment where etcd is and what this machine is for others, and starts the process that follows them.
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OpenNetworksOptions, SharedStore } from '../../index.ts'
import type { Records } from '../../network/read-records.ts'
import { quoted, usageError } from './errors.ts'
import { isInSandbox, sandboxMachine } from './state-directory.ts'

/** Once given, the state directory remembers all of it, but for the follower. @throws NetdojoError `usage` */
export async function clusterOptions(
  directory: string,
): Promise<Pick<OpenNetworksOptions, 'host' | 'follow'> & { readonly store?: SharedStore }> {
  const follow = () => startFollower(directory)
  const endpoints = variable('NETDOJO_STORE')
  if (endpoints === undefined) return { follow }
  const { etcdStore } = await import('../../store/etcd/etcd.ts')
  const [ca, cert, key] = ['CA', 'CERT', 'KEY'].map((name) => variable(`NETDOJO_STORE_${name}`))
  const address = variable('NETDOJO_HOST_ADDRESS')
  const grace = variable('NETDOJO_HOST_GRACE')
  if (grace !== undefined && !/^[1-9]\d{0,4}$/.test(grace))
    throw usageError(`NETDOJO_HOST_GRACE must be a whole number of seconds, not ${quoted(grace)}`)
  return {
    follow,
    store: etcdStore({
      endpoints: endpoints.split(',').map((each) => each.trim()),
      tls: {
        ...(ca === undefined ? {} : { ca }),
        ...(cert === undefined ? {} : { cert }),
        ...(key === undefined ? {} : { key }),
      },
    }),
    host: {
      // The machines of a sandbox have one host name, which is that of the real machine.
      ...(isInSandbox() ? { name: sandboxMachine() } : {}),
      ...(address === undefined ? {} : { address }),
      ...(grace === undefined ? {} : { graceSeconds: Number(grace) }),
    },
  }
}

/** Also those of the cluster that NETDOJO_STORE names, before this machine has made a change. */
export async function knownRecords(): Promise<Records> {
  const [{ readRecords }, { stateDirectory }] = await Promise.all([
    import('../../network/read-records.ts'),
    import('./state-directory.ts'),
  ])
  const directory = stateDirectory()
  const { store } = await clusterOptions(directory)
  return await readRecords(directory, store?.options)
}

function variable(name: string): string | undefined {
  const value = process.env[name]
  return value === '' ? undefined : value
}

/** Starts `netdojo follow` in the background unless it runs. It ends when this machine has left its last network of the cluster. */
function startFollower(directory: string): void {
  if (isFollowed(directory)) return
  void spawnFollower(directory)
}

async function spawnFollower(directory: string): Promise<void> {
  const { spawnDaemon } = await import('../../exec/daemon.ts')
  const log = openSync(join(directory, 'follower.log'), 'a', 0o600)
  const start = join(import.meta.dirname, '../start.js')
  const words = [start, 'netdojo', 'follow', '--while-needed']
  const env = { ...process.env, NETDOJO_STATE_DIRECTORY: directory }
  spawnDaemon(process.execPath, words, {
    env,
    input: 'none',
    output: log,
    detached: true,
  }).unref()
  closeSync(log)
}

/** The follower writes its process id into its lock file. */
export function isFollowed(directory: string): boolean {
  try {
    const pid = readFileSync(join(directory, 'follower'), 'utf8').trim()
    return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('follow')
  } catch {
    return false
  }
}
