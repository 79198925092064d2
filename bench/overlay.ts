// Measures overlay networks: from the return of a connect until all other machines have its entries, its cost for the machine that
// connects, a join with 10,000 endpoints, the throughput of the tunnel beside the same by hand, and Docker's swarm.
// `node bench/overlay.ts 3 10 50 large throughput swarm` names the parts; the default is `3 10 large throughput`.
import { spawnSync } from 'node:child_process'
import { etcdStore } from '../lib/store/etcd/etcd.ts'
import { addNamespace, reaches } from '../test/helpers/machines.ts'
import { sh } from '../test/helpers/sandbox.ts'
import { inside, sandboxed } from '../test/helpers/sandboxed.ts'
import { path, withAgents, type Agent, type Message } from './overlay-agents.ts'
import { swarm } from './overlay-swarm.ts'
import { median, printTable } from './table.ts'

const heads = [
  'machines',
  'connect',
  'first machine',
  'median',
  'last machine',
  'connect alone',
  'processor',
  'requests',
] as const
const connects = 20
const endpoints = 10_000

if (process.env[inside] === '1') await measure(process.argv.slice(2))
else {
  const { program, args, env } = sandboxed([process.execPath, ...process.argv.slice(1)])
  const { status } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit', 2], env })
  process.exitCode = status ?? 1
}

async function measure(words: readonly string[]): Promise<void> {
  process.setMaxListeners(500)
  const wanted = words.length > 0 ? words : ['3', '10', 'large', 'throughput']
  const counts = wanted.map(Number).filter((count) => count > 1)
  const rows: (readonly [string, ...string[]])[] = []
  for (const count of counts)
    await withAgents(count, async ({ agents }) => {
      await agents[0]?.ask('create')
      for (const [index, agent] of agents.entries()) await agent.ask(`connect ${path(`c${index}`)}`)
      rows.push(await spread(agents))
    })
  if (rows.length > 0) printTable([heads, ...rows])
  if (wanted.includes('large')) await large()
  if (wanted.includes('throughput')) await throughput()
  if (wanted.includes('swarm')) await swarm(iperf)
}

/**
 * From the return of a connect on the first machine until each other one has the entries. Then the same connect while the others are
 * stopped, since on one computer they take the processors from it.
 */
async function spread(agents: readonly Agent[]): Promise<readonly [string, ...string[]]> {
  const [first, ...others] = agents
  if (!first) throw new Error('there must be a machine')
  const all: Message[] = []
  const delays: (readonly number[])[] = []
  for (let round = 0; round < connects; round++) {
    const message = await first.ask(`connect ${path(`d${round}`)}`)
    all.push(message)
    const { connected = '', at } = message
    const seen = await Promise.all(others.map((agent) => agent.has(connected)))
    delays.push(seen.map((time) => (time - at) / 1000).toSorted((a, b) => a - b))
    if (round === 0 && !(await reaches(`c${others.length}`, connected)))
      throw new Error('no answer across the tunnel')
  }
  const alone: Message[] = []
  for (const agent of others) agent.run(false)
  // Less than the lease of a machine, which ends after 10 seconds.
  for (let round = 0; round < connects; round++)
    alone.push(await first.ask(`connect ${path(`ca${round}`)}`))
  for (const agent of others) agent.run(true)
  const time = ({ from, at }: Message) => (at - from) / 1000
  const of = (pick: (sorted: readonly number[]) => number) =>
    `${median(delays.map(pick)).toFixed(1)} ms`
  return [
    String(agents.length),
    `${median(all.map(time)).toFixed(1)} ms`,
    of((sorted) => sorted[0] ?? 0),
    of((sorted) => sorted[Math.floor(sorted.length / 2)] ?? 0),
    of((sorted) => sorted.at(-1) ?? 0),
    `${median(alone.map(time)).toFixed(1)} ms`,
    `${median(alone.map(({ busy = 0 }) => busy)).toFixed(1)} ms`,
    `${median(alone.map(({ requests = 0 }) => requests))}`,
  ]
}

/** A machine joins a network that has ten thousand endpoints on another one. */
async function large(): Promise<void> {
  await withAgents(2, async ({ agents: [one, two], url }) => {
    if (!one || !two) return
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
    const nexts: number[] = []
    for (let round = 2; round < 12; round++) {
      const next = await two.ask(`connect ${path(`c${round}`)}`)
      nexts.push((next.at - next.from) / 1000)
    }
    console.log(`its next connects: ${median(nexts).toFixed(1)} ms`)
    console.log(
      `entries in its kernel: ${sh('ip -n m2 neighbour | grep -c PERMANENT').trim()} neighbours`,
    )
    const status = sh(`cat /proc/${two.process.pid}/status`)
    console.log(`its follower: ${Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)} MB`)
  })
}

/** The tunnel of the library and one of four commands, in turns. */
async function throughput(): Promise<void> {
  await withAgents(2, async ({ agents: [one, two], wire }) => {
    if (!one || !two) return
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
  })
}

function iperf(client: string, server: string, to: string): number {
  sh(`ip netns exec ${server} iperf3 -s -1 -D >/dev/null 2>&1; sleep 0.3`)
  const text = sh(`ip netns exec ${client} iperf3 -c ${to} -t 3 -J`)
  return Number(/"sum_received":\s*\{[^}]*"bits_per_second":\s*([\d.e+]+)/.exec(text)?.[1]) / 1e9
}
