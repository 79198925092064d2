// Holds a fresh sandbox open inside a test's own, and names its nodes as a program outside of it enters them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Nodes } from '../../lib/fix/broken.ts'
import { nodesOf } from '../../lib/fix/world.ts'
import { inNamespaces } from '../../lib/sandbox/namespaces.ts'

type HeldWorld = AsyncDisposable & { readonly nodes: Nodes }

/** It costs no Node of its own, so that a test can have many. */
export async function holdWorld(): Promise<HeldWorld> {
  const { program, args, env } = inNamespaces(['sh', '-c', 'echo built; exec sleep 1000'])
  // What we start in there finds the lab's programs.
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

/** As the root of the sandbox that we are in, who may enter what is in it. */
function nodesIn(pid: number): Nodes {
  const enter = ['nsenter', `--target=${pid}`, '--mount', '--uts', '--pid']
  const namespaceAt = (path: string) => ({
    // Not by `ip netns exec`, which mounts a /sys of its own for each start.
    enter: [...enter, `--net=${path}`],
    identity: path,
    missing: 'the network namespace is not there\n',
  })
  return nodesOf(namespaceAt(`/proc/${pid}/ns/net`), (name) =>
    namespaceAt(`/proc/${pid}/root/run/netns/${name}`),
  )
}

/** unshare stays outside of the PID namespace that it makes; its child is the first process there. */
function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0])
}
