// Holds a fresh sandbox open inside a test's own, and names its nodes as a program outside of it enters them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Nodes } from '../../lib/fix/broken.ts'
import { nodesOf } from '../../lib/fix/world.ts'
import { inNamespaces } from '../../lib/sandbox/namespaces.ts'

type HeldWorld = AsyncDisposable & { readonly nodes: Nodes }

/** Starts no Node, so that a test can have many worlds. */
export async function holdWorld(): Promise<HeldWorld> {
  const { program, args, env } = inNamespaces(['sh', '-c', 'echo built; exec sleep 1000'])
  // Programs that are started inside find the lab's programs.
  process.env.PATH = env.PATH
  const holder = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let complaint = ''
  holder.stderr.on('data', (text: unknown) => (complaint += String(text)))
  const ended = once(holder, 'close')
  const built = await Promise.race([once(holder.stdout, 'data'), ended.then(() => undefined)])
  if (!built) throw new Error(`no sandbox: ${complaint}`)
  const end = async () => {
    holder.kill('SIGKILL')
    await ended
  }
  try {
    return { nodes: nodesIn(childOf(holder.pid ?? 0)), [Symbol.asyncDispose]: end }
  } catch (error) {
    await end()
    throw error
  }
}

/** Runs as root of the surrounding sandbox, who may enter the inner one. */
function nodesIn(pid: number): Nodes {
  const enter = ['nsenter', `--target=${pid}`, '--mount', '--uts', '--pid']
  const namespaceAt = (path: string) => ({
    // `ip netns exec` would mount a new /sys at each start.
    enter: [...enter, `--net=${path}`],
    identity: path,
    missing: 'the network namespace is not there\n',
  })
  return nodesOf(namespaceAt(`/proc/${pid}/ns/net`), (name) =>
    namespaceAt(`/proc/${pid}/root/run/netns/${name}`),
  )
}

/** unshare itself stays outside of the new PID namespace; its child is the first process there. */
function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0])
}
