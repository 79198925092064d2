// Measures overlay networks: from the return of a connect until all other machines have its entries, a join with 10,000 endpoints, and the
// throughput of the tunnel beside the same by hand. `node bench/overlay.ts 3 10 50` names the numbers of machines.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { etcdStore } from '../lib/store/etcd/etcd.ts'
import { startEtcd, type Etcd } from '../test/helpers/etcd.ts'
import { addNamespace, makeWire, reaches, type Wire } from '../test/helpers/machines.ts'
import { sh } from '../test/helpers/sandbox.ts'
import { inside, sandboxed } from '../test/helpers/sandboxed.ts'
import { median, printTable } from './table.ts'

type Message = {
  readonly open?: true
  readonly done?: string
  readonly entry?: string
  readonly connected?: string
  readonly from: number
  readonly at: number
}

type Agent = {
  readonly process: ChildProcess
  readonly messages: Message[]
  ask(line: string): Promise<Message>
  opened(): Promise<Message>
  has(address: string): Promise<number>
}

const connects = 20
const endpoints = 10_000

if (process.env[inside] === '1') await measure(process.argv.slice(2).map(Number))
else {
  const { program, args, env } = sandboxed([process.execPath, ...process.argv.slice(1)])
  const { status } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit', 2], env })
  process.exitCode = status ?? 1
}

async function measure(counts: readonly number[]): Promise<void> {
  process.setMaxListeners(500)
  const rows: (readonly [string, ...string[]])[] = []
  for (const count of counts.length > 0 ? counts : [3, 10]) rows.push(await spread(count))
  printTable([
    ['machines', 'connect', 'entries on the first', 'on the median', 'on the last machine'],
    ...rows,
  ])
  await large()
  await throughput()
}

/** From the return of a connect on the first machine until each other one has the entries. */
async function spread(count: number): Promise<readonly [string, ...string[]]> {
  let url = ''
  using wire = makeWire(count, { endpoints: () => [url] })
  await using etcd = await startEtcd({ address: wire.address })
  url = etcd.endpoints[0] ?? ''
  const agents = wire.machines.map((_, index) => start(wire, etcd, index))
  await Promise.all(agents.map((agent) => agent.opened()))
  const [first, ...others] = agents
  await first?.ask('create')
  for (const [index, agent] of agents.entries()) await agent.ask(`connect ${path(`c${index}`)}`)
  const times: number[] = []
  const delays: (readonly number[])[] = []
  for (let round = 0; round < connects; round++) {
    const {
      connected = '',
      from,
      at,
    } = (await first?.ask(`connect ${path(`d${round}`)}`)) ?? {
      from: 0,
      at: 0,
    }
    times.push((at - from) / 1000)
    const seen = await Promise.all(others.map((agent) => agent.has(connected)))
    delays.push(seen.map((time) => (time - at) / 1000).toSorted((a, b) => a - b))
    if (round === 0 && !(await reaches(`c${count - 1}`, connected)))
      throw new Error('no answer across the tunnel')
  }
  const of = (pick: (sorted: readonly number[]) => number) =>
    `${median(delays.map(pick)).toFixed(1)} ms`
  for (const agent of agents) agent.process.kill()
  return [
    String(count),
    `${median(times).toFixed(1)} ms`,
    of((sorted) => sorted[0] ?? 0),
    of((sorted) => sorted[Math.floor(sorted.length / 2)] ?? 0),
    of((sorted) => sorted.at(-1) ?? 0),
  ]
}

/** A machine joins a network that has ten thousand endpoints on another one. */
async function large(): Promise<void> {
  let url = ''
  using wire = makeWire(2, { endpoints: () => [url] })
  await using etcd = await startEtcd({ address: wire.address })
  url = etcd.endpoints[0] ?? ''
  const [one, two] = [start(wire, etcd, 0), start(wire, etcd, 1)]
  await Promise.all([one.opened(), two.opened()])
  await one.ask('create')
  await one.ask(`connect ${path('c0')}`)
  await using store = etcdStore({ endpoints: [url] })
  const id = await store.read((transaction) => {
    const [found] = transaction.records<{ readonly owner: string }>('cluster/network/')
    return found?.[1].owner ?? ''
  })
  const other = { id: 'aaaaaaaa', name: 'large', address: '192.0.2.200', mtu: 1500, number: 99 }
  const from = performance.now()
  for (let at = 0; at < endpoints; at += 100)
    await store.update((transaction) => {
      transaction.setRecord(`cluster/machine/${other.id}`, other)
      for (let index = at; index < at + 100; index++) {
        const [high, low] = [64 + (index >> 8), index & 255]
        const address = `10.80.${high}.${low}`
        const mac = `02:00:00:00:${high.toString(16).padStart(2, '0')}:${low.toString(16).padStart(2, '0')}`
        transaction.setRecord(`address/${id}/4/${high.toString(16)}/${address}`, {
          owner: index.toString(16).padStart(16, '0'),
          host: other.id,
          address,
          mac,
          names: [`c${index}`],
        })
      }
    })
  const last = await one.has(`10.80.${64 + ((endpoints - 1) >> 8)}.${(endpoints - 1) & 255}`)
  console.log(
    `${endpoints} endpoints announced in ${Math.round(performance.now() - from)} ms, 100 a transaction; the follower had all entries ${Math.round((Number(process.hrtime.bigint() / 1000n) - last) / 1000)} ms before this line`,
  )
  const joined = await two.ask(`connect ${path('c1')}`)
  console.log(`a machine joins and connects: ${Math.round((joined.at - joined.from) / 1000)} ms`)
  const after = await two.ask(`connect ${path('c2')}`)
  console.log(`its next connect: ${((after.at - after.from) / 1000).toFixed(1)} ms`)
  console.log(
    `entries in its kernel: ${sh('ip -n m2 neighbour | grep -c PERMANENT').trim()} neighbours`,
  )
  console.log(
    `its follower: ${Math.round(Number(/VmRSS:\s+(\d+)/.exec(sh(`cat /proc/${two.process.pid}/status`))?.[1]) / 1024)} MB`,
  )
  for (const agent of [one, two]) agent.process.kill()
}

