// Starts the machines of bench/overlay.ts, each a process in a namespace on one wire, and speaks with them; an agent that dies ends the bench
// with an error.
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { startEtcd } from '../test/helpers/etcd.ts'
import { addNamespace, makeWire, type Wire } from '../test/helpers/machines.ts'

export type Message = {
  readonly open?: true
  readonly done?: string
  readonly entry?: string
  readonly connected?: string
  readonly from: number
  readonly at: number
  /** Milliseconds of the processor that the request took in its process. */
  readonly busy?: number
  /** How often it asked etcd. */
  readonly requests?: number
}

export type Agent = {
  readonly process: ChildProcess
  ask(line: string): Promise<Message>
  /** The time at which its kernel had the entries of the address. */
  has(address: string): Promise<number>
  /** Whether it may run: a stopped one leaves the processors to the others. */
  run(isRunning: boolean): void
}

export type Machines = {
  readonly wire: Wire
  readonly agents: readonly Agent[]
  readonly url: string
}

/** Runs the body with so many machines and one etcd; they end with it. */
export async function withAgents(
  count: number,
  body: (machines: Machines) => Promise<void>,
): Promise<void> {
  let url = ''
  using wire = makeWire(count, { endpoints: () => [url] })
  await using etcd = await startEtcd({ address: wire.address })
  url = etcd.endpoints[0] ?? ''
  const started = wire.machines.map(({ name, directory }) => start(name, directory, url))
  try {
    await Promise.all(started.map(({ opened }) => opened))
    await body({ wire, url, agents: started.map(({ agent }) => agent) })
  } finally {
    for (const { agent } of started) agent.process.kill('SIGKILL')
  }
}

function start(name: string, directory: string, url: string) {
  const program = `${import.meta.dirname}/overlay-machine.ts`
  const words = ['netns', 'exec', name, process.execPath, program, directory, url]
  const child = spawn('ip', words, { stdio: ['pipe', 'pipe', 'inherit'] })
  const messages: Message[] = []
  const waiting = new Set<() => void>()
  let end: Error | undefined
  const wakeAll = () => {
    for (const wake of waiting) wake()
  }
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message: Message = JSON.parse(line)
    messages.push(message)
    wakeAll()
  })
  child.stdin.on('error', () => {})
  child.once('exit', (code, signal) => {
    end = new Error(`the machine ${name} ended: ${signal ?? `exit code ${code}`}`)
    wakeAll()
  })
  const when = async (from: number, matches: (message: Message) => boolean): Promise<Message> => {
    for (;;) {
      const found = messages.slice(from).find(matches)
      if (found) return found
      if (end) throw end
      await new Promise<void>((resolve) => {
        const wake = () => {
          waiting.delete(wake)
          resolve()
        }
        waiting.add(wake)
      })
    }
  }
  const agent: Agent = {
    process: child,
    ask: (line) => {
      const from = messages.length
      child.stdin.write(`${line}\n`)
      return when(from, ({ done, connected }) => done !== undefined || connected !== undefined)
    },
    has: async (address) => (await when(0, ({ entry }) => entry === address)).at,
    run: (isRunning) => void child.kill(isRunning ? 'SIGCONT' : 'SIGSTOP'),
  }
  return { agent, opened: when(0, ({ open }) => open === true) }
}

/** A new namespace for a container, as the word of `connect`. */
export function path(name: string): string {
  return `/run/netns/${addNamespace(name)}`
}
