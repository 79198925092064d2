// Makes machines for tests of overlay networks: each is a network namespace on one wire with a state directory of its own; etcd is at
// the end of the wire that is this namespace.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '../../lib/exec/run.ts'
import { newDirectory } from './directory.ts'
import { startEtcd, type Etcd, type EtcdOptions } from './etcd.ts'
import { sh } from './sandbox.ts'
import { until } from './until.ts'

const start = join(import.meta.dirname, '../../lib/cli/start.js')

export type Wire = Disposable & {
  /** The address of this namespace on the wire, where etcd listens. */
  readonly address: string
  readonly machines: readonly TestMachine[]
}

export type Ran = { readonly code: number; readonly out: string; readonly err: string }

export type TestMachine = {
  readonly name: string
  readonly address: string
  readonly directory: string
  /** Runs a line in the machine's namespace. */
  sh(line: string): string
  /** `netdojo …` on the machine. */
  netdojo(...words: readonly string[]): Promise<Ran>
  /** The same, with an exit code of 0 expected. @returns its output */
  ok(...words: readonly string[]): Promise<string>
  /** Takes the machine off the wire, or puts it back. */
  cable(isIn: boolean): void
  /** Ends every process of the machine at once, as a power cut does; its interfaces stay silent. */
  die(): void
  follower(): number | undefined
  log(): string
}

export type WireOptions = {
  readonly endpoints: () => readonly string[]
  readonly family?: 4 | 6
  readonly mtu?: number
  readonly env?: Readonly<Record<string, string>>
}

/** @param count at most 200 */
export function makeWire(count: number, options: WireOptions): Wire {
  const { family = 4, mtu = 1500, env = {} } = options
  const at = (index: number) =>
    family === 4 ? `192.0.2.${index + 1}` : `2001:db8::${(index + 1).toString(16)}`
  const length = family === 4 ? 24 : 64
  const nodad = family === 6 ? ' nodad' : ''
  sh(
    `ip link add name wire mtu ${mtu} type bridge mcast_snooping 0 && ip link set wire up && ip address add ${at(0)}/${length} dev wire${nodad}`,
  )
  const machines = Array.from({ length: count }, (_, index): TestMachine => {
    const name = `m${index + 1}`
    const directory = join(newDirectory(), 'state')
    const address = at(index + 1)
    sh(`ip netns add ${name}
ip link add w-${name} mtu ${mtu} master wire type veth peer name eth0 mtu ${mtu} netns ${name}
ip link set w-${name} up
ip -n ${name} link set lo up
ip -n ${name} link set eth0 up
ip -n ${name} address add ${address}/${length} dev eth0${nodad}
ip -n ${name} route add default via ${at(0)}`)
    const follower = () => {
      try {
        const pid = Number(readFileSync(join(directory, 'follower'), 'utf8'))
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('follow') ? pid : undefined
      } catch {
        return undefined
      }
    }
    const netdojo = async (...words: readonly string[]): Promise<Ran> => {
      const result = await run(
        'ip',
        ['netns', 'exec', name, process.execPath, start, 'netdojo', ...words],
        {
          allowFailure: true,
          env: {
            NETDOJO_STATE_DIRECTORY: directory,
            NETDOJO_STORE: options.endpoints().join(','),
            ...env,
          },
        },
      )
      return { code: result.exitCode, out: result.stdout, err: result.stderr }
    }
    return {
      name,
      address,
      directory,
      netdojo,
      sh: (line) => sh(`ip netns exec ${name} sh -c '${line.replaceAll("'", String.raw`'\''`)}'`),
      ok: async (...words) => {
        const { code, out, err } = await netdojo(...words)
        if (code !== 0) throw new Error(`${name}: netdojo ${words.join(' ')}: ${code} ${err}`)
        return out
      },
      cable: (isIn) => void sh(`ip link set w-${name} ${isIn ? 'up' : 'down'}`),
      die: () => {
        for (const pid of sh(`ip netns pids ${name}`).trim().split('\n'))
          if (pid !== '') sh(`kill -9 ${pid} || true`)
      },
      follower,
      log: () => {
        try {
          return readFileSync(join(directory, 'follower.log'), 'utf8')
        } catch {
          return ''
        }
      },
    }
  })
  return {
    address: at(0),
    machines,
    [Symbol.dispose]: () => {
      for (const machine of machines) {
        machine.die()
        // The kernel removes the interfaces of a namespace a moment after its end, and the next test has the same names.
        sh(`ip link delete w-${machine.name}; ip netns delete ${machine.name}; true`)
      }
      sh('ip link delete wire; for n in $(ls /run/netns | grep ^[cd]); do ip netns delete $n; done')
    },
  }
}

export type ClusterOptions = Omit<WireOptions, 'endpoints'> & { readonly etcd?: EtcdOptions }

/** Runs the body with machines and their etcd; after a failure, it prints what their followers have logged. */
export async function onMachines(
  count: number,
  { etcd: options, ...wireOptions }: ClusterOptions,
  body: (
    machines: readonly [TestMachine, TestMachine, TestMachine],
    etcd: Etcd,
    wire: Wire,
  ) => Promise<void>,
): Promise<void> {
  let endpoints: readonly string[] = []
  using wire = makeWire(count, { ...wireOptions, endpoints: () => endpoints })
  await using etcd = await startEtcd({ address: wire.address, ...options })
  endpoints = etcd.endpoints
  const [one, two = one, three = two] = wire.machines
  if (!one || !two || !three) throw new Error('there must be a machine')
  try {
    await body([one, two, three], etcd, wire)
  } catch (error) {
    for (const machine of wire.machines) console.error(`${machine.name}: ${machine.log()}`)
    throw error
  }
}

/** The network `wide`, with c1 on the first machine and so on. */
export async function wide(...machines: readonly TestMachine[]): Promise<void> {
  await machines[0]?.ok('network', 'create', '-d', 'overlay', '--subnet', '10.80.0.0/16', 'wide')
  for (const [index, machine] of machines.entries()) {
    addNamespace(`c${index + 1}`)
    await machine.ok('network', 'connect', 'wide', `c${index + 1}`)
  }
}

/** Pings once from a namespace, with the same time for the answer on a busy machine. */
export async function pings(
  namespace: string,
  to: string,
  ...words: readonly string[]
): Promise<boolean> {
  const { exitCode } = await run(
    'ip',
    ['netns', 'exec', namespace, 'ping', '-n', '-c', '1', '-W', '1', ...words, to],
    { allowFailure: true },
  )
  return exitCode === 0
}

/** Waits until a ping from the namespace gets an answer. @returns the milliseconds until then, or undefined */
export async function reaches(
  namespace: string,
  to: string,
  seconds = 15,
): Promise<number | undefined> {
  const from = performance.now()
  const found = await until(() => pings(namespace, to), seconds)
  return found ? performance.now() - from : undefined
}

export async function isSilent(namespace: string, to: string, times = 2): Promise<boolean> {
  for (let time = 0; time < times; time++) {
    if (await pings(namespace, to)) return false
    await sleep(50)
  }
  return true
}

/** A namespace for a container; its network comes by `netdojo network connect`. */
export function addNamespace(name: string): string {
  sh(`ip netns add ${name}`)
  return name
}
