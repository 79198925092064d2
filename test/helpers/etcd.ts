// Starts etcd on the loopback of this namespace for a test, with one member or more, and stops it; the tests say when it is not installed.
import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { isInstalled } from '../../lib/exec/search-path.ts'
import { run } from '../../lib/exec/run.ts'
import { newDirectory } from './directory.ts'
import { until } from './until.ts'

export type Member = {
  readonly url: string
  /** Stops it as a crash does. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again with its data. */
  start(): Promise<void>
}

export type Etcd = AsyncDisposable & {
  readonly endpoints: readonly string[]
  readonly members: readonly Member[]
  /** `etcdctl …` @returns its output */
  ctl(...words: readonly string[]): Promise<string>
  /** Forgets the history. */
  compact(): Promise<void>
  /** Keeps a copy of the data of the only member. @returns what puts the copy back */
  backup(): Promise<() => Promise<void>>
}

export type EtcdOptions = {
  readonly members?: number
  /** The address at which the members listen; default 127.0.0.1. */
  readonly address?: string
  readonly words?: readonly string[]
  readonly scheme?: 'http' | 'https'
}

export const hasEtcd = isInstalled('etcd')

/** Prints one line where the tests of a file cannot run. */
export function withoutEtcd(): void {
  console.log(
    'not run: the tests with etcd, which is not installed (apt-get install etcd-server etcd-client)',
  )
}

export async function startEtcd(options: EtcdOptions = {}): Promise<Etcd> {
  const { members: count = 1, address = '127.0.0.1', words = [], scheme = 'http' } = options
  const directory = newDirectory()
  const host = address.includes(':') ? `[${address}]` : address
  const ports = await freePorts(2 * count, address)
  const plan = Array.from({ length: count }, (_, index) => ({
    name: `m${index}`,
    client: `${scheme}://${host}:${ports[2 * index]}`,
    peer: `http://${host}:${ports[2 * index + 1]}`,
  }))
  const cluster = plan.map(({ name, peer }) => `${name}=${peer}`).join(',')
  const members = plan.map(({ name, client, peer }) => {
    let running: ChildProcess | undefined
    const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
      const process = running
      running = undefined
      if (!process || process.exitCode !== null) return
      const ended = new Promise((resolve) => process.once('exit', resolve))
      process.ref()
      process.kill(signal)
      await ended
    }
    const start = async () => {
      const args = [
        ['--name', name],
        ['--data-dir', join(directory, name)],
        ['--listen-client-urls', client],
        ['--advertise-client-urls', client],
        ['--listen-peer-urls', peer],
        ['--initial-advertise-peer-urls', peer],
        ['--initial-cluster', cluster],
        ['--heartbeat-interval', '100'],
        ['--election-timeout', '1000'],
        ['--log-level', 'error'],
        words,
      ].flat()
      // A SIGKILL to the test ends it, too.
      running = spawn('setpriv', ['--pdeathsig=KILL', 'etcd', ...args], { stdio: 'ignore' })
      // A test file that stops it at its exit must come to its exit.
      running.unref()
    }
    return { url: client, kill, start }
  })
  const endpoints = members.map(({ url }) => url)
  const etcd: Etcd = {
    endpoints,
    members,
    ctl: (...words) => etcdctl(endpoints, ...words),
    compact: async () => {
      const status = await etcdctl(endpoints, 'endpoint', 'status', '--write-out=json')
      const revision = /"revision":(\d+)/.exec(status)?.[1] ?? '1'
      await etcdctl(endpoints, 'compact', '--physical', revision)
    },
    backup: async () => {
      const [copy, data] = [join(directory, 'copy'), join(directory, 'm0')]
      await members[0]?.kill()
      rmSync(copy, { recursive: true, force: true })
      cpSync(data, copy, { recursive: true })
      await members[0]?.start()
      return async () => {
        await members[0]?.kill()
        rmSync(data, { recursive: true })
        cpSync(copy, data, { recursive: true })
        await members[0]?.start()
      }
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(members.map((member) => member.kill()))
      rmSync(directory, { recursive: true, force: true })
    },
  }
  for (const member of members) await member.start()
  const isHealthy = () => answers(endpoints[0] ?? '')
  if (scheme === 'https' || (await until(isHealthy, 30))) return etcd
  await etcd[Symbol.asyncDispose]()
  throw new Error('etcd did not start')
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(`${endpoint}/health`, { signal: AbortSignal.timeout(1000) })
    return (await response.text()).includes('true')
  } catch {
    return false
  }
}

async function etcdctl(endpoints: readonly string[], ...words: readonly string[]): Promise<string> {
  const env = { ...process.env, ETCDCTL_API: '3' }
  const { stdout } = await run('etcdctl', [`--endpoints=${endpoints.join(',')}`, ...words], { env })
  return stdout
}

async function freePorts(count: number, address: string): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject)
          server.listen(0, address, () => {
            const bound = server.address()
            resolve(typeof bound === 'object' && bound ? bound.port : 0)
          })
        }),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
