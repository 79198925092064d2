// Starts servers and clients inside namespaces, to find out which of them can reach which.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { searchPath } from '../../lib/exec/search-path.ts'
import { sh } from './sandbox.ts'

const env = { ...process.env, PATH: searchPath() }
const talk = join(import.meta.dirname, 'talk.pl')

/** Creates a new namespace, in place of one that a failed test left, and returns its path. */
export function namespace(name: string): string {
  sh(`ip netns delete ${name} 2>/dev/null; ip netns add ${name}`)
  return `/run/netns/${name}`
}

function inside(netns: string | undefined, ...words: string[]): [string, string[]] {
  const all = netns === undefined ? words : ['nsenter', `--net=${netns}`, ...words]
  return [all[0] ?? '', all.slice(1)]
}

type Server = AsyncDisposable & { readonly process: ChildProcess }

/** Answers each TCP connection (or datagram) with `NAME sees ADDRESS`. */
export async function serve(
  netns: string | undefined,
  name: string,
  port: number,
  options: { readonly udp?: boolean; readonly address?: string } = {},
): Promise<Server> {
  const address = options.address ?? (options.udp ? '0.0.0.0' : '::')
  const protocol = options.udp ? 'udp' : 'tcp'
  const words = ['serve', protocol, address, String(port), name]
  const [program, args] = inside(netns, 'perl', talk, ...words)
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env })
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve)
    child.once('exit', () => reject(new Error(`the server ${name} did not start`)))
  })
  return {
    process: child,
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** The answer of the server, `undefined` without an answer within 0.7 s, or the code of an error. */
export function ask(
  netns: string | undefined,
  address: string,
  port: number,
  options: { readonly udp?: boolean; readonly from?: string; readonly fromPort?: number } = {},
): string | undefined {
  const to = [options.udp ? 'udp' : 'tcp', address, String(port)]
  const from = [options.from ?? '', String(options.fromPort ?? '')]
  const [program, args] = inside(netns, 'perl', talk, 'ask', ...to, ...from)
  try {
    return execFileSync(program, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env,
    }).trim()
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? String(error.stdout).trim() : ''
    return output || undefined
  }
}

export function pings(netns: string | undefined, address: string): boolean {
  const [program, args] = inside(netns, 'ping', '-n', '-c', '1', '-W', '1', address)
  try {
    execFileSync(program, args, { stdio: 'ignore', env })
    return true
  } catch {
    return false
  }
}