/** The tunnel of the library and one of four commands, in turns. */
async function throughput(): Promise<void> {
  let url = ''
  using wire = makeWire(2, { endpoints: () => [url] })
  await using etcd = await startEtcd({ address: wire.address })
  url = etcd.endpoints[0] ?? ''
  const [one, two] = [start(wire, etcd, 0), start(wire, etcd, 1)]
  await Promise.all([one.opened(), two.opened()])
  await one.ask('create')
  await one.ask(`connect ${path('c0')}`)
  const { connected = '' } = await two.ask(`connect ${path('c1')}`)
  await reaches('c0', connected)
  for (const [index, peer] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const [m, own, other] = [`m${index + 1}`, wire.machines[index], wire.machines[peer]]
    addNamespace(`ch${index}`)
    sh(`ip -n ${m} link add hand mtu 1450 type bridge && ip -n ${m} link set hand up
ip -n ${m} link add vxh mtu 1450 master hand type vxlan id 7 dstport 4790 local ${own?.address} nolearning
ip -n ${m} link set vxh up
bridge -n ${m} fdb append 00:00:00:00:00:00 dev vxh dst ${other?.address}
ip -n ${m} link add vh mtu 1450 master hand type veth peer name eth0 mtu 1450 netns ch${index}
ip -n ${m} link set vh up && ip -n ch${index} link set eth0 up && ip -n ch${index} link set lo up
ip -n ch${index} address add 10.90.0.${index + 1}/24 dev eth0`)
  }
  await reaches('ch0', '10.90.0.2')
  const rows: (readonly [string, ...string[]])[] = []
  const rates: Record<string, number[]> = { netdojo: [], 'by hand': [], 'the wire alone': [] }
  for (let round = 0; round < 3; round++) {
    rates.netdojo?.push(iperf('c0', 'c1', connected))
    rates['by hand']?.push(iperf('ch0', 'ch1', '10.90.0.2'))
    rates['the wire alone']?.push(iperf('m1', 'm2', wire.machines[1]?.address ?? ''))
  }
  for (const [name, each] of Object.entries(rates))
    rows.push([name, `${median(each).toFixed(2)} Gbit/s`])
  printTable([['TCP, one connection', 'throughput'], ...rows])
  for (const agent of [one, two]) agent.process.kill()
}

function iperf(client: string, server: string, to: string): number {
  sh(`ip netns exec ${server} iperf3 -s -1 -D >/dev/null 2>&1; sleep 0.3`)
  const text = sh(`ip netns exec ${client} iperf3 -c ${to} -t 3 -J`)
  return Number(/"sum_received":\s*\{[^}]*"bits_per_second":\s*([\d.e+]+)/.exec(text)?.[1]) / 1e9
}

function start(wire: Wire, etcd: Etcd, index: number): Agent {
  const machine = wire.machines[index]
  const program = `${import.meta.dirname}/overlay-machine.ts`
  const child = spawn(
    'ip',
    [
      'netns',
      'exec',
      machine?.name ?? '',
      process.execPath,
      program,
      machine?.directory ?? '',
      etcd.endpoints[0] ?? '',
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const messages: Message[] = []
  const waiting = new Set<() => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message: Message = JSON.parse(line)
    messages.push(message)
    for (const wake of waiting) wake()
  })
  const when = async (matches: (message: Message) => boolean): Promise<Message> => {
    for (;;) {
      const found = messages.find(matches)
      if (found) return found
      await new Promise<void>((resolve) => {
        const wake = () => {
          waiting.delete(wake)
          resolve()
        }
        waiting.add(wake)
      })
    }
  }
  const ask = async (line: string) => {
    const before = messages.length
    child.stdin.write(`${line}\n`)
    const isAnswer = (message: Message) =>
      messages.indexOf(message) >= before &&
      (message.done !== undefined || message.connected !== undefined)
    return when(isAnswer)
  }
  return {
    process: child,
    messages,
    ask,
    opened: () => when(({ open }) => open === true),
    has: async (address) => (await when(({ entry }) => entry === address)).at,
  }
}

function path(name: string): string {
  return `/run/netns/${addNamespace(name)}`
}
